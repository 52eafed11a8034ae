const RX_FIELDS = ['packets', 'bytes', 'wakeups', 'badDescriptor', 'badChain', 'tooLong', 'badIndex'] as const
const TX_FIELDS = [
  'packets',
  'bytes',
  'signals',
  'full',
  'empty',
  'tooLong',
  'badBuffer',
  'badIndex',
] as const

/** Names of an rx queue's counters, in the order of their cells. */
export type RxCounterName = (typeof RX_FIELDS)[number]

/** Names of a tx queue's counters, in the order of their cells. */
export type TxCounterName = (typeof TX_FIELDS)[number]

/**
 * What an rx queue counted since the interface was made. `packets` and `bytes` are those delivered, `wakeups` the
 * interrupts taken. The rest are packets dropped: `badDescriptor` (outside its region, or empty), `badChain` (a chain
 * without end), `tooLong` (over `maxPacketBytes`); and `badIndex`, the times the peer's ring index was impossible.
 */
export type RxCounters = Record<RxCounterName, number>

/**
 * What a tx queue counted since the interface was made. `packets` and `bytes` are those sent, `signals` the interrupts
 * given, `full` the bursts cut short for want of room. `empty` and `tooLong` are packets dropped; `badBuffer` counts
 * receive buffers of the peer that lie outside its regions, `badIndex` the times its ring index was impossible.
 */
export type TxCounters = Record<TxCounterName, number>

/**
 * Cells of a queue's counters. Doubles hold whole numbers to 2^53; over a SharedArrayBuffer the cells can be read from
 * another thread.
 */
export type CounterCells = Float64Array

/** Cells in an rx queue's order. */
export const RX = cellIndexes(RX_FIELDS)

/** Cells in a tx queue's order. */
export const TX = cellIndexes(TX_FIELDS)

function cellIndexes<Name extends string>(fields: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(fields.map((name, index) => [name, index])) as Record<Name, number>
}

/** Cells for one queue, zeroed. */
export function counterCells(direction: 'rx' | 'tx'): CounterCells {
  const fields = direction === 'rx' ? RX_FIELDS : TX_FIELDS
  return new Float64Array(new SharedArrayBuffer(8 * fields.length))
}

/** The sum of several rx queues' counters. */
export function sumRx(cells: readonly CounterCells[]): RxCounters {
  return sum(RX_FIELDS, cells)
}

/** The sum of several tx queues' counters. */
export function sumTx(cells: readonly CounterCells[]): TxCounters {
  return sum(TX_FIELDS, cells)
}

function sum<Name extends string>(
  fields: readonly Name[],
  cells: readonly CounterCells[],
): Record<Name, number> {
  const total = (index: number) => cells.reduce((value, queue) => value + queue[index]!, 0)
  return Object.fromEntries(fields.map((name, index) => [name, total(index)])) as Record<Name, number>
}
