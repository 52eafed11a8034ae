import { CombinedStat, NamesStat, SimpleStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'

/** Packets and bytes. */
export interface PacketsBytes {
  readonly packets: bigint
  readonly bytes: bigint
}

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

const COMBINED = {
  rx: 'rx',
  rxUnicast: 'rx-unicast',
  rxMulticast: 'rx-multicast',
  rxBroadcast: 'rx-broadcast',
  tx: 'tx',
  txUnicast: 'tx-unicast',
  txMulticast: 'tx-multicast',
  txBroadcast: 'tx-broadcast',
} as const
const SIMPLE = {
  drops: 'drops',
  punts: 'punt',
  ip4: 'ip4',
  ip6: 'ip6',
  mpls: 'mpls',
  rxNoBuffer: 'rx-no-buf',
  rxMiss: 'rx-miss',
  rxErrors: 'rx-error',
  txErrors: 'tx-error',
} as const

type Columns = Record<keyof typeof COMBINED | keyof typeof SIMPLE, Words>
/** Values by column, with the number of words of each. */
type Words = BigUint64Array

/** VPP names the slot of a deleted interface like this. */
const DELETED = 'deleted'
const PATTERN = new RegExp(
  `^/if/(names|${[...Object.values(COMBINED), ...Object.values(SIMPLE)].join('|')})$`,
)

/** Reads interfaces: names and numbers of one epoch. */
export class InterfaceView {
  readonly #set: PreparedStats

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(runner, (name) => PATTERN.test(name))
  }

  async read(options: InterfaceOptions): Promise<InterfaceStats[]> {
    await this.#set.update()
    const names = this.#set.get('/if/names')
    if (!(names instanceof NamesStat)) return []
    const sums = this.#columns((stat) => stat.sums())
    const threads = options.perThread === true ? this.#threads() : undefined
    const list: InterfaceStats[] = []
    names.names.forEach((name, swIfIndex) => {
      if (name === undefined || name === '' || name === DELETED) return
      const it = { swIfIndex, name, ...counters(sums, swIfIndex) }
      list.push(
        threads === undefined
          ? it
          : { ...it, threads: threads.map((columns) => counters(columns, swIfIndex)) },
      )
    })
    return list
  }

  #threads(): Columns[] {
    const rx = this.#set.get('/if/rx')
    const count = rx instanceof CombinedStat ? rx.rows : 0
    return Array.from({ length: count }, (_, thread) => this.#columns((stat) => stat.row(thread)))
  }

  #columns(words: (stat: SimpleStat | CombinedStat) => Words): Columns {
    const columns: Partial<Columns> = {}
    for (const [field, name] of Object.entries({ ...COMBINED, ...SIMPLE })) {
      const stat = this.#set.get(`/if/${name}`)
      const wanted = field in COMBINED ? CombinedStat : SimpleStat
      columns[field as keyof Columns] = stat instanceof wanted ? words(stat) : new BigUint64Array(0)
    }
    return columns as Columns
  }
}

function pair(words: Words, index: number): PacketsBytes {
  return { packets: words[index * 2] ?? 0n, bytes: words[index * 2 + 1] ?? 0n }
}

function counters(columns: Columns, index: number): InterfaceCounters {
  return {
    rx: pair(columns.rx, index),
    rxUnicast: pair(columns.rxUnicast, index),
    rxMulticast: pair(columns.rxMulticast, index),
    rxBroadcast: pair(columns.rxBroadcast, index),
    tx: pair(columns.tx, index),
    txUnicast: pair(columns.txUnicast, index),
    txMulticast: pair(columns.txMulticast, index),
    txBroadcast: pair(columns.txBroadcast, index),
    drops: columns.drops[index] ?? 0n,
    punts: columns.punts[index] ?? 0n,
    ip4: columns.ip4[index] ?? 0n,
    ip6: columns.ip6[index] ?? 0n,
    mpls: columns.mpls[index] ?? 0n,
    rxNoBuffer: columns.rxNoBuffer[index] ?? 0n,
    rxMiss: columns.rxMiss[index] ?? 0n,
    rxErrors: columns.rxErrors[index] ?? 0n,
    txErrors: columns.txErrors[index] ?? 0n,
  }
}
