import * as edApi from '@vpp-ts/binapi-nat44-ed'
import * as eiApi from '@vpp-ts/binapi-nat44-ei'
import { ifAvailable } from '../available.ts'
import {
  type FoundView,
  NONE,
  describe,
  interfaceId,
  type Actual,
  type ObjectDescriptor,
  type Vpp,
} from '../descriptor.ts'
import { MARK } from '../mark.ts'
import { addressId } from '../nat44/address.ts'
import { ED_FLAG, MODES, ed, ei, pluginId, pluginOf } from '../nat44/mode.ts'
import { nat44Plugin, pluginFor } from '../nat44/plugin.ts'
import { numberOfProtocol, outsideClaim, protocolOf, type NatProtocol } from '../nat44/protocol.ts'
import type { Nat44Mode } from '../nat44/schema.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { derived, indexOf, item, uses } from '../uses.ts'
import { type Nat44IdentityInput, nat44IdentitySchema, type Nat44IdentityItem } from './schema.ts'
import { brief } from '../brief.ts'
import type { AddressValue } from '../interface/address.ts'

/** What is not translated. */
type Nat44IdentityValue = Omit<Nat44IdentityItem, 'kind'>

/** Tag of one to an interface; VPP gives the mapping that comes of it the same one. */
const INTERFACE_MARK = `${MARK}/interface`

function keyOf({ mode, protocol, address, interface: name, port }: Nat44IdentityValue): string {
  const key = `${protocol}/${address ?? name ?? ''}/${port}`
  return mode === 'ed' ? key : `${mode}/${key}`
}

const wire = {
  flags: derived('address only for protocol `any`'),
  ipAddress: item('address'),
  protocol: item('protocol'),
  port: item('port'),
  swIfIndex: indexOf('interface'),
  vrfId: item('tables[]'),
  tag: derived('the mark'),
}
const isAdd = derived('true to make it, false to remove it')
const MESSAGES = [
  uses(edApi.Nat44AddDelIdentityMapping, { isAdd, ...wire }),
  uses(edApi.Nat44IdentityMappingDump, {}),
  uses(edApi.Nat44IdentityMappingDetails, wire),
  uses(eiApi.Nat44EiAddDelIdentityMapping, { isAdd, ...wire }),
  uses(eiApi.Nat44EiIdentityMappingDump, {}),
  uses(eiApi.Nat44EiIdentityMappingDetails, wire),
]

/** Identity mappings of NAT44, marked by their tag. VPP has one for each table. */
const nat44IdentityObject: ObjectDescriptor<Nat44IdentityValue> = {
  kind: 'nat44-identity',
  messages: MESSAGES,
  plugin: pluginOf,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat44-identity', key }],
  dependsOn: ({ mode, tables, interface: name }) => [
    pluginId(mode),
    ...tables.flatMap((id) => tableId(4, id) ?? []),
    ...(name === undefined ? [] : [interfaceId(name)]),
  ],
  awaits: ({ mode, address }) => (address === undefined ? [] : [addressId(mode, address)]),
  claims: ({ mode, protocol, address, port }) =>
    address === undefined ? [] : [outsideClaim(mode, protocol, address, port)],
  lookAfter: ['interface'],
  composite: true,
  adoptable: true,

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => identitiesOf(vpp, mode))))
    return found.flat().map((it) => {
      return wanted.made('nat44-identity', it.key) === true ? { ...it, foreign: false } : it
    })
  },

  async create(vpp, { value }) {
    const swIfIndex = value.interface === undefined ? NONE : vpp.indexOf('interface', value.interface)
    for (const id of value.tables) await addDel(vpp, value, { id, swIfIndex }, true)
    return undefined
  },

  async update(vpp, { value }, { value: has, index: swIfIndex = NONE }) {
    const missing = value.tables.filter((id) => !has.tables.includes(id))
    const unwanted = has.tables.filter((id) => !value.tables.includes(id))
    for (const id of missing) await addDel(vpp, value, { id, swIfIndex }, true)
    for (const id of unwanted) await addDel(vpp, value, { id, swIfIndex }, false)
  },

  async remove(vpp, { value, index: swIfIndex = NONE }) {
    for (const id of value.tables) await addDel(vpp, value, { id, swIfIndex }, false)
  },

  // VPP knows one table of one to an interface.
  compare(wanted, has) {
    if (JSON.stringify(wanted.tables) === JSON.stringify(has.tables)) return 'same'
    return wanted.interface === undefined ? 'update' : 'replace'
  },
}

async function identitiesOf(vpp: Vpp, mode: Nat44Mode): Promise<Actual<Nat44IdentityValue>[]> {
  const details =
    mode === 'ed'
      ? await ed(vpp).nat44IdentityMappingDump().toArray()
      : await ei(vpp).nat44EiIdentityMappingDump().toArray()
  const found = new Map<string, Actual<Nat44IdentityValue>>()
  for (const it of details) {
    const isResolved = it.swIfIndex === NONE
    if (it.tag === INTERFACE_MARK && isResolved) continue
    const isWhole = (it.flags & ED_FLAG.addressOnly) !== 0
    const protocol: NatProtocol | undefined = isWhole ? 'any' : protocolOf(it.protocol)
    if (protocol === undefined) continue
    const value: Nat44IdentityValue = {
      mode,
      protocol,
      address: isResolved ? String(it.ipAddress) : undefined,
      interface: isResolved ? undefined : vpp.interfaceName(it.swIfIndex),
      port: it.port,
      tables: [it.vrfId === NONE ? 0 : it.vrfId],
    }
    const key = keyOf(value)
    const before = found.get(key)?.value.tables ?? []
    const tables = [...before, ...value.tables].sort((a, b) => a - b)
    const foreign = it.tag !== (isResolved ? MARK : INTERFACE_MARK)
    const index = isResolved ? undefined : it.swIfIndex
    found.set(key, { kind: 'nat44-identity', key, foreign, index, value: { ...value, tables } })
  }
  return [...found.values()]
}

interface Where {
  readonly id: number
  readonly swIfIndex: number
}

async function addDel(
  vpp: Vpp,
  value: Nat44IdentityValue,
  { id, swIfIndex }: Where,
  on: boolean,
): Promise<void> {
  const { mode, protocol, address, port, interface: name } = value
  const request = {
    isAdd: on,
    flags: protocol === 'any' ? ED_FLAG.addressOnly : 0,
    ipAddress: address ?? '0.0.0.0',
    protocol: numberOfProtocol(protocol),
    port,
    swIfIndex,
    vrfId: id,
    tag: name === undefined ? MARK : INTERFACE_MARK,
  }
  if (mode === 'ed') await ed(vpp).nat44AddDelIdentityMapping(request)
  else await ei(vpp).nat44EiAddDelIdentityMapping(request)
}

const DEFAULTS: Partial<Nat44IdentityInput> = { mode: 'ed', protocol: 'any', port: 0, tables: [0] }

function* dump(vpp: FoundView): Iterable<Nat44IdentityInput> {
  const all = Array.from(vpp.of<Nat44IdentityValue>('nat44-identity'), ({ value }) => value)
  const nameOf = (it: Nat44IdentityValue): string =>
    JSON.stringify([it.mode, it.protocol, it.port, it.tables])
  // Of one to an interface VPP reports the mapping to its address as well.
  const named = new Set(all.filter((it) => it.interface !== undefined).map(nameOf))
  for (const value of all) {
    if (value.interface === undefined && named.has(nameOf(value))) {
      const address = `${value.address ?? ''}/`
      const isOfInterface = Array.from(vpp.all<AddressValue>('address')).some((it) =>
        it.value.address.startsWith(address),
      )
      if (isOfInterface) continue
    }
    yield {
      kind: 'nat44-identity',
      ...brief<Partial<Nat44IdentityInput>>({ ...value, tables: [...value.tables] }, DEFAULTS),
    }
  }
}

/** What NAT44 does not translate. */
export const nat44Identity = describe<Nat44IdentityItem, 'nat44-identity'>({
  kind: 'nat44-identity',
  schema: nat44IdentitySchema,
  keyOf,
  collection: {
    path: 'nat44-identities',
    key: 'protocol/address/port',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const mode = key.startsWith('ei/') ? { mode: 'ei' } : {}
      const [protocol, ...rest] = key.replace(/^ei\//, '').split('/')
      const port = Number(rest.pop())
      const end = rest.join('/')
      const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(end)
      return { ...mode, protocol, ...(isAddress ? { address: end } : { interface: end }), port }
    },
  },
  objects: [table, nat44Plugin, nat44IdentityObject],
  dump,
  *decompose({ mode, protocol, address, interface: name, port, tables }, key) {
    for (const id of tables) yield* tablesFor(id, [4])
    yield pluginFor(mode)
    const value: Nat44IdentityValue = { mode, protocol, address, interface: name, port, tables }
    yield { kind: 'nat44-identity', key, value }
  },
})
