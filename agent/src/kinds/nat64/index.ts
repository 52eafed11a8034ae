import * as api from '@vpp-ts/binapi-nat64'
import { Nat64Client } from '@vpp-ts/binapi-nat64'
import { ifAvailable } from '../available.ts'
import { type FoundView, NONE, describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { sidesIn, sideKind, sidesOf } from '../nat/side.ts'
import { timeoutsFor, timeoutsKind } from '../nat/timeouts.ts'
import { addressesBetween, rangesOf } from '../nat44/addresses.ts'
import { ED_FLAG, isMade } from '../nat44/mode.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { derived, item, unused, uses } from '../uses.ts'
import { type Nat64Input, nat64Schema, type Nat64Item } from './schema.ts'
import { brief, grouped } from '../brief.ts'
import { timeoutsIn, type NatTimeouts } from '../nat44/settings.ts'
import { MOST_ADDRESSES } from '../nat44/schema.ts'

/** An address of the outside. */
interface Nat64AddressValue {
  readonly address: string
  /** Undefined: for the sessions of all tables. */
  readonly table: number | undefined
}

/** A prefix that stands for IPv4. */
interface Nat64PrefixValue {
  readonly prefix: string
  readonly table: number
}

const isAdd = derived('true to make it, false to remove it')
const chosen = unused('VPP does not tell it; the agent takes the defaults')

/**
 * Turns NAT64 on. VPP does not report whether it is on, and answers 1, which is not an error, if it already is. The agent
 * never turns it off: docs/decisions/0041-translations-stay-on.md.
 */
const ENABLE = uses(api.Nat64PluginEnableDisable, {
  bibBuckets: chosen,
  bibMemorySize: chosen,
  stBuckets: chosen,
  stMemorySize: chosen,
  enable: derived('true'),
})

/** Turns NAT64 on where it is off. */
export async function enableNat64(vpp: Vpp): Promise<void> {
  await client(vpp).nat64PluginEnableDisable({ enable: true })
}

function client(vpp: Vpp): Nat64Client {
  return vpp.client(Nat64Client)
}

/** Id of an address of the outside. */
export function nat64AddressId(address: string): string {
  return `nat64-address ${address}`
}

const side = {
  flags: derived('from `inside` and `outside`'),
  swIfIndex: derived('index of a name in `inside` or `outside`'),
}

const nat64Side = sideKind({
  kind: 'nat64-interface',
  plugin: 'nat64',
  hasBoth: true,
  messages: [
    uses(api.Nat64AddDelInterface, { isAdd, ...side }),
    uses(api.Nat64InterfaceDump, {}),
    uses(api.Nat64InterfaceDetails, side),
    ENABLE,
  ],
  async read(vpp) {
    const details = await client(vpp).nat64InterfaceDump().toArray()
    return details.map(({ swIfIndex, flags }) => ({
      swIfIndex,
      inside: (flags & ED_FLAG.inside) !== 0,
      outside: (flags & ED_FLAG.outside) !== 0,
    }))
  },
  async set(vpp, { swIfIndex, isInside, isAdd: on }) {
    const flags = isInside ? ED_FLAG.inside : ED_FLAG.outside
    await client(vpp).nat64AddDelInterface({ isAdd: on, swIfIndex, flags })
  },
  enable: enableNat64,
})

const seconds = {
  udp: item('timeouts.udp'),
  tcpEstablished: item('timeouts.tcpEstablished'),
  tcpTransitory: item('timeouts.tcpTransitory'),
  icmp: item('timeouts.icmp'),
}

const nat64Timeouts = timeoutsKind({
  kind: 'nat64-timeouts',
  plugin: 'nat64',
  messages: [
    uses(api.Nat64SetTimeouts, seconds),
    uses(api.Nat64GetTimeouts, {}),
    uses(api.Nat64GetTimeoutsReply, { retval: derived('whether it is told'), ...seconds }),
    ENABLE,
  ],
  read: (vpp) => client(vpp).nat64GetTimeouts(),
  set: (vpp, timeouts) => client(vpp).nat64SetTimeouts(timeouts),
  enable: enableNat64,
})

/** Addresses of the outside. VPP keeps no mark on them: the agent's are those that it has recorded. */
const nat64Address: ObjectDescriptor<Nat64AddressValue> = {
  kind: 'nat64-address',
  messages: [
    uses(api.Nat64AddDelPoolAddrRange, {
      startAddr: derived('each address of `pools[].first` to `pools[].last`'),
      endAddr: derived('the same address'),
      vrfId: item('pools[].table'),
      isAdd,
    }),
    uses(api.Nat64PoolAddrDump, {}),
    uses(api.Nat64PoolAddrDetails, {
      address: derived('an address of `pools`'),
      vrfId: item('pools[].table'),
    }),
    ENABLE,
  ],
  plugin: () => 'nat64',
  itemsOf: () => [{ kind: 'nat64', key: 'nat64' }],
  dependsOn: ({ table: id = 0 }) => [tableId(6, id)].filter((it) => it !== undefined),
  recorded: () => true,
  usable: (wanted, has) => wanted.table === has.table,

  async look(vpp, wanted) {
    const details = await ifAvailable(() => client(vpp).nat64PoolAddrDump().toArray())
    return details.map(({ address, vrfId }) => {
      const key = String(address)
      const value = { address: key, table: vrfId === NONE ? undefined : vrfId }
      return { kind: 'nat64-address', key, foreign: !isMade(wanted, 'nat64-address', key), value }
    })
  },

  async create(vpp, { value }) {
    await enableNat64(vpp)
    await addDelAddress(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDelAddress(vpp, value, false),
}

async function addDelAddress(vpp: Vpp, value: Nat64AddressValue, on: boolean): Promise<void> {
  const { address, table: id = NONE } = value
  await client(vpp).nat64AddDelPoolAddrRange({ isAdd: on, startAddr: address, endAddr: address, vrfId: id })
}

const prefixFields = { prefix: item('prefixes[].prefix'), vrfId: item('prefixes[].table') }

/** Prefixes that stand for IPv4; VPP has one for each table, and keeps no mark on it. */
const nat64Prefix: ObjectDescriptor<Nat64PrefixValue> = {
  kind: 'nat64-prefix',
  messages: [
    uses(api.Nat64AddDelPrefix, { ...prefixFields, isAdd }),
    uses(api.Nat64PrefixDump, {}),
    uses(api.Nat64PrefixDetails, prefixFields),
    ENABLE,
  ],
  plugin: () => 'nat64',
  leaf: true,
  itemsOf: () => [{ kind: 'nat64', key: 'nat64' }],
  dependsOn: ({ table: id }) => [tableId(6, id)].filter((it) => it !== undefined),
  recorded: () => true,
  usable: (wanted, has) => wanted.prefix === has.prefix,

  look: async (vpp, wanted) =>
    (await prefixesOf(vpp)).map((value) => {
      const key = String(value.table)
      return { kind: 'nat64-prefix', key, foreign: !isMade(wanted, 'nat64-prefix', key), value }
    }),

  async create(vpp, { value }) {
    await enableNat64(vpp)
    await client(vpp).nat64AddDelPrefix({ isAdd: true, prefix: value.prefix, vrfId: value.table })
    return undefined
  },

  // Another prefix takes the place of the one that is there.
  async update(vpp, { value }) {
    await client(vpp).nat64AddDelPrefix({ isAdd: true, prefix: value.prefix, vrfId: value.table })
  },

  async remove(vpp, { value }) {
    await client(vpp).nat64AddDelPrefix({ isAdd: false, prefix: value.prefix, vrfId: value.table })
  },
}

async function prefixesOf(vpp: Vpp): Promise<Nat64PrefixValue[]> {
  const details = await ifAvailable(() => client(vpp).nat64PrefixDump().toArray())
  return details.map(({ prefix, vrfId }) => ({ prefix: String(prefix), table: vrfId }))
}

function* dump(vpp: FoundView): Iterable<Nat64Input> {
  const alike = grouped(vpp.of<Nat64AddressValue>('nat64-address'), ({ value }) => value.table)
  const pools = [...alike].flatMap(([id, group]) => {
    const addresses = group.map(({ value }) => value.address)
    return Array.from(rangesOf(addresses, MOST_ADDRESSES), ({ first, last }) => ({
      first,
      ...brief({ last, table: id }, { last: first }),
    }))
  })
  const prefixes = Array.from(
    vpp.of<Nat64PrefixValue>('nat64-prefix'),
    ({ value: { prefix, table: id } }) => ({
      prefix,
      ...brief({ table: id }, { table: 0 }),
    }),
  )
  const timeouts = timeoutsIn(vpp.get<NatTimeouts>('nat64-timeouts', 'nat64')?.value)
  const lists = { ...sidesIn(vpp, 'nat64-interface'), pools, prefixes, timeouts }
  const said = brief<Partial<Nat64Input>>(lists, { inside: [], outside: [], pools: [], prefixes: [] })
  if (Object.keys(said).length > 0) yield { kind: 'nat64', ...said }
}

/** NAT64. */
export const nat64 = describe<Nat64Item, 'nat64'>({
  kind: 'nat64',
  schema: nat64Schema,
  keyOf: () => 'nat64',
  collection: {
    path: 'nat64s',
    key: 'nat64',
    expected: 'nat64',
    keyOfPath: (text) => (text === 'nat64' ? text : undefined),
    fieldsOf: () => ({}),
  },
  unmarked: true,
  objects: [table, nat64Side, nat64Timeouts, nat64Address, nat64Prefix],
  dump,
  *decompose(it) {
    yield* sidesOf('nat64-interface', it)
    yield* timeoutsFor('nat64-timeouts', 'nat64', it.timeouts)
    for (const { first, last = first, table: id } of it.pools) {
      yield* tablesFor(id ?? 0, [6])
      for (const address of addressesBetween(first, last)) {
        yield { kind: 'nat64-address', key: address, value: { address, table: id } }
      }
    }
    for (const { prefix, table: id } of it.prefixes) {
      yield* tablesFor(id, [6])
      yield { kind: 'nat64-prefix', key: String(id), value: { prefix, table: id } }
    }
  },
})
