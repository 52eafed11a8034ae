import { BondClient } from '@vpp-ts/binapi-bond'
import { InterfaceClient, type SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { IfStatusFlags, IfType } from '@vpp-ts/binapi-interface-types'
import { MemifClient, MemifMode, MemifRole, type MemifDetails } from '@vpp-ts/binapi-memif'
import { Tapv2Client } from '@vpp-ts/binapi-tapv2'
import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { fingerprintOf, hasOwnMac, initialMac, interfaceTag, isDerivedMac } from '../mark.ts'
import { Matcher, type Match, type Seen, type SeenMemif } from './match.ts'
import type { InterfaceItem } from './schema.ts'
import { tablesOfInterface } from './table.ts'
import { rewriteOf } from './tag-rewrite.ts'
import { tagsOfSeen } from './tags.ts'
import {
  bondClaim,
  createInterface,
  deviceClaim,
  loopbackClaim,
  memifClaim,
  removeInterface,
  subClaim,
  tagsClaim,
  tapClaim,
} from './types.ts'
import type { InterfaceValue, SeenInterface, ToldInterface } from './value.ts'
import { INTERFACE_MESSAGES } from './messages.ts'
import { toldOfBond, toldOfLoopback, toldOfMemif, toldOfSub, toldOfTap } from './told.ts'

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

interface Tap {
  readonly hostName: string
  readonly namespace: string | undefined
  readonly told: ToldInterface
}

interface Memif extends SeenMemif {
  readonly told: ToldInterface
}

interface Bond {
  readonly id: number
  readonly told: ToldInterface
}

interface DriverDetails {
  readonly memifs: ReadonlyMap<number, Memif>
  readonly taps: ReadonlyMap<number, Tap>
  readonly bonds: ReadonlyMap<number, Bond>
  /** Interfaces that are members of bonds, and so have a MAC address that is the bond's. */
  readonly members: ReadonlySet<number>
}

async function driversOf(vpp: Vpp): Promise<DriverDetails> {
  const [memifs, taps, bonds] = await Promise.all([
    ifAvailable(() => vpp.client(MemifClient).memifDump().toArray()),
    ifAvailable(() => vpp.client(Tapv2Client).swInterfaceTapV2Dump({ swIfIndex: NONE }).toArray()),
    ifAvailable(() => vpp.client(BondClient).swBondInterfaceDump({ swIfIndex: NONE }).toArray()),
  ])
  const members = await Promise.all(
    bonds.map(({ swIfIndex }) => vpp.client(BondClient).swMemberInterfaceDump({ swIfIndex }).toArray()),
  )
  return {
    bonds: new Map(bonds.map((it) => [it.swIfIndex, { id: it.id, told: toldOfBond(it) }])),
    members: new Set(members.flat().map(({ swIfIndex }) => swIfIndex)),
    memifs: new Map(
      memifs.map((it) => {
        const role = roleOf(it)
        const mode = it.mode === MemifMode.MEMIF_MODE_API_IP ? 'ip' : 'ethernet'
        return [it.swIfIndex, { id: it.id, socketId: it.socketId, role, told: toldOfMemif(it, role, mode) }]
      }),
    ),
    taps: new Map(
      taps.map((it) => [
        it.swIfIndex,
        {
          hostName: it.hostIfName,
          namespace: it.hostNamespace === '' ? undefined : it.hostNamespace,
          told: toldOfTap(it),
        },
      ]),
    ),
  }
}

function roleOf({ role }: MemifDetails): SeenMemif['role'] {
  return role === MemifRole.MEMIF_ROLE_API_MASTER ? 'master' : 'slave'
}

/** A socket listens or connects: its memifs are all of one role. */
function refuseRole(
  vpp: Pick<Vpp, 'of'>,
  socket: number | undefined,
  role: SeenMemif['role'] | undefined,
): string | undefined {
  for (const { key, value } of vpp.of<InterfaceValue>('interface')) {
    if (value.socket !== socket || value.role === undefined || value.role === role) continue
    return `its socket ${socket} has interface "${key}", which is ${value.role}; all memifs of a socket are of one role`
  }
  return undefined
}

function seenOf(it: SwInterfaceDetails, driver: DriverDetails): Seen {
  const { swIfIndex, interfaceName: name, tag } = it
  const common = { swIfIndex, name, tag, mac: String(it.l2Address) }
  if (it.type === IfType.IF_API_TYPE_SUB) {
    const sub = { parent: it.supSwIfIndex, id: it.subId, tags: tagsOfSeen(it) }
    return { ...common, type: 'vlan', sub }
  }
  const memif = driver.memifs.get(swIfIndex)
  if (memif !== undefined) return { ...common, type: 'memif', memif }
  if (driver.taps.has(swIfIndex)) return { ...common, type: 'tap' }
  const bond = driver.bonds.get(swIfIndex)
  if (bond !== undefined) return { ...common, type: 'bond', bond: bond.id }
  return { ...common, type: it.interfaceDevType === 'Loopback' ? 'loopback' : 'other' }
}

function claimsOfSeen(seen: Seen, parent: string | undefined, tap: Tap | undefined): string[] {
  const number = /^(?:loop|tap)(\d+)$/.exec(seen.name)?.[1]
  if (seen.sub !== undefined) {
    return parent === undefined ? [] : [subClaim(seen.sub.id, parent), tagsClaim(seen.sub.tags, parent)]
  }
  if (seen.bond !== undefined) return [bondClaim(seen.bond)]
  if (seen.memif !== undefined) return [memifClaim(seen.memif.id, seen.memif.socketId)]
  if (tap !== undefined) {
    const device = deviceClaim(tap.hostName, tap.namespace)
    return number === undefined ? [device] : [tapClaim(Number(number)), device]
  }
  return seen.type === 'loopback' && number !== undefined ? [loopbackClaim(Number(number))] : []
}

/** Interfaces: loopbacks, taps, memifs, sub-interfaces and bonds, marked by their tag; and those that VPP has and items adopt. */
export const interfaceObject: ObjectDescriptor<InterfaceValue> = {
  kind: 'interface',
  messages: INTERFACE_MESSAGES,
  // Taps are a plugin since 26.02.
  plugin: ({ type }) => (type === 'memif' || type === 'tap' ? type : undefined),
  itemsOf: ({ key }) => [{ kind: 'interface', key }],
  composite: true,

  dependsOn({ parent, socket }) {
    if (parent !== undefined) return [interfaceId(parent)]
    return socket === undefined || socket === 0 ? [] : [`memif-socket ${socket}`]
  },

  claims: ({ claims }) => claims,
  isFound: ({ type }) => type === 'existing',

  refuse({ type, parent, socket, role }, vpp) {
    if (type === 'memif') return refuseRole(vpp, socket, role)
    if (type !== 'vlan' || parent === undefined) return undefined
    const above = vpp.get<InterfaceValue>('interface', parent)?.value
    const isSub = above?.type === 'vlan' || above?.parent !== undefined
    return isSub
      ? `its parent "${parent}" is a sub-interface; VPP would make the VLAN on the physical interface`
      : undefined
  },

  async look(vpp, wanted) {
    const dump = vpp.client(InterfaceClient).swInterfaceDump({ swIfIndex: NONE })
    const [details, driver] = await Promise.all([dump.toArray(), driversOf(vpp)])
    const all = details.map((it) => ({ it, seen: seenOf(it, driver) }))
    const matches = new Matcher(wanted, vpp.identity).match(all.map(({ seen }) => seen))
    return all.flatMap(({ it, seen }) => {
      const match = matches.get(it.swIfIndex)
      if (match === undefined) return []
      const parent = seen.sub === undefined ? undefined : matches.get(seen.sub.parent)?.key
      const item = wanted.item<InterfaceItem>({ kind: 'interface', key: match.key })
      const hasMadeUpMac = item !== undefined && isDerivedMac(seen.mac, item, vpp.identity)
      return [actualOf(it, seen, match, { parent, driver, hasMadeUpMac })]
    })
  },

  compare(wanted, has) {
    if (wanted.type !== has.type || wanted.fingerprint !== has.fingerprint) return 'replace'
    return has.tagged && sameSettings(wanted, has) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    const source = sourceOf(value)
    const swIfIndex = await createInterface(vpp, source)
    await Promise.all([
      tag(vpp, swIfIndex, source),
      configure(vpp, swIfIndex, value, { ...FRESH, mac: value.mac }),
    ])
    return swIfIndex
  },

  async update(vpp, { value, key }, { value: has }) {
    const swIfIndex = vpp.indexOf('interface', key)
    const source = sourceOf(value)
    const tagged = source.type === 'existing' ? undefined : tag(vpp, swIfIndex, source)
    await Promise.all([tagged, configure(vpp, swIfIndex, value, has)])
  },

  brings: ({ source }) =>
    source === undefined ? [] : [...tablesOfInterface(source.name, 0)].filter(({ kind }) => kind !== 'table'),

  remove: (vpp, { value, key }) => removeInterface(vpp, value.type, vpp.indexOf('interface', key)),

  view({ type, fingerprint, tagged, mtu, linkMtu, mac, parent, socket, seen }) {
    return { type, fingerprint, tagged, mtu, linkMtu, mac, parent, socket, vppName: seen?.vppName }
  },
}

function actualOf(
  it: SwInterfaceDetails,
  seen: Seen,
  { key, foreign, fingerprint, adopted }: Match,
  {
    parent,
    driver,
    hasMadeUpMac,
  }: { parent: string | undefined; driver: DriverDetails; hasMadeUpMac: boolean },
): Actual<InterfaceValue> {
  const value: InterfaceValue = {
    type: adopted ? 'existing' : seen.type,
    fingerprint,
    tagged: adopted || seen.tag !== '',
    mtu: it.mtu[0] === defaultMtu(it) ? undefined : it.mtu[0],
    linkMtu: it.linkMtu,
    mac: driver.members.has(it.swIfIndex) ? undefined : seen.mac,
    parent,
    socket: seen.memif?.socketId,
    role: seen.memif?.role,
    claims: claimsOfSeen(seen, parent, driver.taps.get(it.swIfIndex)),
    seen: {
      vppName: it.interfaceName,
      tag: it.tag,
      adminUp: (it.flags & ADMIN_UP) !== 0,
      linkUp: (it.flags & LINK_UP) !== 0,
      linkSpeed: it.linkSpeed,
      device: it.interfaceDevType,
      isBond: seen.bond !== undefined,
      hasMadeUpMac,
      told: toldOf(it, seen, parent, driver),
      rewrite: rewriteOf(it),
    },
  }
  return { kind: 'interface', key, foreign, value, index: it.swIfIndex }
}

function toldOf(
  it: SwInterfaceDetails,
  { type }: Seen,
  parent: string | undefined,
  { memifs, taps, bonds }: DriverDetails,
): ToldInterface | undefined {
  if (type === 'vlan') return toldOfSub(it, parent)
  if (type === 'loopback') return toldOfLoopback(it)
  return (memifs.get(it.swIfIndex) ?? taps.get(it.swIfIndex) ?? bonds.get(it.swIfIndex))?.told
}

/** What an interface is like that has just been made, but for its MAC address, which is the one that was asked for. */
const FRESH: Omit<Settings, 'mac'> = { mtu: undefined, linkMtu: undefined }

type Settings = Pick<InterfaceValue, 'mtu' | 'linkMtu' | 'mac'> & { readonly seen?: SeenInterface }

/** True for a MAC address that may stay: the one in the item, or a generated one if the item has none. */
function sameMac({ type, mac, source }: InterfaceValue, has: Settings): boolean {
  // An interface created in this process has the address that it was created with; else it has none of its own.
  if (has.mac === undefined) return has.seen !== undefined || mac === undefined
  if (mac !== undefined) return mac === has.mac
  if (type === 'existing' || source === undefined || !hasOwnMac(source)) return true
  return has.seen?.hasMadeUpMac === true
}

function sameSettings(wanted: InterfaceValue, has: Settings): boolean {
  const mtuStays = wanted.type === 'existing' && wanted.mtu === undefined
  return (
    (mtuStays || wanted.mtu === has.mtu) &&
    (wanted.linkMtu === undefined || wanted.linkMtu === has.linkMtu) &&
    sameMac(wanted, has)
  )
}

async function tag(vpp: Vpp, swIfIndex: number, source: InterfaceItem): Promise<void> {
  const request = { isAdd: true, swIfIndex, tag: interfaceTag(source.name, fingerprintOf(source)) }
  await vpp.client(InterfaceClient).swInterfaceTagAddDel(request)
}

/** Sets what differs. The requests are written in this order, and VPP takes them in it. */
async function configure(vpp: Vpp, swIfIndex: number, value: InterfaceValue, has: Settings): Promise<void> {
  const client = vpp.client(InterfaceClient)
  const { mtu, linkMtu, mac, type } = value
  const calls: Promise<unknown>[] = []
  if (linkMtu !== undefined && linkMtu !== has.linkMtu) {
    calls.push(client.hwInterfaceSetMtu({ swIfIndex, mtu: linkMtu }))
  }
  const mtuStays = type === 'existing' && mtu === undefined
  if (!mtuStays && mtu !== has.mtu) calls.push(setMtu(vpp, swIfIndex, mtu))
  if (!sameMac(value, has)) {
    const macAddress = mac ?? initialMac(sourceOf(value), vpp.identity)
    calls.push(client.swInterfaceSetMacAddress({ swIfIndex, macAddress }))
  }
  await Promise.all(calls)
}

/** MTU of an interface without an explicit one: that of the link, which a VLAN takes from its parent. */
function defaultMtu({ type, linkMtu }: SwInterfaceDetails): number {
  return type === IfType.IF_API_TYPE_SUB ? 0 : linkMtu
}

async function setMtu(vpp: Vpp, swIfIndex: number, mtu: number | undefined): Promise<void> {
  const client = vpp.client(InterfaceClient)
  let bytes = mtu
  if (bytes === undefined) {
    const [details] = await client.swInterfaceDump({ swIfIndex }).toArray()
    bytes = details === undefined ? 0 : defaultMtu(details)
  }
  await client.swInterfaceSetMtu({ swIfIndex, mtu: [bytes, 0, 0, 0] })
}

function sourceOf({ source }: InterfaceValue): InterfaceItem {
  if (source === undefined) throw new TypeError('a desired interface has no item')
  return source
}
