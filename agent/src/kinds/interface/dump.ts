import { brief, grouped } from '../brief.ts'
import type { Actual, FoundView } from '../descriptor.ts'
import { fingerprintOf, hasOwnMac } from '../mark.ts'
import type { AddressValue } from './address.ts'
import type { BondMemberValue } from './bond-member.ts'
import type { LinuxCpValue } from './linux-cp.ts'
import type { RouterAdvertisementsValue } from './router-advertisements.ts'
import type { InterfaceInput, InterfaceItem } from './schema.ts'
import type { InterfaceTableValue } from './table.ts'
import type { TagRewriteValue } from './tag-rewrite.ts'
import type { UnnumberedValue } from './unnumbered.ts'
import type { InterfaceValue } from './value.ts'

type Fields = Readonly<Record<string, unknown>>

/** VPP's own, which is not configured. */
const LOCAL = 'local0'
/** MTU of most links as VPP makes them. */
const LINK_MTU = 9000
/** Queues that are tried where VPP does not report how many there are. */
const QUEUES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64]

/** Numbers of queues of both directions as items may have asked for them. */
function* queues(): Iterable<Fields> {
  yield {}
  for (const rxQueues of [undefined, ...QUEUES]) {
    for (const txQueues of [undefined, ...QUEUES]) yield { rxQueues, txQueues }
  }
}

/** What an interface may have been made with that VPP does not report. */
function* untold(type: InterfaceValue['type']): Iterable<Fields> {
  if (type === 'memif') {
    for (const dma of [false, true])
      for (const zeroCopy of [true, false])
        for (const number of QUEUES) yield { queues: number, dma, zeroCopy }
  } else if (type === 'tap') yield* queues()
  else if (type === 'bond') yield* [{ gso: false }, { gso: true }]
  else yield {}
}

/** All choices of some fields. */
function* choicesOf(fields: Fields): Iterable<Fields> {
  const names = Object.keys(fields)
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    yield Object.fromEntries(names.filter((_, at) => (bits & (1 << at)) !== 0).map((it) => [it, fields[it]]))
  }
}

/** Fields that an interface with this fingerprint was made with; undefined where VPP does not report all of them. */
function madeWith({ type, fingerprint, seen }: InterfaceValue): Fields | undefined {
  const { fixed, maybe } = seen?.told ?? { fixed: {}, maybe: {} }
  for (const more of untold(type)) {
    for (const chosen of choicesOf(maybe)) {
      const fields: Fields = { ...fixed, ...more, ...chosen }
      for (const it of [fields, withFirstAddress(fields)]) {
        if (fingerprintOf({ type, ...it } as InterfaceItem) === fingerprint) return it
      }
    }
  }
  return undefined
}

/** The only address, or the other order: VPP does not report which came first. */
function withFirstAddress({ hostAddress, hostAddress2, ...rest }: Fields): Fields {
  return hostAddress2 === undefined ? rest : { ...rest, hostAddress: hostAddress2, hostAddress2: hostAddress }
}

/** What an item says by leaving it out, by type. */
const DEFAULTS: Fields = {
  bufferSize: 2048,
  checksumOffload: false,
  dma: false,
  ethertype: 'dot1q',
  groCoalesce: false,
  gso: false,
  numaOnly: false,
  packed: false,
  persist: false,
  queues: 1,
  socket: 0,
  tun: false,
  zeroCopy: true,
}
const RING_SIZES: Readonly<Record<string, number>> = { memif: 1024, tap: 256 }

/** What hangs on interfaces, by their names. */
class Hangers {
  readonly #vpp: FoundView
  readonly #addresses: ReadonlyMap<string, Actual<AddressValue>[]>
  readonly #members: ReadonlyMap<string, Actual<BondMemberValue>[]>

  constructor(vpp: FoundView) {
    this.#vpp = vpp
    this.#addresses = grouped(vpp.of<AddressValue>('address'), ({ value }) => value.interface)
    this.#members = grouped(vpp.of<BondMemberValue>('bond-member'), ({ value }) => value.bond)
  }

  /** Table of both families; undefined where they are not of one. */
  tableOf(name: string): number | undefined {
    const [ip4, ip6] = ([4, 6] as const).map(
      (family) => this.#vpp.get<InterfaceTableValue>('interface-table', `${name}/${family}`)?.value.table,
    )
    return ip4 === ip6 ? ip4 : undefined
  }

  /** Fields that every type has. */
  common(name: string, { mtu, linkMtu, type, parent }: InterfaceValue): Fields {
    const addresses = (this.#addresses.get(name) ?? []).map(({ value }) => value.address).sort()
    const fields = {
      enabled: this.#vpp.get('interface-up', name) !== undefined,
      mtu,
      linkMtu: type === 'vlan' || parent !== undefined ? undefined : linkMtu,
      addresses,
      unnumbered: this.#own<UnnumberedValue>('unnumbered', name)?.of,
      linuxCp: this.#linuxCp(name),
      routerAdvertisements: this.#advertisements(name),
    }
    return brief<Fields>(fields, { enabled: true, linkMtu: LINK_MTU, addresses: [] })
  }

  membersOf(bond: string): readonly Fields[] {
    return (this.#members.get(bond) ?? [])
      .map(({ value: { interface: name, passive, longTimeout, weight } }) => ({
        interface: name,
        ...brief({ passive, longTimeout, weight }, { passive: false, longTimeout: false, weight: 0 }),
      }))
      .sort((a, b) => (a.interface < b.interface ? -1 : 1))
  }

  rewriteOf(name: string): Fields | undefined {
    const it = this.#own<TagRewriteValue>('tag-rewrite', name)?.rewrite
    return it === undefined ? undefined : brief<Fields>({ ...it }, { pop: 0, push: [], ethertype: 'dot1q' })
  }

  #own<V>(kind: string, name: string): V | undefined {
    const it = this.#vpp.get<V>(kind, name)
    return it?.foreign === true ? undefined : it?.value
  }

  #linuxCp(name: string): Fields | undefined {
    const it = this.#own<LinuxCpValue>('linux-cp', name)
    if (it === undefined) return undefined
    const { hostName, hostType, namespace } = it
    return brief<Fields>({ hostName, hostType, namespace }, { hostType: 'tap' })
  }

  #advertisements(name: string): Fields | undefined {
    const it = this.#own<RouterAdvertisementsValue>('router-advertisements', name)
    if (it === undefined) return undefined
    const { interface: _name, prefixes, maximumInterval, ...rest } = it
    const usual = {
      managed: false,
      other: false,
      unicast: false,
      linkLayerAddress: true,
      maximumInterval: 200,
      minimumInterval: Math.max(3, Math.floor(maximumInterval * 0.75)),
      lifetime: Math.min(9000, maximumInterval * 3),
      prefixes: [],
    }
    const list = prefixes.map(({ prefix, ...more }) => ({
      prefix,
      ...brief(more, {
        validLifetime: 2_592_000,
        preferredLifetime: 604_800,
        autonomous: true,
        onLink: true,
      }),
    }))
    return brief<Fields>({ ...rest, maximumInterval, prefixes: list }, usual)
  }
}

/** An interface that the agent has made. */
function madeItem(vpp: FoundView, on: Hangers, { key, value }: Actual<InterfaceValue>): Fields | undefined {
  const { type, fingerprint, mac, seen } = value
  const ref = { kind: 'interface', key }
  const isThis = (it: InterfaceItem | undefined): it is InterfaceItem =>
    it !== undefined && it.type === type && fingerprintOf(it) === fingerprint
  const [given, declared] = [vpp.given<InterfaceItem>(ref), vpp.declared<InterfaceItem>(ref)]
  const alike = isThis(given) ? given : isThis(declared) ? declared : undefined
  const fields = alike === undefined ? madeWith(value) : { ...fixedFields(alike), ...secretOf(alike) }
  if (fields === undefined) return undefined
  const made = { type, ...fields } as InterfaceItem
  const mayHaveMac = hasOwnMac(made) && mac !== undefined && seen?.hasMadeUpMac !== true
  const said = brief(fields, { ...DEFAULTS, ringSize: RING_SIZES[type] })
  const members = type === 'bond' ? on.membersOf(key) : []
  return {
    kind: 'interface',
    type,
    name: key,
    ...said,
    ...(mayHaveMac ? { mac } : {}),
    ...on.common(key, value),
    ...brief<Fields>(
      { table: on.tableOf(key), tagRewrite: on.rewriteOf(key), members },
      { table: 0, members: [] },
    ),
  }
}

/** What cannot be changed of a declared interface, without secrets and what is reported elsewhere. */
function fixedFields(item: InterfaceItem): Fields {
  const { kind: _kind, name: _name, ...rest } = item as InterfaceItem & Fields
  const others = ['type', 'enabled', 'mtu', 'linkMtu', 'mac', 'addresses', 'unnumbered', 'table', 'linuxCp']
  const more = [
    'routerAdvertisements',
    'rxMode',
    'rxPlacement',
    'tagRewrite',
    'members',
    'secret',
    'onRemove',
  ]
  const left = new Set([...others, ...more])
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !left.has(name)))
}

function secretOf(item: InterfaceItem): Fields {
  return 'secret' in item && item.secret !== undefined ? { secret: item.secret } : {}
}

/** A foreign interface, as one that an item adopts. */
function existingItem(on: Hangers, { key, value }: Actual<InterfaceValue>): Fields {
  const table = brief({ table: on.tableOf(key) }, { table: 0 })
  return { kind: 'interface', type: 'existing', name: key, ...on.common(key, value), ...table }
}

/** Interfaces: those of the agent as they were made, all others as existing ones. */
export function* dumpInterfaces(vpp: FoundView): Iterable<InterfaceInput> {
  const on = new Hangers(vpp)
  // What linux-cp makes in VPP for a pair comes and goes with it.
  const ofPairs = new Set(Array.from(vpp.all<LinuxCpValue>('linux-cp'), ({ index }) => index))
  for (const it of vpp.of<InterfaceValue>('interface')) {
    const { key, index, value } = it
    const ref = { kind: 'interface', key }
    if (key === LOCAL || ofPairs.has(index)) continue
    if (key.includes('~')) vpp.leaveOut(ref, 'another interface has its name', value.type !== 'existing')
    else if (value.type === 'existing') {
      if (value.seen?.isBond === true)
        vpp.leaveOut(ref, 'the members of the bond stay as they are: the agent did not make it')
      yield existingItem(on, it) as InterfaceInput
    } else {
      const item = madeItem(vpp, on, it)
      if (item !== undefined) yield item as InterfaceInput
      else {
        const reason =
          'it was made with something that VPP does not tell, such as a secret; give the item as it was'
        vpp.leaveOut(ref, reason, true)
      }
    }
  }
}
