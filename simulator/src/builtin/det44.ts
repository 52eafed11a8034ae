import type { Det44Flow, Det44MapInit } from '../model/det44.ts'
import type { NatTimeouts } from '../model/nat64.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, orRefuse } from './built-in.ts'

/** Deterministic translation of IPv4. */
export const det44: BuiltIns = {
  det44_plugin_enable_disable: (
    { insideVrf, outsideVrf, enable }: { insideVrf: number; outsideVrf: number; enable: boolean },
    { model: { det44: nat } },
  ) => {
    if (enable) nat.enable(insideVrf, outsideVrf)
    else nat.disable()
    return DONE
  },

  det44_interface_add_del_feature: (
    { isAdd, isInside, swIfIndex }: { isAdd: boolean; isInside: boolean; swIfIndex: number },
    { model: { det44: nat } },
  ) => {
    if (isAdd) nat.addSide(swIfIndex, isInside)
    else nat.removeSide(swIfIndex, isInside)
    return DONE
  },

  det44_interface_dump: (_request, { model: { det44: nat } }) =>
    nat.sides.map(({ swIfIndex, isInside }) => ({ isInside, isOutside: !isInside, swIfIndex })),

  det44_add_del_map: ({ isAdd, ...map }: Det44MapInit & { isAdd: boolean }, { model: { det44: nat } }) => {
    if (isAdd) nat.addMap(map)
    else nat.removeMap(map)
    return DONE
  },

  det44_map_dump: (_request, { model: { det44: nat } }) =>
    nat.maps.map((map) => ({ ...map, sesNum: nat.count(map) })),

  det44_forward: ({ inAddr }: { inAddr: string }, { model: { det44: nat } }) => nat.forward(inAddr),

  det44_reverse: ({ outAddr, outPort }: { outAddr: string; outPort: number }, { model: { det44: nat } }) =>
    orRefuse({}, () => ({ inAddr: nat.reverse(outAddr, outPort) })),

  det44_set_timeouts: (request: NatTimeouts, { model: { det44: nat } }) => {
    nat.setTimeouts(request)
    return DONE
  },

  det44_get_timeouts: (_request, { model: { det44: nat } }) => nat.timeouts,

  det44_session_dump: ({ userAddr }: { userAddr: string }, { model: { det44: nat } }) =>
    nat.sessionsOf(userAddr).map(({ inAddr: _user, ...session }) => session),

  det44_close_session_in: (request: Det44Flow, { model: { det44: nat } }) => {
    nat.closeInside(request)
    return DONE
  },

  det44_close_session_out: (
    request: { outAddr: string; outPort: number; extAddr: string; extPort: number },
    { model: { det44: nat } },
  ) => {
    nat.closeOutside(request)
    return DONE
  },
}
