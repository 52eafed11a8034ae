import { RetvalError } from '../errors.ts'
import type { Model } from '../model/model.ts'
import { familyOf } from '../model/prefix.ts'
import { PATH_TYPE, makePath } from '../model/route.ts'
import type { Path, PathLabel } from '../model/route.ts'
import { NONE } from './built-in.ts'

/** `FIB_API_PATH_NH_PROTO_IP6` */
const IP6 = 1

/** A path as messages have it. */
export interface WirePath {
  readonly swIfIndex: number
  readonly tableId: number
  readonly weight: number
  readonly preference: number
  readonly type: number
  readonly flags: number
  readonly proto: number
  readonly nh: { readonly address: { readonly ip4: string; readonly ip6: string } }
  readonly nLabels: number
  readonly labelStack: readonly PathLabel[]
}

/** What a message says of a path. @throws RetvalError -54 for an unknown interface, -3 for an unknown table of the next hop */
export function readPath(path: WirePath, { interfaces, fib }: Model): Path {
  const { swIfIndex, tableId, weight, preference, type, flags, proto, nh } = path
  const labels = path.labelStack.slice(0, path.nLabels)
  const common = { weight: weight === 0 ? 1 : weight, preference, type, flags, proto, labels }
  if (type === PATH_TYPE.LOCAL) return makePath({ ...common, swIfIndex })
  if (type !== PATH_TYPE.NORMAL) return makePath(common)
  if (swIfIndex !== NONE && interfaces.find(swIfIndex) === undefined) {
    throw new RetvalError('NO_MATCHING_INTERFACE')
  }
  const address = proto === IP6 ? nh.address.ip6 : nh.address.ip4
  const nextHop = address === '0.0.0.0' || address === '::' ? undefined : address
  if (swIfIndex === NONE) fib.table(proto === IP6 ? 6 : 4, tableId)
  return makePath({ ...common, swIfIndex, tableId, nextHop })
}

/** A path as details have it. */
export function writePath(path: Path): object {
  // VPP keeps no flags of a path that it could tell.
  const { swIfIndex, weight, preference, type, proto, nextHop, labels } = path
  const looksUp = swIfIndex === NONE && type === PATH_TYPE.NORMAL
  return {
    swIfIndex,
    ...(looksUp ? { tableId: path.tableId } : {}),
    weight,
    preference,
    type,
    proto,
    ...(nextHop === undefined
      ? {}
      : { nh: { address: { [familyOf(nextHop) === 4 ? 'ip4' : 'ip6']: nextHop } } }),
    ...(labels.length === 0 ? {} : { nLabels: labels.length, labelStack: labels }),
  }
}
