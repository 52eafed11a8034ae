import { PreparedStats, type SnapshotRunner } from '../prepared.ts'
import type { Columns, PacketsBytes } from './columns.ts'
import { ViewSet, type Source } from './view-set.ts'

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

/** The entries under `/if`. */
const SOURCES: Readonly<Record<keyof InterfaceCounters, Source>> = {
  rx: { entry: '/if/rx', type: 'combined' },
  rxUnicast: { entry: '/if/rx-unicast', type: 'combined' },
  rxMulticast: { entry: '/if/rx-multicast', type: 'combined' },
  rxBroadcast: { entry: '/if/rx-broadcast', type: 'combined' },
  tx: { entry: '/if/tx', type: 'combined' },
  txUnicast: { entry: '/if/tx-unicast', type: 'combined' },
  txMulticast: { entry: '/if/tx-multicast', type: 'combined' },
  txBroadcast: { entry: '/if/tx-broadcast', type: 'combined' },
  drops: { entry: '/if/drops', type: 'simple' },
  punts: { entry: '/if/punt', type: 'simple' },
  ip4: { entry: '/if/ip4', type: 'simple' },
  ip6: { entry: '/if/ip6', type: 'simple' },
  mpls: { entry: '/if/mpls', type: 'simple' },
  rxNoBuffer: { entry: '/if/rx-no-buf', type: 'simple' },
  rxMiss: { entry: '/if/rx-miss', type: 'simple' },
  rxErrors: { entry: '/if/rx-error', type: 'simple' },
  txErrors: { entry: '/if/tx-error', type: 'simple' },
}
type InterfaceColumns = Columns<keyof InterfaceCounters>
const NAMES = '/if/names'
/** VPP names the slot of a deleted interface like this. */
const DELETED = 'deleted'

/** Reads interfaces: names and numbers of one epoch. */
export class InterfaceView {
  readonly #sums: ViewSet<keyof InterfaceCounters>
  readonly #rows: ViewSet<keyof InterfaceCounters>

  constructor(runner: SnapshotRunner) {
    const names = new Set([NAMES, ...Object.values(SOURCES).map(({ entry }) => entry)])
    const wanted = (name: string) => names.has(name)
    this.#sums = new ViewSet(new PreparedStats(runner, wanted, 'sums'), NAMES, SOURCES)
    this.#rows = new ViewSet(new PreparedStats(runner, wanted, 'rows'), NAMES, SOURCES)
  }

  async read(options: InterfaceOptions): Promise<InterfaceStats[]> {
    if (options.perThread !== true) {
      await this.#sums.update()
      return list(this.#sums.names, this.#sums.first())
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

function list(names: readonly (string | undefined)[], columns: InterfaceColumns): InterfaceStats[] {
  const found: InterfaceStats[] = []
  for (let index = 0; index < names.length; index++) {
    const name = names[index]
    if (name !== undefined && name !== '' && name !== DELETED) found.push(read(columns, index, name))
  }
  return found
}

/** One literal, since copying properties would take longer than reading them. */
function read(columns: InterfaceColumns, index: number, name: string): InterfaceStats {
  return {
    swIfIndex: index,
    name,
    rx: columns.rx.pair(index),
    rxUnicast: columns.rxUnicast.pair(index),
    rxMulticast: columns.rxMulticast.pair(index),
    rxBroadcast: columns.rxBroadcast.pair(index),
    tx: columns.tx.pair(index),
    txUnicast: columns.txUnicast.pair(index),
    txMulticast: columns.txMulticast.pair(index),
    txBroadcast: columns.txBroadcast.pair(index),
    drops: columns.drops.value(index),
    punts: columns.punts.value(index),
    ip4: columns.ip4.value(index),
    ip6: columns.ip6.value(index),
    mpls: columns.mpls.value(index),
    rxNoBuffer: columns.rxNoBuffer.value(index),
    rxMiss: columns.rxMiss.value(index),
    rxErrors: columns.rxErrors.value(index),
    txErrors: columns.txErrors.value(index),
  }
}
