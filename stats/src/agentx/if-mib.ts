import type { InterfaceFacts } from '../api/interface-facts.ts'
import type { InterfaceStats } from '../views/interfaces.ts'
import type { MibValue, Variable } from './messages.ts'
import type { Oid } from './oid.ts'
import { MibView } from './view.ts'

const MIB_2: Oid = [1, 3, 6, 1, 2, 1]
const IF_NUMBER: Oid = [...MIB_2, 2, 1]
const IF_TABLE: Oid = [...MIB_2, 2, 2]
const IF_X_TABLE: Oid = [...MIB_2, 31, 1, 1]

/** What of IF-MIB (RFC 2863) is answered: ifNumber, ifTable, ifXTable. */
export const IF_MIB_SUBTREES: readonly Oid[] = [IF_NUMBER, IF_TABLE, IF_X_TABLE]

/** One row. Without VPP's API there are no facts, and the columns that need them are left out. */
interface Row {
  readonly ifIndex: number
  readonly stats: InterfaceStats
  readonly facts: InterfaceFacts | undefined
}

interface Column {
  readonly number: number
  readonly value: (row: Row) => MibValue | undefined
}

/** ianaiftype-mib */
const IF_TYPE = { ethernetCsmacd: 6, softwareLoopback: 24, propVirtual: 53, l2vlan: 135 }
const UP = 1
const DOWN = 2
const NO_MAC = '00:00:00:00:00:00'

const TABLE: readonly Column[] = [
  { number: 1, value: ({ ifIndex }) => integer(ifIndex) },
  { number: 2, value: ({ stats, facts }) => text(facts?.name ?? stats.name) },
  { number: 3, value: ({ facts }) => facts && integer(typeOf(facts)) },
  { number: 4, value: ({ facts }) => facts && integer(Math.min(facts.mtu, 0x7fff_ffff)) },
  { number: 5, value: ({ facts }) => facts && gauge(facts.linkSpeed * 1000) },
  { number: 6, value: ({ facts }) => facts && physicalAddress(facts.mac) },
  { number: 7, value: ({ facts }) => facts && integer(facts.adminUp ? UP : DOWN) },
  { number: 8, value: ({ facts }) => facts && integer(facts.adminUp && facts.linkUp ? UP : DOWN) },
  { number: 10, value: ({ stats }) => counter32(stats.rx.bytes) },
  { number: 11, value: ({ stats }) => counter32(unicastIn(stats)) },
  { number: 13, value: ({ stats }) => counter32(stats.drops + stats.rxNoBuffer + stats.rxMiss) },
  { number: 14, value: ({ stats }) => counter32(stats.rxErrors) },
  { number: 16, value: ({ stats }) => counter32(stats.tx.bytes) },
  { number: 17, value: ({ stats }) => counter32(unicastOut(stats)) },
  { number: 20, value: ({ stats }) => counter32(stats.txErrors) },
]

const X_TABLE: readonly Column[] = [
  { number: 1, value: ({ stats, facts }) => text(facts?.name ?? stats.name) },
  { number: 2, value: ({ stats }) => counter32(stats.rxMulticast.packets) },
  { number: 3, value: ({ stats }) => counter32(stats.rxBroadcast.packets) },
  { number: 4, value: ({ stats }) => counter32(stats.txMulticast.packets) },
  { number: 5, value: ({ stats }) => counter32(stats.txBroadcast.packets) },
  { number: 6, value: ({ stats }) => counter64(stats.rx.bytes) },
  { number: 7, value: ({ stats }) => counter64(unicastIn(stats)) },
  { number: 8, value: ({ stats }) => counter64(stats.rxMulticast.packets) },
  { number: 9, value: ({ stats }) => counter64(stats.rxBroadcast.packets) },
  { number: 10, value: ({ stats }) => counter64(stats.tx.bytes) },
  { number: 11, value: ({ stats }) => counter64(unicastOut(stats)) },
  { number: 12, value: ({ stats }) => counter64(stats.txMulticast.packets) },
  { number: 13, value: ({ stats }) => counter64(stats.txBroadcast.packets) },
  { number: 15, value: ({ facts }) => facts && gauge(Math.round(facts.linkSpeed / 1000)) },
  { number: 18, value: ({ facts }) => facts && text(facts.item === '' ? facts.tag : facts.item) },
  { number: 19, value: () => ({ type: 'timeTicks', value: 0 }) },
]

/**
 * Interfaces as IF-MIB has them, by ifIndex.
 *
 * @param indexOffset ifIndex is sw_if_index and this, since 0 is not an ifIndex
 */
export function interfacesMib(
  interfaces: readonly InterfaceStats[],
  facts: ReadonlyMap<number, InterfaceFacts>,
  indexOffset: number,
): MibView {
  const rows = interfaces.map((stats) => ({
    ifIndex: stats.swIfIndex + indexOffset,
    stats,
    facts: facts.get(stats.swIfIndex),
  }))
  return new MibView([
    { oid: [...IF_NUMBER, 0], ...integer(rows.length) },
    ...variables([...IF_TABLE, 1], TABLE, rows),
    ...variables([...IF_X_TABLE, 1], X_TABLE, rows),
  ])
}

function variables(entry: Oid, columns: readonly Column[], rows: readonly Row[]): Variable[] {
  return columns.flatMap(({ number, value }) =>
    rows.flatMap((row) => {
      const found = value(row)
      return found === undefined ? [] : [{ oid: [...entry, number, row.ifIndex], ...found }]
    }),
  )
}

function typeOf({ isSub, device, mac }: InterfaceFacts): number {
  if (isSub) return IF_TYPE.l2vlan
  if (device === 'Loopback') return IF_TYPE.softwareLoopback
  return mac === NO_MAC ? IF_TYPE.propVirtual : IF_TYPE.ethernetCsmacd
}

function physicalAddress(mac: string): MibValue {
  return {
    type: 'octets',
    value: mac === NO_MAC ? new Uint8Array() : Buffer.from(mac.replaceAll(':', ''), 'hex'),
  }
}

/** VPP counts casts only when told to (collect-detailed-stats); the rest is unicast. */
function unicastIn({ rx, rxMulticast, rxBroadcast }: InterfaceStats): bigint {
  return atLeastZero(rx.packets - rxMulticast.packets - rxBroadcast.packets)
}

function unicastOut({ tx, txMulticast, txBroadcast }: InterfaceStats): bigint {
  return atLeastZero(tx.packets - txMulticast.packets - txBroadcast.packets)
}

/** The counters are read one after the other while VPP counts on. */
function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value
}

function integer(value: number): MibValue {
  return { type: 'integer', value }
}

function gauge(value: number): MibValue {
  return { type: 'gauge32', value: Math.min(value, 0xffff_ffff) }
}

function counter32(value: bigint): MibValue {
  return { type: 'counter32', value: Number(BigInt.asUintN(32, value)) }
}

function counter64(value: bigint): MibValue {
  return { type: 'counter64', value }
}

function text(value: string): MibValue {
  return { type: 'octets', value: Buffer.from(value) }
}
