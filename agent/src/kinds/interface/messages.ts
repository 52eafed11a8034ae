import {
  BondAddMember,
  BondCreate2,
  BondDelete,
  BondDetachMember,
  SwBondInterfaceDetails,
  SwBondInterfaceDump,
  SwInterfaceSetBondWeight,
  SwMemberInterfaceDetails,
  SwMemberInterfaceDump,
} from '@vpp-ts/binapi-bond'
import {
  CreateLoopbackInstance,
  CreateSubif,
  DeleteLoopback,
  DeleteSubif,
  HwInterfaceSetMtu,
  SwInterfaceAddDelAddress,
  SwInterfaceDetails,
  SwInterfaceDump,
  SwInterfaceGetTable,
  SwInterfaceGetTableReply,
  SwInterfaceRxPlacementDetails,
  SwInterfaceRxPlacementDump,
  SwInterfaceSetFlags,
  SwInterfaceSetMacAddress,
  SwInterfaceSetMtu,
  SwInterfaceSetRxMode,
  SwInterfaceSetRxPlacement,
  SwInterfaceSetTable,
  SwInterfaceSetUnnumbered,
  SwInterfaceTagAddDel,
} from '@vpp-ts/binapi-interface'
import {
  IpAddressDetails,
  IpAddressDump,
  IpUnnumberedDetails,
  IpUnnumberedDump,
  SwInterfaceIp6EnableDisable,
} from '@vpp-ts/binapi-ip'
import {
  SwInterfaceIp6ndRaConfig,
  SwInterfaceIp6ndRaDetails,
  SwInterfaceIp6ndRaDump,
  SwInterfaceIp6ndRaPrefix,
} from '@vpp-ts/binapi-ip6-nd'
import { L2InterfaceVlanTagRewrite } from '@vpp-ts/binapi-l2'
import { LcpItfPairAddDelV2, LcpItfPairDetails, LcpItfPairGet } from '@vpp-ts/binapi-lcp'
import { MemifCreateV2, MemifDelete, MemifDetails, MemifDump } from '@vpp-ts/binapi-memif'
import { SwInterfaceTapV2Details, SwInterfaceTapV2Dump, TapCreateV3, TapDeleteV2 } from '@vpp-ts/binapi-tapv2'
import { DHCP_CLIENT_LOOK } from '../dhcp-leases.ts'
import { derived, indexOf, item, older, unused, uses } from '../uses.ts'

const self = indexOf('name')
const all = derived('all interfaces')
const either = derived('true to make it, false to remove it')
const told = unused('told by `sw_interface_details`')

/** Messages of interfaces. */
export const INTERFACE_MESSAGES = [
  uses(SwInterfaceDump, {
    swIfIndex: derived('all interfaces, or the one whose MTU is asked for'),
    nameFilterValid: unused('all are looked at'),
    nameFilter: unused('all are looked at'),
  }),
  uses(SwInterfaceDetails, {
    swIfIndex: derived('kept as its index'),
    supSwIfIndex: indexOf('parent'),
    l2Address: item('mac'),
    flags: item('enabled'),
    type: derived('tells sub-interfaces from others'),
    linkDuplex: unused('a state of the link'),
    linkSpeed: unused('a state of the link, told in metrics'),
    linkMtu: item('linkMtu'),
    mtu: item('mtu'),
    subId: item('number'),
    subNumberOfTags: unused('`sub_if_flags` says it'),
    subOuterVlanId: item('vlan'),
    subInnerVlanId: item('inner'),
    subIfFlags: derived('from `vlan`, `inner`, `ethertype` and `exactMatch`'),
    vtrOp: derived('from `tagRewrite`'),
    vtrPushDot1q: item('tagRewrite.ethertype'),
    vtrTag1: item('tagRewrite.push[0]'),
    vtrTag2: item('tagRewrite.push[1]'),
    outerTag: unused('provider backbone bridges are not configured'),
    bDmac: unused('provider backbone bridges are not configured'),
    bSmac: unused('provider backbone bridges are not configured'),
    bVlanid: unused('provider backbone bridges are not configured'),
    iSid: unused('provider backbone bridges are not configured'),
    interfaceName: derived('the name of interfaces that the agent did not make'),
    interfaceDevType: derived('tells the type'),
    tag: derived('mark, name and fingerprint'),
  }),
  uses(SwInterfaceTagAddDel, {
    isAdd: derived('true'),
    swIfIndex: self,
    tag: derived('mark, name and fingerprint'),
  }),
  uses(HwInterfaceSetMtu, { swIfIndex: self, mtu: item('linkMtu') }),
  uses(SwInterfaceSetMtu, { swIfIndex: self, mtu: derived('`mtu`; those of protocols are zero, as it') }),
  uses(SwInterfaceSetMacAddress, { swIfIndex: self, macAddress: item('mac') }),
  uses(CreateLoopbackInstance, {
    macAddress: item('mac'),
    isSpecified: derived('whether `instance` is given'),
    userInstance: item('instance'),
  }),
  uses(DeleteLoopback, { swIfIndex: self }),
  uses(CreateSubif, {
    swIfIndex: indexOf('parent'),
    subId: item('number'),
    subIfFlags: derived('from `vlan`, `inner`, `ethertype` and `exactMatch`'),
    outerVlanId: item('vlan'),
    innerVlanId: item('inner'),
  }),
  uses(DeleteSubif, { swIfIndex: self }),
  uses(TapCreateV3, {
    id: item('id'),
    useRandomMac: derived('false'),
    macAddress: item('mac'),
    numRxQueues: item('rxQueues'),
    numTxQueues: item('txQueues'),
    txRingSz: item('ringSize'),
    rxRingSz: item('ringSize'),
    hostMtuSet: derived('whether `hostMtu` is given'),
    hostMtuSize: item('hostMtu'),
    hostMacAddrSet: derived('whether `hostMac` is given'),
    hostMacAddr: item('hostMac'),
    hostIp4PrefixSet: derived('whether an address is IPv4'),
    hostIp4Prefix: item('hostAddress'),
    hostIp6PrefixSet: derived('whether an address is IPv6'),
    hostIp6Prefix: item('hostAddress2'),
    hostIp4GwSet: derived('whether `hostGateway` is IPv4'),
    hostIp4Gw: item('hostGateway'),
    hostIp6GwSet: derived('whether `hostGateway` is IPv6'),
    hostIp6Gw: item('hostGateway'),
    tapFlags: derived('from `gso`, `checksumOffload`, `groCoalesce`, `packed`, `persist` and `tun`'),
    hostNamespaceSet: derived('whether `hostNamespace` is given'),
    hostNamespace: item('hostNamespace'),
    hostIfNameSet: derived('whether `hostName` is given'),
    hostIfName: item('hostName'),
    hostBridgeSet: derived('whether `hostBridge` is given'),
    hostBridge: item('hostBridge'),
    tag: derived('mark, name and fingerprint'),
  }),
  uses(TapDeleteV2, { swIfIndex: self }),
  uses(SwInterfaceTapV2Dump, { swIfIndex: all }),
  uses(SwInterfaceTapV2Details, {
    swIfIndex: self,
    id: item('id'),
    txRingSz: unused('as `rxRingSz`'),
    rxRingSz: item('ringSize'),
    hostMtuSize: item('hostMtu'),
    hostMacAddr: item('hostMac'),
    hostIp4Prefix: item('hostAddress'),
    hostIp6Prefix: item('hostAddress'),
    tapFlags: derived('from `gso`, `tun` and the like'),
    devName: unused('the name of the interface'),
    hostIfName: item('hostName'),
    hostNamespace: item('hostNamespace'),
    hostBridge: item('hostBridge'),
  }),
  uses(MemifCreateV2, {
    role: item('role'),
    mode: item('mode'),
    rxQueues: item('rxQueues'),
    txQueues: item('txQueues'),
    id: item('id'),
    socketId: item('socket'),
    ringSize: item('ringSize'),
    bufferSize: item('bufferSize'),
    noZeroCopy: item('zeroCopy'),
    useDma: item('dma'),
    hwAddr: item('mac'),
    secret: item('secret'),
  }),
  uses(MemifDelete, { swIfIndex: self }),
  uses(MemifDump, {}),
  uses(MemifDetails, {
    swIfIndex: self,
    hwAddr: told,
    id: item('id'),
    role: item('role'),
    mode: item('mode'),
    zeroCopy: unused('what the connection has'),
    socketId: item('socket'),
    ringSize: item('ringSize'),
    bufferSize: item('bufferSize'),
    flags: told,
    ifName: told,
  }),
  uses(BondCreate2, {
    mode: item('mode'),
    lb: item('loadBalance'),
    numaOnly: item('numaOnly'),
    enableGso: item('gso'),
    useCustomMac: derived('true'),
    macAddress: item('mac'),
    id: item('id'),
  }),
  uses(BondDelete, { swIfIndex: self }),
  uses(SwBondInterfaceDump, { swIfIndex: all }),
  uses(SwBondInterfaceDetails, {
    swIfIndex: self,
    id: item('id'),
    mode: item('mode'),
    lb: item('loadBalance'),
    numaOnly: item('numaOnly'),
    activeMembers: unused('a state of the links'),
    members: unused('the members are looked at'),
    interfaceName: told,
  }),
]

/** Messages of members of bonds. */
export const BOND_MEMBER_MESSAGES = [
  uses(BondAddMember, {
    swIfIndex: indexOf('members[].interface'),
    bondSwIfIndex: self,
    isPassive: item('members[].passive'),
    isLongTimeout: item('members[].longTimeout'),
  }),
  uses(BondDetachMember, { swIfIndex: indexOf('members[].interface') }),
  uses(SwInterfaceSetBondWeight, {
    swIfIndex: indexOf('members[].interface'),
    weight: item('members[].weight'),
  }),
  uses(SwMemberInterfaceDump, { swIfIndex: self }),
  uses(SwMemberInterfaceDetails, {
    swIfIndex: indexOf('members[].interface'),
    interfaceName: told,
    isPassive: item('members[].passive'),
    isLongTimeout: item('members[].longTimeout'),
    isLocalNuma: unused('a fact of the machine'),
    weight: item('members[].weight'),
  }),
]

/** Messages of the tables of interfaces. */
export const INTERFACE_TABLE_MESSAGES = [
  uses(SwInterfaceSetTable, { swIfIndex: self, isIpv6: derived('both families'), vrfId: item('table') }),
  uses(SwInterfaceGetTable, { swIfIndex: self, isIpv6: derived('both families') }),
  uses(SwInterfaceGetTableReply, { retval: derived('whether it is there'), vrfId: item('table') }),
]

/** Messages of addresses. */
export const ADDRESS_MESSAGES = [
  uses(SwInterfaceAddDelAddress, {
    swIfIndex: self,
    isAdd: either,
    delAll: unused('others may have set some'),
    prefix: item('addresses[]'),
  }),
  uses(IpAddressDump, { swIfIndex: self, isIpv6: derived('both families') }),
  uses(IpAddressDetails, { swIfIndex: self, prefix: item('addresses[]') }),
  ...DHCP_CLIENT_LOOK,
]

/** Messages of unnumbered interfaces. */
export const UNNUMBERED_MESSAGES = [
  uses(SwInterfaceSetUnnumbered, {
    swIfIndex: indexOf('unnumbered'),
    unnumberedSwIfIndex: self,
    isAdd: either,
  }),
  uses(IpUnnumberedDump, { swIfIndex: all }),
  uses(IpUnnumberedDetails, { swIfIndex: self, ipSwIfIndex: indexOf('unnumbered') }),
]

/** Messages of receive queues. */
export const RX_MESSAGES = [
  uses(SwInterfaceSetRxMode, {
    swIfIndex: self,
    queueIdValid: unused('all queues have one mode'),
    queueId: unused('all queues have one mode'),
    mode: item('rxMode'),
  }),
  uses(SwInterfaceSetRxPlacement, {
    swIfIndex: self,
    queueId: item('rxPlacement[].queue'),
    workerId: item('rxPlacement[].worker'),
    isMain: unused('the main thread should not process packets'),
  }),
  uses(SwInterfaceRxPlacementDump, { swIfIndex: all }),
  uses(SwInterfaceRxPlacementDetails, {
    swIfIndex: self,
    queueId: item('rxPlacement[].queue'),
    workerId: item('rxPlacement[].worker'),
    mode: item('rxMode'),
  }),
]

/** Messages of tag rewrites; `sw_interface_details` reports them. */
export const TAG_REWRITE_MESSAGES = [
  uses(L2InterfaceVlanTagRewrite, {
    swIfIndex: self,
    vtrOp: derived('from `tagRewrite.pop` and the number of tags in `tagRewrite.push`'),
    pushDot1q: item('tagRewrite.ethertype'),
    tag1: item('tagRewrite.push[0]'),
    tag2: item('tagRewrite.push[1]'),
  }),
]

/** Messages of linux-cp. */
export const LINUX_CP_MESSAGES = [
  older(
    uses(LcpItfPairAddDelV2, {
      isAdd: either,
      swIfIndex: self,
      hostIfName: item('linuxCp.hostName'),
      hostIfType: item('linuxCp.hostType'),
      netns: item('linuxCp.namespace'),
    }),
    'it says the same and tells the index of the pair, which nothing needs',
  ),
  older(
    uses(LcpItfPairGet, { cursor: derived('all pairs, a page at a time') }),
    'it asks for one interface, and all are looked at',
  ),
  uses(LcpItfPairDetails, {
    phySwIfIndex: self,
    hostSwIfIndex: unused('VPP chooses it'),
    vifIndex: unused('Linux chooses it'),
    hostIfName: item('linuxCp.hostName'),
    hostIfType: item('linuxCp.hostType'),
    netns: item('linuxCp.namespace'),
  }),
]

const aged = unused('a time or counter')

/** Messages of router advertisements. */
export const ADVERTISEMENT_MESSAGES = [
  uses(SwInterfaceIp6EnableDisable, {
    swIfIndex: self,
    enable: derived('true: advertisements need IPv6'),
  }),
  uses(SwInterfaceIp6ndRaConfig, {
    swIfIndex: self,
    suppress: derived('whether it is removed'),
    managed: item('routerAdvertisements.managed'),
    other: item('routerAdvertisements.other'),
    llOption: item('routerAdvertisements.linkLayerAddress'),
    sendUnicast: item('routerAdvertisements.unicast'),
    cease: unused('removing them says so to hosts'),
    isNo: derived('true for what is turned off'),
    defaultRouter: derived('true: the lifetime is told'),
    maxInterval: item('routerAdvertisements.maximumInterval'),
    minInterval: item('routerAdvertisements.minimumInterval'),
    lifetime: item('routerAdvertisements.lifetime'),
    initialCount: unused('the first advertisements come as RFC 4861 says'),
    initialInterval: unused('the first advertisements come as RFC 4861 says'),
  }),
  uses(SwInterfaceIp6ndRaPrefix, {
    swIfIndex: self,
    prefix: item('routerAdvertisements.prefixes[].prefix'),
    useDefault: unused('all values are told'),
    noAdvertise: unused('a prefix that is not told is left out'),
    offLink: unused('`no_onlink` has the same effect'),
    noAutoconfig: item('routerAdvertisements.prefixes[].autonomous'),
    noOnlink: item('routerAdvertisements.prefixes[].onLink'),
    isNo: derived('true to remove it'),
    valLifetime: item('routerAdvertisements.prefixes[].validLifetime'),
    prefLifetime: item('routerAdvertisements.prefixes[].preferredLifetime'),
  }),
  uses(SwInterfaceIp6ndRaDump, { swIfIndex: all }),
  uses(SwInterfaceIp6ndRaDetails, {
    swIfIndex: self,
    curHopLimit: unused('VPP cannot be told another one'),
    advManagedFlag: item('routerAdvertisements.managed'),
    advOtherFlag: item('routerAdvertisements.other'),
    advRouterLifetime: item('routerAdvertisements.lifetime'),
    advNeighborReachableTime: unused('VPP cannot be told another one'),
    advRetransmitInterval: unused('VPP cannot be told another one'),
    advLinkMtu: unused('that of the interface'),
    sendRadv: derived('whether it is there'),
    ceaseRadv: unused('removing them says so to hosts'),
    sendUnicast: item('routerAdvertisements.unicast'),
    advLinkLayerAddress: item('routerAdvertisements.linkLayerAddress'),
    maxRadvInterval: item('routerAdvertisements.maximumInterval'),
    minRadvInterval: item('routerAdvertisements.minimumInterval'),
    lastRadvTime: aged,
    lastMulticastTime: aged,
    nextMulticastTime: aged,
    initialAdvertsCount: unused('the first advertisements come as RFC 4861 says'),
    initialAdvertsInterval: unused('the first advertisements come as RFC 4861 says'),
    initialAdvertsSent: aged,
    nAdvertisementsSent: aged,
    nSolicitationsRcvd: aged,
    nSolicitationsDropped: aged,
    prefixes: {
      prefix: item('routerAdvertisements.prefixes[].prefix'),
      onlinkFlag: item('routerAdvertisements.prefixes[].onLink'),
      autonomousFlag: item('routerAdvertisements.prefixes[].autonomous'),
      valLifetime: item('routerAdvertisements.prefixes[].validLifetime'),
      prefLifetime: item('routerAdvertisements.prefixes[].preferredLifetime'),
      validLifetimeExpires: aged,
      prefLifetimeExpires: aged,
      decrementLifetimeFlag: unused('follows from the lifetimes'),
      noAdvertise: derived('those that are not told are not there'),
    },
  }),
]

/** Messages of the administrative state; `sw_interface_details` reports it. */
export const UP_MESSAGES = [uses(SwInterfaceSetFlags, { swIfIndex: self, flags: item('enabled') })]
