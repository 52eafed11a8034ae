/** `FIB_API_PATH_TYPE_DROP`: a VPP without interfaces takes it. */
const DROP = 5

/** A host route below 20.0.0.0/8; the peers program the same ones. */
export function route(index, isAdd) {
  const prefix = `20.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/32`
  return { isAdd, route: { prefix, paths: [{ swIfIndex: 0xffffffff, type: DROP, weight: 1 }] } }
}
