import type { BridgeDomain, BridgeFeatures, BridgeInit } from '../model/bridges.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface AddDel extends BridgeFeatures {
  readonly bdId: number
  readonly macAge: number
  readonly bdTag: string
  readonly isAdd: boolean
}

/** `BRIDGE_API_FLAG_…` */
const FLAGS: readonly (readonly [number, keyof BridgeFeatures])[] = [
  [1, 'learn'],
  [2, 'forward'],
  [4, 'flood'],
  [8, 'uuFlood'],
  [16, 'arpTerm'],
  [32, 'arpUfwd'],
]

function initOf(request: AddDel): BridgeInit {
  const { flood, uuFlood, forward, learn, arpTerm, arpUfwd = false, macAge, bdTag } = request
  return { flood, uuFlood, forward, learn, arpTerm, arpUfwd, macAge, tag: bdTag }
}

function detailsOf({ bdId, features, macAge, tag, bvi, uuForward, members }: BridgeDomain): object {
  return {
    bdId,
    ...features,
    macAge,
    bdTag: tag,
    bviSwIfIndex: bvi ?? NONE,
    uuFwdSwIfIndex: uuForward ?? NONE,
    swIfDetails: members,
  }
}

/** Bridge domains and cross connects. */
export const l2: BuiltIns = {
  bridge_domain_add_del: (request: AddDel, { model: { bridges } }) => {
    if (request.isAdd) bridges.add(request.bdId, initOf(request))
    else bridges.delete(request.bdId)
    return DONE
  },

  bridge_domain_add_del_v2: (request: AddDel, { model: { bridges } }) =>
    orRefuse({ bdId: request.bdId }, () => {
      const { isAdd, bdId } = request
      if (isAdd) return { bdId: bridges.add(bdId === NONE ? undefined : bdId, initOf(request)).bdId }
      bridges.delete(bdId)
      return { bdId }
    }),

  // VPP finds nothing when it is asked for the bridge domain of an interface.
  bridge_domain_dump: (request: { bdId: number; swIfIndex: number }, { model: { bridges } }) =>
    [...bridges]
      .filter(({ bdId }) => request.bdId === NONE || bdId === request.bdId)
      .filter(() => request.swIfIndex === NONE)
      .map(detailsOf),

  bridge_domain_set_mac_age: (request: { bdId: number; macAge: number }, { model: { bridges } }) => {
    bridges.setMacAge(request.bdId, request.macAge)
    return DONE
  },

  bridge_flags: (request: { bdId: number; isSet: boolean; flags: number }, { model: { bridges } }) => {
    const chosen = FLAGS.filter(([bit]) => (request.flags & bit) !== 0)
    const features = bridges.setFeatures(
      request.bdId,
      Object.fromEntries(chosen.map(([, name]) => [name, request.isSet])),
    )
    const bitmap = FLAGS.filter(([, name]) => features[name]).reduce((sum, [bit]) => sum | bit, 0)
    return { resultingFeatureBitmap: bitmap }
  },

  sw_interface_set_l2_bridge: (
    request: { rxSwIfIndex: number; bdId: number; portType: number; shg: number; enable: boolean },
    { model: { bridges, interfaces } },
  ) => {
    const { rxSwIfIndex, bdId, portType, shg, enable } = request
    interfaces.get(rxSwIfIndex)
    if (enable) bridges.join(rxSwIfIndex, bdId, portType, shg)
    else bridges.leave(rxSwIfIndex)
    return DONE
  },

  sw_interface_set_l2_xconnect: (
    request: { rxSwIfIndex: number; txSwIfIndex: number; enable: boolean },
    { model: { bridges, interfaces } },
  ) => {
    const { rxSwIfIndex, txSwIfIndex, enable } = request
    interfaces.get(rxSwIfIndex)
    if (enable) bridges.crossConnect(rxSwIfIndex, txSwIfIndex)
    else bridges.leave(rxSwIfIndex)
    return DONE
  },

  l2_xconnect_dump: (_request, { model: { bridges } }) =>
    bridges.crossConnects().map(([rxSwIfIndex, txSwIfIndex]) => ({ rxSwIfIndex, txSwIfIndex })),

  l2fib_add_del: (
    request: {
      mac: string
      bdId: number
      swIfIndex: number
      isAdd: boolean
      staticMac: boolean
      filterMac: boolean
      bviMac: boolean
    },
    { model: { bridges } },
  ) => {
    const { mac, bdId, swIfIndex, isAdd, staticMac, filterMac, bviMac } = request
    if (isAdd) bridges.addMac(bdId, { mac, swIfIndex, staticMac, filterMac, bviMac })
    else bridges.removeMac(bdId, mac)
    return DONE
  },

  l2_fib_table_dump: ({ bdId }: { bdId: number }, { model: { bridges } }) =>
    (bridges.find(bdId)?.macs ?? []).map((mac) => ({ bdId, ...mac })),
}
