import { MemifMode, MemifRole } from '@vpp-ts/binapi-memif'
import { familyOf } from '../../model/ip.ts'
import type { InterfaceItem } from './schema.ts'
import { NONE, type Vpp } from '../handler.ts'
import { fingerprintOf, initialMac, interfaceTag } from '../mark.ts'
import type { InterfaceValue } from '../object.ts'

type Of<T extends InterfaceItem['type']> = Extract<InterfaceItem, { readonly type: T }>

/** Makes an interface of any type, down. @returns its sw_if_index */
export async function createInterface(vpp: Vpp, item: InterfaceItem): Promise<number> {
  const { swIfIndex } = await replyOf(vpp, item)
  return swIfIndex
}

function replyOf(vpp: Vpp, item: InterfaceItem): Promise<{ readonly swIfIndex: number }> {
  switch (item.type) {
    case 'loopback':
      return vpp.clients.interface.createLoopbackInstance({
        macAddress: initialMac(item),
        isSpecified: item.instance !== undefined,
        userInstance: item.instance ?? 0,
      })
    case 'tap':
      return createTap(vpp, item)
    case 'memif':
      return createMemif(vpp, item)
    case 'vlan': {
      const swIfIndex = vpp.snapshot.swIfIndex(item.parent) ?? 0
      return vpp.clients.interface.createVlanSubif({ swIfIndex, vlanId: item.vlan })
    }
  }
}

function createTap({ clients }: Vpp, item: Of<'tap'>): Promise<{ readonly swIfIndex: number }> {
  const { id = NONE, hostName, hostNamespace, hostAddress, ringSize } = item
  return clients.tap.tapCreateV3({
    id,
    useRandomMac: false,
    macAddress: initialMac(item),
    numRxQueues: 1,
    numTxQueues: 1,
    rxRingSz: ringSize,
    txRingSz: ringSize,
    ...(hostName === undefined ? {} : { hostIfNameSet: true, hostIfName: hostName }),
    ...(hostNamespace === undefined ? {} : { hostNamespaceSet: true, hostNamespace }),
    ...hostPrefix(hostAddress),
    tag: interfaceTag(item.name, fingerprintOf(item)),
  })
}

function hostPrefix(address: string | undefined): object {
  if (address === undefined) return {}
  return familyOf(address) === 4
    ? { hostIp4PrefixSet: true, hostIp4Prefix: address }
    : { hostIp6PrefixSet: true, hostIp6Prefix: address }
}

function createMemif({ clients }: Vpp, item: Of<'memif'>): Promise<{ readonly swIfIndex: number }> {
  return clients.memif.memifCreateV2({
    role: item.role === 'master' ? MemifRole.MEMIF_ROLE_API_MASTER : MemifRole.MEMIF_ROLE_API_SLAVE,
    mode: item.mode === 'ethernet' ? MemifMode.MEMIF_MODE_API_ETHERNET : MemifMode.MEMIF_MODE_API_IP,
    rxQueues: item.queues,
    txQueues: item.queues,
    id: item.id,
    socketId: item.socket,
    ringSize: item.ringSize,
    bufferSize: item.bufferSize,
    ...(item.mode === 'ethernet' ? { hwAddr: initialMac(item) } : {}),
    secret: item.secret ?? '',
  })
}

/** Deletes an interface that is of this type. */
export async function removeInterface(
  { clients }: Vpp,
  type: InterfaceValue['type'],
  swIfIndex: number,
): Promise<void> {
  switch (type) {
    case 'loopback':
      await clients.interface.deleteLoopback({ swIfIndex })
      return
    case 'tap':
      await clients.tap.tapDeleteV2({ swIfIndex })
      return
    case 'memif':
      await clients.memif.memifDelete({ swIfIndex })
      return
    case 'vlan':
      await clients.interface.deleteSubif({ swIfIndex })
      return
    case 'other':
      throw new TypeError(`interface ${swIfIndex} is of no type that the agent makes`)
  }
}
