import { RetvalError } from '../errors.ts'
import { NONE } from '../model/nat-static.ts'
import type { StaticMapping } from '../model/nat-static.ts'
import type { NatEiConfig, PortAllocation } from '../model/nat44-ei.ts'
import { addressesBetween } from '../model/nat64.ts'
import type { NatTimeouts } from '../model/nat64.ts'
import type { Run } from '../server/run.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'
import { endsOf, identityOf, isNamed, mappingOf, mappingOfIdentity, usersOf, workersOf } from './nat44.ts'
import type { WireIdentity, WireSession } from './nat44.ts'

/** `NAT44_EI_…` */
const INSIDE = 0x10
const OUTSIDE = 0x20
const STATIC = 0x40
/** Times of sessions that were put in are of no interest. */
const NEVER = 0n

/** Requests that add or delete something. */
type Change<T> = T & { readonly isAdd: boolean }

function sessionsOf(address: string, { model: { nat44Ei } }: Run): object[] {
  return nat44Ei.sessions
    .filter(({ insideIpAddress }) => insideIpAddress === address)
    .map((it) => ({
      ...endsOf(it),
      flags: it.isStatic ? STATIC : 0,
      lastHeard: NEVER,
      totalBytes: NEVER,
    }))
}

const sessionDump: BuiltIn = ({ ipAddress }: { ipAddress: string }, run) => sessionsOf(ipAddress, run)

/** Configuration of endpoint-independent NAT44. */
export const nat44Ei: BuiltIns = {
  nat44_ei_plugin_enable_disable: (
    request: NatEiConfig & { enable: boolean },
    { model: { nat44Ei: nat } },
  ) => {
    const { insideVrf, outsideVrf, sessions, users, userSessions, flags } = request
    nat.setEnabled(request.enable, { insideVrf, outsideVrf, sessions, users, userSessions, flags })
    return DONE
  },

  nat44_ei_show_running_config: (_request, { model: { nat44Ei: nat, ipfix } }) => ({
    ...nat.config,
    userBuckets: nat.userBuckets,
    translationBuckets: nat.translationBuckets,
    forwardingEnabled: nat.forwarding,
    // VPP tells the opposite.
    ipfixLoggingEnabled: !ipfix.nat,
    timeouts: nat.timeouts,
  }),

  nat44_ei_forwarding_enable_disable: ({ enable }: { enable: boolean }, { model: { nat44Ei: nat } }) => {
    nat.forwarding = enable
    return DONE
  },

  nat44_ei_set_timeouts: (request: NatTimeouts, { model: { nat44Ei: nat } }) => {
    const { udp, tcpEstablished, tcpTransitory, icmp } = request
    nat.timeouts = { udp, tcpEstablished, tcpTransitory, icmp }
    return DONE
  },

  nat44_ei_ipfix_enable_disable: ({ enable }: { enable: boolean }, { model: { ipfix } }) => {
    ipfix.nat = enable
    return DONE
  },

  nat44_ei_set_mss_clamping: (
    { mssValue, enable }: { mssValue: number; enable: boolean },
    { model: { nat44Ei: nat } },
  ) => {
    nat.mssClamping = enable ? mssValue : 0
    return DONE
  },

  nat44_ei_get_mss_clamping: (_request, { model: { nat44Ei: nat } }) => ({
    retval: 0,
    mssValue: nat.mssClamping,
    enable: nat.mssClamping !== 0,
  }),

  nat44_ei_set_addr_and_port_alloc_alg: (request: PortAllocation, { model: { nat44Ei: nat } }) => {
    nat.setAllocation(request)
    return DONE
  },

  nat44_ei_get_addr_and_port_alloc_alg: (_request, { model: { nat44Ei: nat } }) => ({
    retval: 0,
    ...nat.allocation,
  }),

  nat44_ei_set_workers: (_request, run) => {
    if (workersOf(run).length === 0) throw new RetvalError('FEATURE_DISABLED')
    return DONE
  },

  nat44_ei_worker_dump: (_request, run) => workersOf(run),

  nat44_ei_add_del_address_range: (
    request: Change<{ firstIpAddress: string; lastIpAddress: string; vrfId: number }>,
    { model: { nat44Ei: nat } },
  ) => {
    nat.needDynamic()
    for (const address of addressesBetween(request.firstIpAddress, request.lastIpAddress)) {
      if (request.isAdd) nat.addAddress(address, request.vrfId)
      else nat.removeAddress(address)
    }
    return DONE
  },

  nat44_ei_address_dump: (_request, { model: { nat44Ei: nat } }) => nat.addresses,

  nat44_ei_add_del_interface_addr: (
    { isAdd, swIfIndex }: Change<{ swIfIndex: number }>,
    { model: { nat44Ei: nat } },
  ) => {
    if (isAdd) nat.addInterfaceAddress(swIfIndex)
    else nat.removeInterfaceAddress(swIfIndex)
    return DONE
  },

  nat44_ei_interface_addr_dump: (_request, { model: { nat44Ei: nat } }) =>
    nat.interfaceAddresses.map((swIfIndex) => ({ swIfIndex })),

  nat44_ei_interface_add_del_feature: (
    request: Change<{ flags: number; swIfIndex: number }>,
    { model: { nat44Ei: nat } },
  ) => {
    nat.setFeature(request.swIfIndex, (request.flags & INSIDE) !== 0, request.isAdd)
    return DONE
  },

  nat44_ei_interface_dump: (_request, { model: { nat44Ei: nat } }) =>
    Array.from(nat.sides.features, ({ swIfIndex, inside, outside }) => ({
      swIfIndex,
      flags: (inside ? INSIDE : 0) | (outside ? OUTSIDE : 0),
    })),

  nat44_ei_add_del_output_interface: (
    { isAdd, swIfIndex }: Change<{ swIfIndex: number }>,
    { model: { nat44Ei: nat } },
  ) => {
    nat.setOutput(swIfIndex, isAdd)
    return DONE
  },

  nat44_ei_output_interface_get: (_request, { model: { nat44Ei: nat } }) => ({
    reply: { retval: 0, cursor: NONE },
    details: Array.from(nat.sides.outputs, ({ swIfIndex }) => ({ swIfIndex })),
  }),

  nat44_ei_interface_add_del_output_feature: (
    request: Change<{ flags: number; swIfIndex: number }>,
    { model: { nat44Ei: nat } },
  ) => {
    nat.setNamedOutput(request.swIfIndex, (request.flags & INSIDE) !== 0, request.isAdd)
    return DONE
  },

  nat44_ei_interface_output_feature_dump: (_request, { model: { nat44Ei: nat } }) =>
    Array.from(nat.named, ({ swIfIndex, inside }) => ({ swIfIndex, flags: inside ? INSIDE : 0 })),

  nat44_ei_add_del_static_mapping: (request: Change<StaticMapping>, { model: { nat44Ei: nat } }) => {
    if (request.isAdd) nat.addMapping(mappingOf(request))
    else nat.removeMapping(mappingOf(request))
    return DONE
  },

  nat44_ei_static_mapping_dump: (_request, { model: { nat44Ei: nat } }) => nat.mappings().map(mappingOf),

  nat44_ei_add_del_identity_mapping: (request: Change<WireIdentity>, { model: { nat44Ei: nat } }) => {
    if (request.isAdd) nat.addMapping(mappingOfIdentity(request), true)
    else nat.removeMapping(mappingOfIdentity(request), true)
    return DONE
  },

  nat44_ei_identity_mapping_dump: (_request, { model: { nat44Ei: nat } }) =>
    nat.identityMappings().map(identityOf),

  nat44_ei_set_fq_options: (
    { frameQueueNelts }: { frameQueueNelts: number },
    { model: { nat44Ei: nat } },
  ) => {
    nat.setFrameQueueSize(frameQueueNelts)
    return DONE
  },

  nat44_ei_show_fq_options: (_request, { model: { nat44Ei: nat } }) => ({
    retval: 0,
    frameQueueNelts: nat.frameQueueSize,
  }),

  nat44_ei_user_dump: (_request, { model: { nat44Ei: nat } }) => usersOf(nat.sessions),
  nat44_ei_user_session_dump: sessionDump,
  nat44_ei_user_session_v2_dump: ({ ipAddress }: { ipAddress: string }, run) =>
    sessionsOf(ipAddress, run).map((it) => ({ ...it, timeSinceLastHeard: NEVER })),

  nat44_ei_del_session: (request: WireSession, { model: { nat44Ei: nat } }) => {
    nat.removeSession(isNamed(request))
    return DONE
  },
}
