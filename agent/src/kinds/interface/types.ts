import { BondClient, BondLbAlgo, BondMode } from '@vpp-ts/binapi-bond'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { MemifClient, MemifMode, MemifRole } from '@vpp-ts/binapi-memif'
import { TapFlags, Tapv2Client } from '@vpp-ts/binapi-tapv2'
import { familyOf } from '../../model/ip.ts'
import { NONE, type Vpp } from '../descriptor.ts'
import { fingerprintOf, initialMac, interfaceTag } from '../mark.ts'
import { MissingError } from '../missing-error.ts'
import type { InterfaceItem } from './schema.ts'
import { numberOf, subRequestOf, tagsOf } from './tags.ts'
import type { InterfaceValue } from './value.ts'

type Of<T extends InterfaceItem['type']> = Extract<InterfaceItem, { readonly type: T }>

/** What only one interface can have, of one that the agent makes. */
export function claimsOf(item: InterfaceItem): string[] {
  switch (item.type) {
    case 'loopback':
      return item.instance === undefined ? [] : [loopbackClaim(item.instance)]
    case 'tap':
      return [
        ...(item.id === undefined ? [] : [tapClaim(item.id)]),
        ...(item.hostName === undefined ? [] : [deviceClaim(item.hostName, item.hostNamespace)]),
      ]
    case 'memif':
      return [memifClaim(item.id, item.socket)]
    case 'vlan':
      return [subClaim(numberOf(item), item.parent), tagsClaim(tagsOf(item), item.parent)]
    case 'bond':
      return item.id === undefined ? [] : [bondClaim(item.id)]
    case 'existing':
      return []
  }
}

/** The claim to an instance number of loopbacks. */
export function loopbackClaim(instance: number): string {
  return `loopback instance ${instance}`
}

/** The claim to a number of taps. */
export function tapClaim(id: number): string {
  return `tap ${id}`
}

/** The claim to a device in Linux. */
export function deviceClaim(name: string, namespace: string | undefined): string {
  return `Linux device ${JSON.stringify(name)}${namespace === undefined ? '' : ` in namespace ${namespace}`}`
}

/** The claim to an id on a memif socket. */
export function memifClaim(id: number, socket: number): string {
  return `memif ${id} of socket ${socket}`
}

/** The claim to a number of the sub-interfaces of a parent. */
export function subClaim(number: number, parent: string): string {
  return `sub-interface ${number} of ${JSON.stringify(parent)}`
}

/** The claim to packets of a parent that one sub-interface takes. */
export function tagsClaim(tags: string, parent: string): string {
  return `${tags} of ${JSON.stringify(parent)}`
}

/** The claim to a number of bonds. */
export function bondClaim(id: number): string {
  return `bond ${id}`
}

/** VPP's numbers of the modes of bonds. */
export const BOND_MODES = {
  'round-robin': BondMode.BOND_API_MODE_ROUND_ROBIN,
  'active-backup': BondMode.BOND_API_MODE_ACTIVE_BACKUP,
  xor: BondMode.BOND_API_MODE_XOR,
  broadcast: BondMode.BOND_API_MODE_BROADCAST,
  lacp: BondMode.BOND_API_MODE_LACP,
} as const

/** VPP's numbers of how bonds balance. */
export const BOND_LOAD_BALANCES = {
  l2: BondLbAlgo.BOND_API_LB_ALGO_L2,
  l23: BondLbAlgo.BOND_API_LB_ALGO_L23,
  l34: BondLbAlgo.BOND_API_LB_ALGO_L34,
} as const

/** Makes an interface of any type, down. @returns its sw_if_index */
export async function createInterface(vpp: Vpp, item: InterfaceItem): Promise<number> {
  const { swIfIndex } = await replyOf(vpp, item)
  return swIfIndex
}

function replyOf(vpp: Vpp, item: InterfaceItem): Promise<{ readonly swIfIndex: number }> {
  switch (item.type) {
    case 'loopback':
      return vpp.client(InterfaceClient).createLoopbackInstance({
        macAddress: initialMac(item, vpp.identity),
        isSpecified: item.instance !== undefined,
        userInstance: item.instance ?? 0,
      })
    case 'tap':
      return createTap(vpp, item)
    case 'memif':
      return createMemif(vpp, item)
    case 'vlan': {
      const swIfIndex = vpp.indexOf('interface', item.parent)
      const request = { swIfIndex, subId: numberOf(item), ...subRequestOf(item) }
      return vpp.client(InterfaceClient).createSubif(request)
    }
    case 'bond':
      return vpp.client(BondClient).bondCreate2({
        id: item.id ?? NONE,
        mode: BOND_MODES[item.mode],
        lb: BOND_LOAD_BALANCES[item.loadBalance ?? 'l2'],
        numaOnly: item.numaOnly,
        enableGso: item.gso,
        useCustomMac: true,
        macAddress: initialMac(item, vpp.identity),
      })
    case 'existing':
      throw new MissingError('interface', item.name)
  }
}

/** VPP's flags of taps, by the fields that ask for them. */
export const TAP_FLAGS = {
  gso: TapFlags.TAP_API_FLAG_GSO,
  checksumOffload: TapFlags.TAP_API_FLAG_CSUM_OFFLOAD,
  groCoalesce: TapFlags.TAP_API_FLAG_GRO_COALESCE,
  packed: TapFlags.TAP_API_FLAG_PACKED,
  persist: TapFlags.TAP_API_FLAG_PERSIST,
  tun: TapFlags.TAP_API_FLAG_TUN,
} as const

function createTap(vpp: Vpp, item: Of<'tap'>): Promise<{ readonly swIfIndex: number }> {
  const { id = NONE, hostName, hostNamespace, hostMac, hostMtu, hostBridge, ringSize } = item
  const flags = (Object.keys(TAP_FLAGS) as (keyof typeof TAP_FLAGS)[]).filter((name) => item[name])
  return vpp.client(Tapv2Client).tapCreateV3({
    id,
    useRandomMac: false,
    macAddress: initialMac(item, vpp.identity),
    numRxQueues: item.rxQueues ?? 1,
    numTxQueues: item.txQueues ?? 1,
    rxRingSz: ringSize,
    txRingSz: ringSize,
    tapFlags: flags.reduce<number>((sum, name) => sum | TAP_FLAGS[name], 0),
    ...(hostName === undefined ? {} : { hostIfNameSet: true, hostIfName: hostName }),
    ...(hostNamespace === undefined ? {} : { hostNamespaceSet: true, hostNamespace }),
    ...(hostMac === undefined ? {} : { hostMacAddrSet: true, hostMacAddr: hostMac }),
    ...(hostMtu === undefined ? {} : { hostMtuSet: true, hostMtuSize: hostMtu }),
    ...(hostBridge === undefined ? {} : { hostBridgeSet: true, hostBridge }),
    ...hostPrefix(item.hostAddress),
    ...hostPrefix(item.hostAddress2),
    ...hostGateway(item.hostGateway),
    tag: interfaceTag(item.name, fingerprintOf(item)),
  })
}

function hostPrefix(address: string | undefined): object {
  if (address === undefined) return {}
  return familyOf(address) === 4
    ? { hostIp4PrefixSet: true, hostIp4Prefix: address }
    : { hostIp6PrefixSet: true, hostIp6Prefix: address }
}

function hostGateway(address: string | undefined): object {
  if (address === undefined) return {}
  return familyOf(address) === 4
    ? { hostIp4GwSet: true, hostIp4Gw: address }
    : { hostIp6GwSet: true, hostIp6Gw: address }
}

function createMemif(vpp: Vpp, item: Of<'memif'>): Promise<{ readonly swIfIndex: number }> {
  return vpp.client(MemifClient).memifCreateV2({
    role: item.role === 'master' ? MemifRole.MEMIF_ROLE_API_MASTER : MemifRole.MEMIF_ROLE_API_SLAVE,
    mode: item.mode === 'ethernet' ? MemifMode.MEMIF_MODE_API_ETHERNET : MemifMode.MEMIF_MODE_API_IP,
    rxQueues: item.rxQueues ?? item.queues,
    txQueues: item.txQueues ?? item.queues,
    noZeroCopy: !item.zeroCopy,
    useDma: item.dma,
    id: item.id,
    socketId: item.socket,
    ringSize: item.ringSize,
    bufferSize: item.bufferSize,
    ...(item.mode === 'ethernet' ? { hwAddr: initialMac(item, vpp.identity) } : {}),
    secret: item.secret ?? '',
  })
}

/** Deletes an interface that is of this type. */
export async function removeInterface(
  vpp: Vpp,
  type: InterfaceValue['type'],
  swIfIndex: number,
): Promise<void> {
  switch (type) {
    case 'loopback':
      await vpp.client(InterfaceClient).deleteLoopback({ swIfIndex })
      return
    case 'tap':
      await vpp.client(Tapv2Client).tapDeleteV2({ swIfIndex })
      return
    case 'memif':
      await vpp.client(MemifClient).memifDelete({ swIfIndex })
      return
    case 'vlan':
      await vpp.client(InterfaceClient).deleteSubif({ swIfIndex })
      return
    case 'bond':
      await vpp.client(BondClient).bondDelete({ swIfIndex })
      return
    case 'existing':
    case 'other':
      throw new TypeError(`interface ${swIfIndex} is not of a type that the agent makes; delete it manually`)
  }
}
