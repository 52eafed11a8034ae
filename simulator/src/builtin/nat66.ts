import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

/** `NAT_IS_INSIDE`; VPP tells no flag of the other side. */
const INSIDE = 0x20

/** Translation of IPv6 addresses. */
export const nat66: BuiltIns = {
  nat66_plugin_enable_disable: (
    { outsideVrf, enable }: { outsideVrf: number; enable: boolean },
    { model: { nat66: nat } },
  ) => {
    if (enable) nat.enable(outsideVrf)
    else nat.disable()
    return DONE
  },

  nat66_add_del_interface: (
    { isAdd, flags, swIfIndex }: { isAdd: boolean; flags: number; swIfIndex: number },
    { model: { nat66: nat } },
  ) => {
    if (isAdd) nat.addSide(swIfIndex, (flags & INSIDE) !== 0)
    else nat.removeSide(swIfIndex)
    return DONE
  },

  nat66_interface_dump: (_request, { model: { nat66: nat } }) =>
    [...nat.sides].map(({ swIfIndex, isInside }) => ({ flags: isInside ? INSIDE : 0, swIfIndex })),

  nat66_add_del_static_mapping: (
    request: { isAdd: boolean; localIpAddress: string; externalIpAddress: string; vrfId: number },
    { model: { nat66: nat } },
  ) => {
    const { isAdd, localIpAddress: local, externalIpAddress: external, vrfId } = request
    if (isAdd) nat.addMapping({ local, external, vrfId })
    else nat.removeMapping({ local, external, vrfId })
    return DONE
  },

  nat66_static_mapping_dump: (_request, { model: { nat66: nat } }) =>
    [...nat.mappings].map(({ local, external, vrfId }) => ({
      localIpAddress: local,
      externalIpAddress: external,
      vrfId,
    })),
}
