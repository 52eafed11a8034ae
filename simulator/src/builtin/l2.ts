import { RetvalError } from '../errors.ts'
import type { BridgeDomain, BridgeFeatures, BridgeInit } from '../model/bridges.ts'
import { PORT_TYPE } from '../model/bridges.ts'
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

/** Bits of VPP's own that `bridge_flags` answers with, those of packets to drop and the like always set. */
const FEATURE_BITS: Readonly<Record<keyof BridgeFeatures, number>> = {
  flood: 1 << 2,
  arpUfwd: 1 << 3,
  arpTerm: 1 << 4,
  uuFlood: 1 << 5,
  forward: 1 << 7,
  learn: 1 << 9,
}
const UU_FORWARD_BIT = 1 << 6
const OTHER_BITS = 0xffff_fd03

function bitmapOf({ features, uuForward }: BridgeDomain): number {
  let bitmap = OTHER_BITS | (uuForward === undefined ? 0 : UU_FORWARD_BIT)
  for (const [name, bit] of Object.entries(FEATURE_BITS)) {
    if (features[name as keyof BridgeFeatures]) bitmap |= bit
  }
  return bitmap >>> 0
}

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
    const features = Object.fromEntries(chosen.map(([, name]) => [name, request.isSet]))
    return { resultingFeatureBitmap: bitmapOf(bridges.setFeatures(request.bdId, features)) }
  },

  sw_interface_set_l2_bridge: (
    request: { rxSwIfIndex: number; bdId: number; portType: number; shg: number; enable: boolean },
    { model: { bridges, interfaces } },
  ) => {
    const { rxSwIfIndex, bdId, portType, shg, enable } = request
    interfaces.get(rxSwIfIndex)
    if (portType > PORT_TYPE.UU_FWD) throw new RetvalError('INVALID_VALUE')
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
    else bridges.removeMac(bdId, mac, swIfIndex)
    return DONE
  },

  *l2_fib_table_dump(request: { bdId: number }, { model: { bridges } }) {
    for (const { bdId, macs } of bridges) {
      if (request.bdId !== NONE && request.bdId !== bdId) continue
      for (const mac of macs.values()) yield { bdId, ...mac }
    }
    if (request.bdId === NONE) for (const mac of bridges.orphans()) yield { bdId: NONE, ...mac }
  },

  l2fib_flush_all: (_request, { model: { bridges } }) => {
    bridges.flushMacs(() => true)
    return DONE
  },

  l2fib_flush_bd: ({ bdId }: { bdId: number }, { model: { bridges } }) => {
    if (bridges.find(bdId) === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    bridges.flushMacs(() => true, bdId)
    return DONE
  },

  l2fib_flush_int: ({ swIfIndex }: { swIfIndex: number }, { model: { bridges, interfaces } }) => {
    interfaces.get(swIfIndex)
    bridges.flushMacs((it) => it.swIfIndex === swIfIndex)
    return DONE
  },
}
