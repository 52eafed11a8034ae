import { PreparedStats, type SnapshotRunner } from '../prepared.ts'
import type { Columns, PacketsBytes } from './columns.ts'
import { ViewSet } from './view-set.ts'

/** What is counted of an interface. Casts are counted only after VPP was told to (collect-detailed-stats). */
export interface InterfaceCounters {
  readonly rx: PacketsBytes
  readonly rxUnicast: PacketsBytes
  readonly rxMulticast: PacketsBytes
  readonly rxBroadcast: PacketsBytes
  readonly tx: PacketsBytes
  readonly txUnicast: PacketsBytes
  readonly txMulticast: PacketsBytes
  readonly txBroadcast: PacketsBytes
  readonly drops: bigint
  readonly punts: bigint
  readonly ip4: bigint
  readonly ip6: bigint
  readonly mpls: bigint
  readonly rxNoBuffer: bigint
  readonly rxMiss: bigint
  readonly rxErrors: bigint
  readonly txErrors: bigint
}

/** An interface with its counters, summed over all threads. */
export interface InterfaceStats extends InterfaceCounters {
  readonly swIfIndex: number
  readonly name: string
  /** The same by thread (0 is the main thread), only when asked for. */
  readonly threads?: readonly InterfaceCounters[]
}

/** What to read of interfaces. */
export interface InterfaceOptions {
  /** Add {@link InterfaceStats.threads}. Default false. */
  readonly perThread?: boolean
}

/** The entries under `/if`, in the order in which `read` wants them: first those of packets and bytes. */
const FIELDS = [
  ...[
    'rx',
    'rx-unicast',
    'rx-multicast',
    'rx-broadcast',
    'tx',
    'tx-unicast',
    'tx-multicast',
    'tx-broadcast',
  ].map((name) => ({ name: `/if/${name}`, type: 'combined' as const })),
  ...['drops', 'punt', 'ip4', 'ip6', 'mpls', 'rx-no-buf', 'rx-miss', 'rx-error', 'tx-error'].map((name) => ({
    name: `/if/${name}`,
    type: 'simple' as const,
  })),
]
const NAMES = '/if/names'
/** VPP names the slot of a deleted interface like this. */
const DELETED = 'deleted'

/** Reads interfaces: names and numbers of one epoch. */
export class InterfaceView {
  readonly #sums: ViewSet
  readonly #rows: ViewSet

  constructor(runner: SnapshotRunner) {
    const names = new Set([NAMES, ...FIELDS.map(({ name }) => name)])
    const wanted = (name: string) => names.has(name)
    this.#sums = new ViewSet(new PreparedStats(runner, wanted, 'sums'), NAMES, FIELDS)
    this.#rows = new ViewSet(new PreparedStats(runner, wanted, 'rows'), NAMES, FIELDS)
  }

  async read(options: InterfaceOptions): Promise<InterfaceStats[]> {
    if (options.perThread !== true) {
      await this.#sums.update()
      return list(this.#sums.names, this.#sums.row(0))
    }
    await this.#rows.update()
    const threads = this.#rows.threads()
    return list(this.#rows.names, this.#rows.sums()).map((it) => ({
      ...it,
      threads: threads.map((columns) => {
        const { swIfIndex: _index, name: _name, ...counters } = read(columns, it.swIfIndex, '')
        return counters
      }),
    }))
  }
}

function list(names: readonly (string | undefined)[], columns: Columns): InterfaceStats[] {
  const found: InterfaceStats[] = []
  for (let index = 0; index < names.length; index++) {
    const name = names[index]
    if (name !== undefined && name !== '' && name !== DELETED) found.push(read(columns, index, name))
  }
  return found
}

/** One literal, since copying properties would take longer than reading them. */
function read(columns: Columns, index: number, name: string): InterfaceStats {
  return {
    swIfIndex: index,
    name,
    rx: columns.pair(0, index),
    rxUnicast: columns.pair(1, index),
    rxMulticast: columns.pair(2, index),
    rxBroadcast: columns.pair(3, index),
    tx: columns.pair(4, index),
    txUnicast: columns.pair(5, index),
    txMulticast: columns.pair(6, index),
    txBroadcast: columns.pair(7, index),
    drops: columns.value(8, index),
    punts: columns.value(9, index),
    ip4: columns.value(10, index),
    ip6: columns.value(11, index),
    mpls: columns.value(12, index),
    rxNoBuffer: columns.value(13, index),
    rxMiss: columns.value(14, index),
    rxErrors: columns.value(15, index),
    txErrors: columns.value(16, index),
  }
}
