import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type Actual, type ObjectDescriptor, type Part, type Vpp } from '../descriptor.ts'
import { tableId } from '../table/object.ts'
import { addressesBetween } from './addresses.ts'
import { ADDRESS_MESSAGES, INTERFACE_ADDRESS_MESSAGES } from './messages.ts'
import { ED_FLAG, MODES, ed, ei, isMade, pluginId, pluginOf } from './mode.ts'
import type { Nat44Item, Nat44Mode } from './schema.ts'

/** An address of a pool. */
export interface Nat44AddressValue {
  readonly mode: Nat44Mode
  readonly address: string
  /** Undefined: for the sessions of all tables. */
  readonly table: number | undefined
  readonly twiceNat: boolean
}

/** An interface whose address is in a pool. */
export interface Nat44InterfaceAddressValue {
  readonly mode: Nat44Mode
  readonly interface: string
  readonly twiceNat: boolean
}

/** Id of an address of the outside. */
export function addressId(mode: Nat44Mode, address: string): string {
  return `nat44-address ${mode}/${address}`
}

function keyOf(mode: Nat44Mode, what: string, twiceNat: boolean): string {
  return twiceNat ? `${mode}/twice/${what}` : `${mode}/${what}`
}

/** The pools of an item, address by address. */
export function* poolsFor({ mode, pools }: Nat44Item): Iterable<Part> {
  for (const pool of pools) {
    const { twiceNat } = pool
    if ('interface' in pool) {
      const value: Nat44InterfaceAddressValue = { mode, interface: pool.interface, twiceNat }
      yield { kind: 'nat44-interface-address', key: keyOf(mode, pool.interface, twiceNat), value }
      continue
    }
    for (const address of addressesBetween(pool.first, pool.last ?? pool.first)) {
      const value: Nat44AddressValue = { mode, address, table: pool.table, twiceNat }
      yield { kind: 'nat44-address', key: keyOf(mode, address, twiceNat), value }
    }
  }
}

/** Addresses of pools. VPP keeps no mark on them: the agent's are those that it has recorded. */
export const nat44Address: ObjectDescriptor<Nat44AddressValue> = {
  kind: 'nat44-address',
  messages: ADDRESS_MESSAGES,
  plugin: pluginOf,
  itemsOf: ({ value }) => [{ kind: 'nat44', key: value.mode }],
  dependsOn: ({ mode, table }) => [pluginId(mode), ...(tableIdOf(table) ?? [])],
  claims: ({ mode, address, twiceNat }) =>
    twiceNat ? [] : [`address ${address} in the pools of nat44 ${mode}`],
  recorded: () => true,
  usable: (wanted, has) => wanted.table === has.table,

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => addressesOf(vpp, mode))))
    return found.flat().map((value): Actual<Nat44AddressValue> => {
      const key = keyOf(value.mode, value.address, value.twiceNat)
      return { kind: 'nat44-address', key, foreign: !isMade(wanted, 'nat44-address', key), value }
    })
  },

  async create(vpp, { value }) {
    await addDelAddress(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDelAddress(vpp, value, false),
}

/** Interfaces whose address is in a pool. VPP keeps no mark on them, either; the address it brings is VPP's own. */
export const nat44InterfaceAddress: ObjectDescriptor<Nat44InterfaceAddressValue> = {
  kind: 'nat44-interface-address',
  messages: INTERFACE_ADDRESS_MESSAGES,
  plugin: pluginOf,
  itemsOf: ({ value }) => [{ kind: 'nat44', key: value.mode }],
  dependsOn: ({ mode, interface: name }) => [pluginId(mode), interfaceId(name)],
  lookAfter: ['interface'],
  recorded: () => true,
  usable: () => true,

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => interfacesOf(vpp, mode))))
    return found.flat().map((value): Actual<Nat44InterfaceAddressValue> => {
      const key = keyOf(value.mode, value.interface, value.twiceNat)
      const foreign = !isMade(wanted, 'nat44-interface-address', key)
      return { kind: 'nat44-interface-address', key, foreign, value }
    })
  },

  async create(vpp, { value }) {
    await addDelInterface(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDelInterface(vpp, value, false),
}

function tableIdOf(table: number | undefined): string[] | undefined {
  const id = table === undefined ? undefined : tableId(4, table)
  return id === undefined ? undefined : [id]
}

async function addressesOf(vpp: Vpp, mode: Nat44Mode): Promise<Nat44AddressValue[]> {
  const details: readonly { ipAddress: unknown; vrfId: number; flags?: number }[] =
    mode === 'ed' ? await ed(vpp).nat44AddressDump().toArray() : await ei(vpp).nat44EiAddressDump().toArray()
  return details.map(({ ipAddress, vrfId, flags = 0 }) => ({
    mode,
    address: String(ipAddress),
    table: vrfId === NONE ? undefined : vrfId,
    twiceNat: (flags & ED_FLAG.twiceNat) !== 0,
  }))
}

async function interfacesOf(vpp: Vpp, mode: Nat44Mode): Promise<Nat44InterfaceAddressValue[]> {
  const details: readonly { swIfIndex: number; flags?: number }[] =
    mode === 'ed'
      ? await ed(vpp).nat44InterfaceAddrDump().toArray()
      : await ei(vpp).nat44EiInterfaceAddrDump().toArray()
  return details.map(({ swIfIndex, flags = 0 }) => ({
    mode,
    interface: vpp.interfaceName(swIfIndex),
    twiceNat: (flags & ED_FLAG.twiceNat) !== 0,
  }))
}

async function addDelAddress(vpp: Vpp, value: Nat44AddressValue, isAdd: boolean): Promise<void> {
  const { mode, address, table, twiceNat } = value
  const range = { isAdd, firstIpAddress: address, lastIpAddress: address, vrfId: table ?? NONE }
  if (mode === 'ed')
    await ed(vpp).nat44AddDelAddressRange({ ...range, flags: twiceNat ? ED_FLAG.twiceNat : 0 })
  else await ei(vpp).nat44EiAddDelAddressRange(range)
}

async function addDelInterface(vpp: Vpp, value: Nat44InterfaceAddressValue, isAdd: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', value.interface)
  const flags = value.twiceNat ? ED_FLAG.twiceNat : 0
  if (value.mode === 'ed') await ed(vpp).nat44AddDelInterfaceAddr({ isAdd, swIfIndex, flags })
  else await ei(vpp).nat44EiAddDelInterfaceAddr({ isAdd, swIfIndex })
}
