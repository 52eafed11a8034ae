import * as ed from '@vpp-ts/binapi-nat44-ed'
import * as ei from '@vpp-ts/binapi-nat44-ei'
import { CLI_MESSAGES } from '../cli-messages.ts'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const isAdd = derived('true to make it, false to remove it')
const noSearch = unused('VPP chooses it')
const cursor = derived('all, a page at a time')

const timeouts = {
  udp: item('timeouts.udp'),
  tcpEstablished: item('timeouts.tcpEstablished'),
  tcpTransitory: item('timeouts.tcpTransitory'),
  icmp: item('timeouts.icmp'),
}

const running = {
  insideVrf: item('insideTable'),
  outsideVrf: item('outsideTable'),
  sessions: item('sessions'),
  userBuckets: noSearch,
  translationBuckets: noSearch,
  forwardingEnabled: item('forwarding'),
  ipfixLoggingEnabled: unused('export of flows is not configured'),
  timeouts,
  logLevel: unused('VPP logs as it is told to'),
}
const ED_RUNNING = uses(ed.Nat44ShowRunningConfigReply, {
  ...running,
  retval: derived('whether it is told'),
  users: unused('the mode has no users'),
  userSessions: unused('the mode has no users'),
  flags: unused('the mode is known'),
})
const EI_RUNNING = uses(ei.Nat44EiShowRunningConfigReply, {
  ...running,
  retval: derived('whether it is told'),
  users: item('users'),
  userSessions: item('userSessions'),
  flags: derived('from `staticOnly` and `connectionTracking`'),
})

const clamping = { mssValue: item('mssClamping'), enable: derived('whether `mssClamping` is not 0') }
const allocation = {
  alg: item('portAllocation.method'),
  psidOffset: item('portAllocation.psidOffset'),
  psidLength: item('portAllocation.psidLength'),
  psid: item('portAllocation.psid'),
  startPort: item('portAllocation.first'),
  endPort: item('portAllocation.last'),
}

const SETTINGS_MESSAGES = [
  uses(ed.Nat44ForwardingEnableDisable, { enable: item('forwarding') }),
  uses(ed.NatSetTimeouts, timeouts),
  uses(ed.NatSetMssClamping, clamping),
  uses(ed.NatGetMssClamping, {}),
  uses(ed.NatGetMssClampingReply, { retval: derived('whether it is told'), ...clamping }),
  uses(ei.Nat44EiForwardingEnableDisable, { enable: item('forwarding') }),
  uses(ei.Nat44EiSetTimeouts, timeouts),
  uses(ei.Nat44EiSetMssClamping, clamping),
  uses(ei.Nat44EiGetMssClamping, {}),
  uses(ei.Nat44EiGetMssClampingReply, { retval: derived('whether it is told'), ...clamping }),
  uses(ei.Nat44EiSetAddrAndPortAllocAlg, allocation),
  uses(ei.Nat44EiGetAddrAndPortAllocAlg, {}),
  uses(ei.Nat44EiGetAddrAndPortAllocAlgReply, { retval: derived('whether it is told'), ...allocation }),
]

/** Messages of the switch and of settings. */
export const PLUGIN_MESSAGES = [
  uses(ed.Nat44EdPluginEnableDisable, {
    insideVrf: item('insideTable'),
    outsideVrf: item('outsideTable'),
    sessions: item('sessions'),
    sessionMemory: unused('VPP does not read it'),
    enable: derived('true to turn it on, false when nothing needs it'),
    flags: unused('VPP refuses them in this mode'),
  }),
  uses(ed.Nat44ShowRunningConfig, {}),
  ED_RUNNING,
  uses(ei.Nat44EiPluginEnableDisable, {
    insideVrf: item('insideTable'),
    outsideVrf: item('outsideTable'),
    users: item('users'),
    userMemory: unused('VPP does not read it'),
    sessions: item('sessions'),
    sessionMemory: unused('VPP does not read it'),
    userSessions: item('userSessions'),
    enable: derived('true to turn it on, false when nothing needs it'),
    flags: derived('from `staticOnly` and `connectionTracking`'),
  }),
  uses(ei.Nat44EiShowRunningConfig, {}),
  EI_RUNNING,
  ...SETTINGS_MESSAGES,
]

const swIfIndex = derived('index of a name in `inside`, `outside` or `output`')
const side = { flags: derived('from `inside` and `outside`'), swIfIndex }

/** Messages of interfaces. */
export const SIDE_MESSAGES = [
  uses(ed.Nat44InterfaceAddDelFeature, { isAdd, ...side }),
  uses(ed.Nat44InterfaceDump, {}),
  uses(ed.Nat44InterfaceDetails, side),
  uses(ed.Nat44EdAddDelOutputInterface, { isAdd, swIfIndex }),
  uses(ed.Nat44EdOutputInterfaceGet, { cursor }),
  uses(ed.Nat44EdOutputInterfaceDetails, { swIfIndex }),
  uses(ei.Nat44EiInterfaceAddDelFeature, { isAdd, ...side }),
  uses(ei.Nat44EiInterfaceDump, {}),
  uses(ei.Nat44EiInterfaceDetails, side),
  uses(ei.Nat44EiAddDelOutputInterface, { isAdd, swIfIndex }),
  uses(ei.Nat44EiOutputInterfaceGet, { cursor }),
  uses(ei.Nat44EiOutputInterfaceDetails, { swIfIndex }),
]

const range = {
  firstIpAddress: derived('each address of `pools[].first` to `pools[].last`'),
  lastIpAddress: derived('the same address'),
  vrfId: item('pools[].table'),
  isAdd,
}
const address = { ipAddress: derived('an address of `pools`'), vrfId: item('pools[].table') }

/** Messages of addresses of pools. */
export const ADDRESS_MESSAGES = [
  uses(ed.Nat44AddDelAddressRange, { ...range, flags: item('pools[].twiceNat') }),
  uses(ed.Nat44AddressDump, {}),
  uses(ed.Nat44AddressDetails, { ...address, flags: item('pools[].twiceNat') }),
  uses(ei.Nat44EiAddDelAddressRange, range),
  uses(ei.Nat44EiAddressDump, {}),
  uses(ei.Nat44EiAddressDetails, address),
]

const ofInterface = indexOf('pools[].interface')

/** Messages of interfaces whose address is in a pool. */
export const INTERFACE_ADDRESS_MESSAGES = [
  uses(ed.Nat44AddDelInterfaceAddr, { isAdd, swIfIndex: ofInterface, flags: item('pools[].twiceNat') }),
  uses(ed.Nat44InterfaceAddrDump, {}),
  uses(ed.Nat44InterfaceAddrDetails, { swIfIndex: ofInterface, flags: item('pools[].twiceNat') }),
  uses(ei.Nat44EiAddDelInterfaceAddr, { isAdd, swIfIndex: ofInterface, flags: unused('the mode has none') }),
  uses(ei.Nat44EiInterfaceAddrDump, {}),
  uses(ei.Nat44EiInterfaceAddrDetails, { swIfIndex: ofInterface }),
]

/** Messages of session limits. */
export const SESSION_LIMIT_MESSAGES = [
  uses(ed.Nat44SetSessionLimit, {
    sessionLimit: item('sessionLimits[].sessions'),
    vrfId: item('sessionLimits[].table'),
  }),
  uses(ed.Nat44ShowRunningConfig, {}),
  ED_RUNNING,
  ...CLI_MESSAGES,
]

/** Messages of tables that lead into others. */
export const VRF_TABLE_MESSAGES = [
  uses(ed.Nat44EdAddDelVrfTable, { tableVrfId: item('tables[].table'), isAdd }),
  uses(ed.Nat44EdAddDelVrfRoute, { tableVrfId: item('tables[].table'), vrfId: item('tables[].to[]'), isAdd }),
  ...CLI_MESSAGES,
]
