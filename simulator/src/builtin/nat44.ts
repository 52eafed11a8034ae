import { RetvalError } from '../errors.ts'
import type { Backend, StaticMapping } from '../model/nat-static.ts'
import { NONE } from '../model/nat-static.ts'
import type { BalancedMapping, NatConfig, NatSession } from '../model/nat44.ts'
import type { NatTimeouts } from '../model/nat64.ts'
import { addressesBetween } from '../model/nat64.ts'
import type { Run } from '../server/run.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

/** `NAT_IS_…` */
const TWICE_NAT = 0x01
const OUTSIDE = 0x10
const INSIDE = 0x20
const STATIC = 0x40
const EXT_HOST_VALID = 0x80
/** `NAT44_IS_ENDPOINT_DEPENDENT` */
const ENDPOINT_DEPENDENT = 1
/** Times of sessions that were put in are of no interest. */
const NEVER = 0n

/** Requests that add or delete something. */
type Change<T> = T & { readonly isAdd: boolean }

/** A mapping by the fields of a request of either mode. */
export function mappingOf(request: StaticMapping): StaticMapping {
  const { flags, localIpAddress, externalIpAddress, protocol, localPort, externalPort } = request
  const { externalSwIfIndex, vrfId, tag } = request
  const mapping = { flags, localIpAddress, externalIpAddress, protocol, localPort, externalPort }
  return { ...mapping, externalSwIfIndex, vrfId, tag }
}

/** Fields of an identity mapping. */
export interface WireIdentity {
  readonly flags: number
  readonly ipAddress: string
  readonly protocol: number
  readonly port: number
  readonly swIfIndex: number
  readonly vrfId: number
  readonly tag: string
}

/** An identity mapping as the mapping of an address to itself. */
export function mappingOfIdentity(request: WireIdentity): StaticMapping {
  const { flags, ipAddress, protocol, port, swIfIndex, vrfId, tag } = request
  const external = swIfIndex === NONE ? ipAddress : '0.0.0.0'
  const ends = { localIpAddress: external, localPort: port, externalIpAddress: external, externalPort: port }
  return { flags, ...ends, protocol, externalSwIfIndex: swIfIndex, vrfId, tag }
}

/** An identity mapping by the names of the API. */
export function identityOf(mapping: StaticMapping): WireIdentity {
  const { flags, localIpAddress, localPort, protocol, externalSwIfIndex, vrfId, tag } = mapping
  return {
    flags,
    ipAddress: localIpAddress,
    port: localPort,
    protocol,
    swIfIndex: externalSwIfIndex,
    vrfId,
    tag,
  }
}

/** Fields that name a session. */
export interface WireSession {
  readonly address: string
  readonly protocol: number
  readonly port: number
  readonly vrfId: number
  readonly extHostAddress: string
  readonly extHostPort: number
}

/** Whether a session is the one that a request names by its inside. */
export function isNamed(asked: WireSession): (session: NatSession) => boolean {
  return (it) =>
    it.insideIpAddress === asked.address &&
    it.insidePort === asked.port &&
    it.protocol === asked.protocol &&
    it.vrfId === asked.vrfId &&
    it.extHostAddress === asked.extHostAddress &&
    it.extHostPort === asked.extHostPort
}

/** What all details of sessions have. */
export function endsOf(session: NatSession): object {
  const { insideIpAddress, insidePort, outsideIpAddress, outsidePort } = session
  const { extHostAddress, extHostPort, protocol } = session
  const ends = { insideIpAddress, insidePort, outsideIpAddress, outsidePort }
  return { ...ends, extHostAddress, extHostPort, protocol }
}

/** Users with the number of their sessions. */
export function usersOf(sessions: readonly NatSession[]): object[] {
  const users = new Map<
    string,
    { ipAddress: string; vrfId: number; nsessions: number; nstaticsessions: number }
  >()
  for (const { insideIpAddress: ipAddress, vrfId, isStatic } of sessions) {
    const key = `${ipAddress} ${vrfId}`
    const user = users.get(key) ?? { ipAddress, vrfId, nsessions: 0, nstaticsessions: 0 }
    if (isStatic) user.nstaticsessions++
    else user.nsessions++
    users.set(key, user)
  }
  return [...users.values()]
}

/** The threads that translate, of which there are several or none. */
export function workersOf({ model: { hardware } }: Run): object[] {
  const { workers } = hardware
  if (workers < 2) return []
  return Array.from({ length: workers }, (_, index) => ({
    workerIndex: index,
    lcoreId: index + 1,
    name: `vpp_wk_${index}`,
  }))
}

function sessionsOf(address: string, { model: { nat44 } }: Run): object[] {
  return nat44.sessions
    .filter(({ insideIpAddress }) => insideIpAddress === address)
    .map((it) => ({
      ...endsOf(it),
      flags: EXT_HOST_VALID | (it.isStatic ? STATIC : 0),
      lastHeard: NEVER,
      totalBytes: NEVER,
    }))
}

const addDelMapping: BuiltIn = (request: Change<StaticMapping>, { model: { nat44 } }) => {
  if (request.isAdd) nat44.addMapping(mappingOf(request))
  else nat44.removeMapping(mappingOf(request))
  return DONE
}

const sessionDump: BuiltIn = ({ ipAddress }: { ipAddress: string }, run) => sessionsOf(ipAddress, run)

function swapped(number: number): number {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes.readUInt32LE()
}

/** Configuration of endpoint-dependent NAT44. */
export const nat44: BuiltIns = {
  nat44_ed_plugin_enable_disable: (
    { enable, ...request }: NatConfig & { enable: boolean },
    { model: { nat44 } },
  ) => {
    const { insideVrf, outsideVrf, sessions, flags } = request
    nat44.setEnabled(enable, { insideVrf, outsideVrf, sessions, flags })
    return DONE
  },

  nat44_add_del_static_mapping: addDelMapping,
  nat44_add_del_static_mapping_v2: addDelMapping,

  nat44_static_mapping_dump: (_request, { model: { nat44 } }) => nat44.mappings().map(mappingOf),

  nat44_add_del_identity_mapping: (request: Change<WireIdentity>, { model: { nat44 } }) => {
    if (request.isAdd) nat44.addMapping(mappingOfIdentity(request), true)
    else nat44.removeMapping(mappingOfIdentity(request), true)
    return DONE
  },

  nat44_identity_mapping_dump: (_request, { model: { nat44 } }) => nat44.identityMappings().map(identityOf),

  nat44_add_del_lb_static_mapping: (request: Change<BalancedMapping>, { model: { nat44 } }) => {
    if (request.isAdd) nat44.addBalanced(request)
    else nat44.removeBalanced(request)
    return DONE
  },

  nat44_lb_static_mapping_add_del_local: (
    request: Change<BalancedMapping> & { local: Backend },
    { model: { nat44 } },
  ) => {
    const { addr, port, probability, vrfId } = request.local
    if (request.isAdd) nat44.addBackend(request, { addr, port, probability, vrfId })
    else nat44.removeBackend(request, { addr, port, probability, vrfId })
    return DONE
  },

  nat44_lb_static_mapping_dump: (_request, { model: { nat44 } }) =>
    nat44.balancedMappings().map((it) => ({
      externalAddr: it.externalIpAddress,
      externalPort: it.externalPort,
      protocol: it.protocol,
      flags: it.flags,
      // VPP does not tell the affinity.
      tag: it.tag,
      locals: [...it.locals],
    })),

  nat44_add_del_address_range: (
    request: { firstIpAddress: string; lastIpAddress: string; vrfId: number; isAdd: boolean; flags: number },
    { model: { nat44 } },
  ) => {
    const { firstIpAddress, lastIpAddress, vrfId, isAdd, flags } = request
    const isTwiceNat = (flags & TWICE_NAT) !== 0
    for (const address of addressesBetween(firstIpAddress, lastIpAddress)) {
      if (isAdd) nat44.addAddress(address, isTwiceNat, vrfId)
      else nat44.removeAddress(address, isTwiceNat)
    }
    return DONE
  },

  nat44_address_dump: (_request, { model: { nat44 } }) => [
    ...nat44.addresses.map((it) => ({ ...it, flags: 0 })),
    ...nat44.twiceNatAddresses.map((it) => ({ ...it, flags: TWICE_NAT })),
  ],

  nat44_add_del_interface_addr: (
    { isAdd, swIfIndex, flags }: Change<{ swIfIndex: number; flags: number }>,
    { model: { nat44 } },
  ) => {
    const isTwiceNat = (flags & TWICE_NAT) !== 0
    if (isAdd) nat44.addInterfaceAddress(swIfIndex, isTwiceNat)
    else nat44.removeInterfaceAddress(swIfIndex, isTwiceNat)
    return DONE
  },

  nat44_interface_addr_dump: (_request, { model: { nat44 } }) =>
    nat44.interfaceAddresses.map(({ swIfIndex, isTwiceNat }) => ({
      swIfIndex,
      flags: isTwiceNat ? TWICE_NAT : 0,
    })),

  nat44_interface_add_del_feature: (
    request: Change<{ flags: number; swIfIndex: number }>,
    { model: { nat44 } },
  ) => {
    nat44.setFeature(request.swIfIndex, (request.flags & INSIDE) !== 0, request.isAdd)
    return DONE
  },

  nat44_interface_dump: (_request, { model: { nat44 } }) =>
    Array.from(nat44.sides.features, ({ swIfIndex, inside, outside }) => ({
      swIfIndex,
      flags: (inside ? INSIDE : 0) | (outside ? OUTSIDE : 0),
    })),

  nat44_ed_add_del_output_interface: (
    { isAdd, swIfIndex }: Change<{ swIfIndex: number }>,
    { model: { nat44 } },
  ) => {
    nat44.setOutput(swIfIndex, isAdd)
    return DONE
  },

  nat44_ed_output_interface_get: (_request, { model: { nat44 } }) => ({
    reply: { retval: 0, cursor: NONE },
    details: Array.from(nat44.sides.outputs, ({ swIfIndex }) => ({ swIfIndex })),
  }),

  nat44_show_running_config: (_request, { model: { nat44, ipfix } }) => ({
    insideVrf: nat44.config.insideVrf,
    outsideVrf: nat44.config.outsideVrf,
    sessions: nat44.config.sessions,
    translationBuckets: nat44.translationBuckets,
    forwardingEnabled: nat44.forwarding,
    // VPP tells the opposite.
    ipfixLoggingEnabled: !ipfix.nat,
    timeouts: nat44.timeouts,
    flags: ENDPOINT_DEPENDENT,
  }),

  nat44_forwarding_enable_disable: ({ enable }: { enable: boolean }, { model: { nat44 } }) => {
    nat44.forwarding = enable
    return DONE
  },

  nat_set_timeouts: (request: NatTimeouts, { model: { nat44 } }) => {
    const { udp, tcpEstablished, tcpTransitory, icmp } = request
    nat44.timeouts = { udp, tcpEstablished, tcpTransitory, icmp }
    return DONE
  },

  nat_ipfix_enable_disable: ({ enable }: { enable: boolean }, { model: { ipfix } }) => {
    ipfix.nat = enable
    return DONE
  },

  nat_set_mss_clamping: (
    { mssValue, enable }: { mssValue: number; enable: boolean },
    { model: { nat44 } },
  ) => {
    nat44.mssClamping = enable ? mssValue : 0
    return DONE
  },

  nat_get_mss_clamping: (_request, { model: { nat44 } }) => ({
    retval: 0,
    mssValue: nat44.mssClamping,
    enable: nat44.mssClamping !== 0,
  }),

  nat44_set_session_limit: (
    { sessionLimit, vrfId }: { sessionLimit: number; vrfId: number },
    { model: { nat44 } },
  ) => {
    nat44.setSessionLimit(vrfId, sessionLimit)
    return DONE
  },

  nat_set_workers: (_request, run) => {
    if (workersOf(run).length === 0) throw new RetvalError('FEATURE_DISABLED')
    return DONE
  },

  nat_worker_dump: (_request, run) => workersOf(run),

  nat44_ed_add_del_vrf_table: (
    { tableVrfId, isAdd }: Change<{ tableVrfId: number }>,
    { model: { nat44 } },
  ) => {
    nat44.setVrfTable(tableVrfId, isAdd)
    return DONE
  },

  nat44_ed_add_del_vrf_route: (
    { tableVrfId, vrfId, isAdd }: Change<{ tableVrfId: number; vrfId: number }>,
    { model: { nat44 } },
  ) => {
    nat44.setVrfRoute(tableVrfId, vrfId, isAdd)
    return DONE
  },

  // VPP leaves the table out, and turns the others around.
  nat44_ed_vrf_tables_dump: (_request, { model: { nat44 } }) =>
    Array.from(nat44.vrfTables, ({ routes }) => ({ vrfIds: Array.from(routes, swapped) })),

  // VPP answers with the details of the older dump.
  nat44_ed_vrf_tables_v2_dump: (_request, { model: { nat44 } }, call) => {
    for (const { tableVrfId, routes } of nat44.vrfTables)
      call.send('nat44_ed_vrf_tables_details', { tableVrfId, vrfIds: [...routes] })
    return []
  },

  nat44_ed_set_fq_options: ({ frameQueueNelts }: { frameQueueNelts: number }, { model: { nat44 } }) => {
    nat44.setFrameQueueSize(frameQueueNelts)
    return DONE
  },

  nat44_ed_show_fq_options: (_request, { model: { nat44 } }) => ({
    retval: 0,
    frameQueueNelts: nat44.frameQueueSize,
  }),

  nat44_user_dump: (_request, { model: { nat44 } }) => usersOf(nat44.sessions),
  nat44_user_session_dump: sessionDump,
  nat44_user_session_v2_dump: sessionDump,
  nat44_user_session_v3_dump: ({ ipAddress }: { ipAddress: string }, run) =>
    sessionsOf(ipAddress, run).map((it) => ({ ...it, timeSinceLastHeard: NEVER })),

  nat44_del_session: (request: WireSession, { model: { nat44 } }) => {
    nat44.removeSession(isNamed(request))
    return DONE
  },
}
