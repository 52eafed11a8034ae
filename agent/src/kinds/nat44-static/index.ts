import { type FoundView, describe, type Actual, type ObjectDescriptor, type Part } from '../descriptor.ts'
import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type Vpp } from '../descriptor.ts'
import { MARK } from '../mark.ts'
import { addressId } from '../nat44/address.ts'
import { ED_FLAG, MODES, ed, ei, pluginId, pluginOf } from '../nat44/mode.ts'
import { nat44Plugin, pluginFor } from '../nat44/plugin.ts'
import { numberOfProtocol, outsideClaim, protocolOf } from '../nat44/protocol.ts'
import type { Nat44Mode } from '../nat44/schema.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { type Nat44StaticInput, nat44StaticSchema, type Nat44StaticItem } from './schema.ts'
import { NAT44_STATIC_MESSAGES } from './messages.ts'
import { brief } from '../brief.ts'

/** A static mapping of NAT44. */
type Nat44StaticValue = Omit<Nat44StaticItem, 'kind'>

function keyOf(it: Nat44StaticValue): string {
  const outside = it.externalAddress ?? it.externalInterface ?? ''
  const key = `${it.protocol}/${outside}/${it.externalPort}/${it.table}`
  return it.mode === 'ed' ? key : `${it.mode}/${key}`
}

/**
 * What VPP does not report of a mapping is in its tag: of one to an interface the flags, and the address of a pool. VPP
 * gives the mapping that comes of one to an interface the same tag.
 */
function tagOf(value: Nat44StaticValue): string {
  const { externalInterface, poolAddress } = value
  if (externalInterface === undefined && poolAddress === undefined) return MARK
  const where = externalInterface === undefined ? '-' : 'interface'
  return `${MARK}/${where}/${flagsOf(value)}/${poolAddress ?? ''}`
}

function flagsOf({ protocol, twiceNat, outToInOnly }: Nat44StaticValue): number {
  const twice = { no: 0, yes: ED_FLAG.twiceNat, self: ED_FLAG.selfTwiceNat }[twiceNat]
  return twice | (outToInOnly ? ED_FLAG.outToInOnly : 0) | (protocol === 'any' ? ED_FLAG.addressOnly : 0)
}

/** Static mappings of NAT44, marked by their tag. */
const nat44StaticObject: ObjectDescriptor<Nat44StaticValue> = {
  kind: 'nat44-static',
  messages: NAT44_STATIC_MESSAGES,
  plugin: pluginOf,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat44-static', key }],
  dependsOn: ({ mode, table: id, externalInterface }) => [
    pluginId(mode),
    ...(tableId(4, id) === undefined ? [] : [`table 4/${id}`]),
    ...(externalInterface === undefined ? [] : [interfaceId(externalInterface)]),
  ],
  // In mode `ei` a port has to be in the pool, and an address stays while a port of it is mapped.
  awaits: ({ mode, externalAddress }) =>
    externalAddress === undefined ? [] : [addressId(mode, externalAddress)],
  // VPP refuses a second external address for one local address and port.
  claims(it) {
    const local = `NAT44 of ${it.protocol} ${it.localAddress}:${it.localPort} in table ${it.table}`
    const outside =
      it.externalAddress === undefined
        ? []
        : [outsideClaim(it.mode, it.protocol, it.externalAddress, it.externalPort)]
    return it.outToInOnly ? outside : [it.mode === 'ed' ? local : `${it.mode}: ${local}`, ...outside]
  },
  lookAfter: ['interface'],
  adoptable: true,

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => mappingsOf(vpp, mode))))
    return found.flat().map(({ value, tag, swIfIndex }): Actual<Nat44StaticValue> => {
      const key = keyOf(value)
      const foreign = tag !== tagOf(value) && wanted.made('nat44-static', key) !== true
      const index = swIfIndex === NONE ? undefined : swIfIndex
      return { kind: 'nat44-static', key, foreign, index, value }
    })
  },

  async create(vpp, { value }) {
    const { externalInterface: name } = value
    await addDel(vpp, value, name === undefined ? NONE : vpp.indexOf('interface', name), true)
    return undefined
  },

  remove: (vpp, { value, index }) => addDel(vpp, value, index ?? NONE, false),
}

interface Found {
  readonly value: Nat44StaticValue
  readonly tag: string
  readonly swIfIndex: number
}

/** The mappings of a mode, without those that VPP has made of one to an interface. */
async function mappingsOf(vpp: Vpp, mode: Nat44Mode): Promise<Found[]> {
  const details =
    mode === 'ed'
      ? await ed(vpp).nat44StaticMappingDump().toArray()
      : await ei(vpp).nat44EiStaticMappingDump().toArray()
  return details.flatMap((it) => {
    const { tag, externalSwIfIndex: swIfIndex } = it
    const [mark, where, told, poolAddress] = tag.split('/')
    const isResolved = swIfIndex === NONE
    if (mark === MARK && where === 'interface' && isResolved) return []
    // Of one to an interface VPP does not report all flags.
    const flags = mark === MARK && !isResolved && told !== undefined ? Number(told) : it.flags
    const protocol = (flags & ED_FLAG.addressOnly) === 0 ? protocolOf(it.protocol) : 'any'
    if (protocol === undefined) return []
    const value: Nat44StaticValue = {
      mode,
      protocol,
      localAddress: String(it.localIpAddress),
      localPort: it.localPort,
      externalAddress: isResolved ? String(it.externalIpAddress) : undefined,
      externalInterface: isResolved ? undefined : vpp.interfaceName(swIfIndex),
      externalPort: it.externalPort,
      table: it.vrfId === NONE ? 0 : it.vrfId,
      twiceNat: twiceNatOf(mode === 'ed' ? flags : 0),
      outToInOnly: mode === 'ed' && (flags & ED_FLAG.outToInOnly) !== 0,
      poolAddress: mark === MARK && poolAddress !== undefined && poolAddress !== '' ? poolAddress : undefined,
    }
    return [{ value, tag, swIfIndex }]
  })
}

function twiceNatOf(flags: number): Nat44StaticValue['twiceNat'] {
  if ((flags & ED_FLAG.twiceNat) !== 0) return 'yes'
  return (flags & ED_FLAG.selfTwiceNat) === 0 ? 'no' : 'self'
}

async function addDel(vpp: Vpp, value: Nat44StaticValue, swIfIndex: number, isAdd: boolean): Promise<void> {
  const { mode, protocol, localAddress, localPort, externalAddress, externalPort, table: vrfId } = value
  const mapping = {
    isAdd,
    localIpAddress: localAddress,
    externalIpAddress: externalAddress ?? '0.0.0.0',
    protocol: numberOfProtocol(protocol),
    localPort,
    externalPort,
    externalSwIfIndex: swIfIndex,
    vrfId,
    tag: tagOf(value),
  }
  const flags = flagsOf(value)
  if (mode === 'ei') await ei(vpp).nat44EiAddDelStaticMapping({ ...mapping, flags })
  else {
    const poolIpAddress = value.poolAddress ?? '0.0.0.0'
    await ed(vpp).nat44AddDelStaticMappingV2({ ...mapping, flags, poolIpAddress })
  }
}

/** Fields of an item from its key, `[ei/]protocol/outside/port/table`. */
export function outsideOf(key: string): {
  readonly mode: Nat44Mode
  readonly protocol: string | undefined
  /** An address, or the name of an interface, which may have slashes. */
  readonly outside: string
  readonly port: number
  readonly table: number
} {
  const isEi = key.startsWith('ei/')
  const [protocol, ...rest] = (isEi ? key.slice('ei/'.length) : key).split('/')
  const id = Number(rest.pop())
  const port = Number(rest.pop())
  return { mode: isEi ? 'ei' : 'ed', protocol, outside: rest.join('/'), port, table: id }
}

const IS_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/

const DEFAULTS: Partial<Nat44StaticInput> = {
  mode: 'ed',
  protocol: 'any',
  localPort: 0,
  externalPort: 0,
  table: 0,
  twiceNat: 'no',
  outToInOnly: false,
}

function* dump(vpp: FoundView): Iterable<Nat44StaticInput> {
  const all = Array.from(vpp.of<Nat44StaticValue>('nat44-static'), ({ value }) => value)
  const nameOf = (it: Nat44StaticValue): string =>
    JSON.stringify([it.mode, it.protocol, it.localAddress, it.localPort, it.externalPort, it.table])
  // Of one to an interface VPP reports the mapping to its address as well.
  const named = new Set(all.filter((it) => it.externalInterface !== undefined).map(nameOf))
  for (const value of all) {
    const { localAddress, ...rest } = value
    if (value.externalInterface !== undefined || !named.has(nameOf(value)))
      yield { kind: 'nat44-static', localAddress, ...brief<Partial<Nat44StaticInput>>(rest, DEFAULTS) }
  }
}

/** Static mappings of NAT44. */
export const nat44Static = describe<Nat44StaticItem, 'nat44-static'>({
  kind: 'nat44-static',
  schema: nat44StaticSchema,
  keyOf,
  collection: {
    path: 'nat44-statics',
    key: 'protocol/address/port/table of the outside',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const { mode, protocol, outside, port, table: id } = outsideOf(key)
      const external = IS_ADDRESS.test(outside)
        ? { externalAddress: outside }
        : { externalInterface: outside }
      return { ...(mode === 'ed' ? {} : { mode }), protocol, ...external, externalPort: port, table: id }
    },
  },
  objects: [table, nat44Plugin, nat44StaticObject],
  dump,
  *decompose(item, key): Iterable<Part> {
    const value = ordered(item)
    yield* tablesFor(value.table, [4])
    yield pluginFor(value.mode)
    yield { kind: 'nat44-static', key, value }
  },
})

/** The fields in the order of those that are looked at. */
function ordered(value: Nat44StaticValue): Nat44StaticValue {
  const { mode, protocol, localAddress, localPort, externalAddress, externalInterface } = value
  const { externalPort, table: id, twiceNat, outToInOnly, poolAddress } = value
  const ends = { mode, protocol, localAddress, localPort, externalAddress, externalInterface, externalPort }
  return { ...ends, table: id, twiceNat, outToInOnly, poolAddress }
}
