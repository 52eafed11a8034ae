import type { SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { IfStatusFlags, IfType } from '@vpp-ts/binapi-interface-types'
import type { InterfaceItem } from './schema.ts'
import { pooled } from '../../reconcile/pooled.ts'
import { ifAvailable } from '../available.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { Matcher, type Seen } from './interface-match.ts'
import { createInterface, removeInterface } from './interface-types.ts'
import { fingerprintOf, interfaceTag } from '../mark.ts'
import { interfaceId, objectId, type Actual, type Desired, type InterfaceValue } from '../object.ts'

const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP

/** Ids of the objects that an interface of VPP stands on. */
function refsOf(seen: Seen): string[] {
  if (seen.memif !== undefined) return [objectId('memif-socket', String(seen.memif.socketId))]
  return seen.vlan === undefined ? [] : [interfaceId(seen.vlan.parent)]
}

/** All interfaces as the dumps tell; those first that others are a part of. */
async function see({ clients }: Vpp): Promise<{ details: SwInterfaceDetails[]; driver: DriverDetails }> {
  const [details, memifs, taps] = await Promise.all([
    clients.interface.swInterfaceDump({ swIfIndex: NONE }).toArray(),
    ifAvailable(() => clients.memif.memifDump().toArray()),
    ifAvailable(() => clients.tap.swInterfaceTapV2Dump({ swIfIndex: NONE }).toArray()),
  ])
  details.sort((a, b) => Number(a.type) - Number(b.type) || a.swIfIndex - b.swIfIndex)
  const driver = {
    memifs: new Map(memifs.map((it) => [it.swIfIndex, { id: it.id, socketId: it.socketId }])),
    taps: new Set(taps.map((it) => it.swIfIndex)),
  }
  return { details, driver }
}

interface DriverDetails {
  readonly memifs: ReadonlyMap<number, { readonly id: number; readonly socketId: number }>
  readonly taps: ReadonlySet<number>
}

function seenOf(it: SwInterfaceDetails, driver: DriverDetails, parent: string | undefined): Seen {
  const { swIfIndex, interfaceName: name, tag } = it
  const common = { swIfIndex, name, tag, mac: String(it.l2Address) }
  if (it.type === IfType.IF_API_TYPE_SUB) {
    const isVlan = it.subNumberOfTags === 1 && it.subId === it.subOuterVlanId && parent !== undefined
    return isVlan
      ? { ...common, type: 'vlan', vlan: { parent, tag: it.subOuterVlanId } }
      : { ...common, type: 'other' }
  }
  const memif = driver.memifs.get(swIfIndex)
  if (memif !== undefined) return { ...common, type: 'memif', memif }
  if (driver.taps.has(swIfIndex)) return { ...common, type: 'tap' }
  return { ...common, type: it.interfaceDevType === 'Loopback' ? 'loopback' : 'other' }
}

async function tablesOf({ clients }: Vpp, swIfIndex: number): Promise<[ip4: number, ip6: number]> {
  const [ip4, ip6] = await Promise.all([
    clients.interface.swInterfaceGetTable({ swIfIndex, isIpv6: false }),
    clients.interface.swInterfaceGetTable({ swIfIndex, isIpv6: true }),
  ])
  return [ip4.vrfId, ip6.vrfId]
}

/** Interfaces: loopbacks, taps, memifs and VLANs, marked by their tag. */
export const interfaces: Handler<'interface'> = {
  async look(vpp, wanted) {
    const { details, driver } = await see(vpp)
    const matcher = new Matcher(wanted)
    const names = new Map<number, string>()
    const found: Actual<'interface'>[] = []
    await pooled(details, async (it) => {
      const seen = seenOf(it, driver, names.get(it.supSwIfIndex))
      const { key, owned, fingerprint } = matcher.match(seen)
      names.set(it.swIfIndex, key)
      const [ip4Table, ip6Table] = await tablesOf(vpp, it.swIfIndex)
      const { type, mac } = seen
      const mtu = it.mtu[0] === defaultMtu(it) ? undefined : it.mtu[0]
      const enabled = (it.flags & UP) !== 0
      const value = { type, fingerprint, tagged: seen.tag !== '', enabled, mtu, mac, ip4Table, ip6Table }
      found.push({ kind: 'interface', key, owned, value, refs: refsOf(seen), index: it.swIfIndex })
    })
    return found
  },

  compare({ value }, { value: has }) {
    if (value.type !== has.type || value.fingerprint !== has.fingerprint) return 'replace'
    return has.tagged && sameSettings(value, has) ? 'same' : 'update'
  },

  async create(vpp, desired) {
    const source = sourceOf(desired)
    const swIfIndex = await createInterface(vpp, source)
    const tag = interfaceTag(source.name, fingerprintOf(source))
    await Promise.all([
      vpp.clients.interface.swInterfaceTagAddDel({ isAdd: true, swIfIndex, tag }),
      configure(vpp, swIfIndex, desired.value, FRESH),
    ])
    return swIfIndex
  },

  async update(vpp, desired, { index: swIfIndex = 0, value: has }) {
    const source = sourceOf(desired)
    const tag = interfaceTag(source.name, fingerprintOf(source))
    await Promise.all([
      vpp.clients.interface.swInterfaceTagAddDel({ isAdd: true, swIfIndex, tag }),
      configure(vpp, swIfIndex, desired.value, has),
    ])
  },

  remove(vpp, { index = 0, value }) {
    return removeInterface(vpp, value.type, index)
  },
}

/** What an interface is like that has just been made; its MAC address is the one that was asked for. */
const FRESH = { enabled: false, mtu: undefined, mac: undefined, ip4Table: 0, ip6Table: 0 } as const

type Settings = Pick<InterfaceValue, 'enabled' | 'mtu' | 'mac' | 'ip4Table' | 'ip6Table'>

function sameSettings(value: Settings, has: Settings): boolean {
  return (
    value.enabled === has.enabled &&
    value.ip4Table === has.ip4Table &&
    value.ip6Table === has.ip6Table &&
    value.mtu === has.mtu &&
    (value.mac === undefined || value.mac === has.mac)
  )
}

/** Sets what differs. The requests are written in this order, and VPP takes them in it. */
async function configure(vpp: Vpp, swIfIndex: number, value: Settings, has: Settings): Promise<void> {
  const client = vpp.clients.interface
  const { mtu, mac, enabled, ip4Table, ip6Table } = value
  const calls: Promise<unknown>[] = []
  if (mtu !== has.mtu) calls.push(setMtu(vpp, swIfIndex, mtu))
  if (mac !== undefined && has.mac !== undefined && mac !== has.mac) {
    calls.push(client.swInterfaceSetMacAddress({ swIfIndex, macAddress: mac }))
  }
  if (ip4Table !== has.ip4Table) {
    calls.push(client.swInterfaceSetTable({ swIfIndex, isIpv6: false, vrfId: ip4Table }))
  }
  if (ip6Table !== has.ip6Table) {
    calls.push(client.swInterfaceSetTable({ swIfIndex, isIpv6: true, vrfId: ip6Table }))
  }
  if (enabled !== has.enabled) calls.push(client.swInterfaceSetFlags({ swIfIndex, flags: enabled ? UP : 0 }))
  await Promise.all(calls)
}

/** MTU of an interface that nobody has given one: that of the link, which a VLAN takes from what it is a part of. */
function defaultMtu({ type, linkMtu }: SwInterfaceDetails): number {
  return type === IfType.IF_API_TYPE_SUB ? 0 : linkMtu
}

async function setMtu({ clients }: Vpp, swIfIndex: number, mtu: number | undefined): Promise<void> {
  let bytes = mtu
  if (bytes === undefined) {
    const [details] = await clients.interface.swInterfaceDump({ swIfIndex }).toArray()
    bytes = details === undefined ? 0 : defaultMtu(details)
  }
  await clients.interface.swInterfaceSetMtu({ swIfIndex, mtu: [bytes, 0, 0, 0] })
}

function sourceOf(desired: Desired<'interface'>): InterfaceItem {
  if (desired.source === undefined) throw new TypeError(`interface ${desired.key} without its item`)
  return desired.source
}
