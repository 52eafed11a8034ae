/** Counters of packets and bytes, in VPP's order. */
export const COMBINED_COUNTERS = [
  'rx',
  'rx-unicast',
  'rx-multicast',
  'rx-broadcast',
  'tx',
  'tx-unicast',
  'tx-multicast',
  'tx-broadcast',
] as const

/** Counters of packets, in VPP's order. */
export const SIMPLE_COUNTERS = [
  'drops',
  'punt',
  'ip4',
  'ip6',
  'rx-no-buf',
  'rx-miss',
  'rx-error',
  'tx-error',
  'mpls',
] as const

/** Counters of packets and bytes per interface. */
export type CombinedName = (typeof COMBINED_COUNTERS)[number]
/** Counters of packets per interface. */
export type SimpleName = (typeof SIMPLE_COUNTERS)[number]
/** A counter of an interface. */
export type CounterName = CombinedName | SimpleName

/** What was counted. */
export interface Count {
  readonly packets: bigint
  /** 0 for counters of packets only. */
  readonly bytes: bigint
}

/** A change of one counter; `thread` 0 is the main thread. */
export interface CounterChange extends Count {
  readonly swIfIndex: number
  readonly name: CounterName
  readonly thread: number
  /** Packets by which it grew; 0 when it was cleared. */
  readonly added: bigint
}

const NOTHING: Count = { packets: 0n, bytes: 0n }

/** Counters of the interfaces: what `show interface` and the stats segment tell. */
export class Counters {
  /** By interface, then by counter, then by thread. */
  readonly #counts = new Map<number, Map<CounterName, Map<number, Count>>>()
  readonly #listeners = new Set<(change: CounterChange) => void>()

  /** Calls `listener` with the new value of every counter that changes; the result takes it away again. */
  listen(listener: (change: CounterChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Counts packets, and their bytes. @param thread 0 is the main thread, 1 the first worker */
  add(swIfIndex: number, name: CounterName, packets: bigint, bytes = 0n, thread = 0): void {
    const before = this.#counts.get(swIfIndex)?.get(name)?.get(thread) ?? NOTHING
    this.#set({
      swIfIndex,
      name,
      thread,
      packets: before.packets + packets,
      bytes: before.bytes + bytes,
      added: packets,
    })
  }

  /** The sum over all threads. */
  of(swIfIndex: number, name: CounterName): Count {
    let sum = NOTHING
    for (const { packets, bytes } of this.#counts.get(swIfIndex)?.get(name)?.values() ?? []) {
      sum = { packets: sum.packets + packets, bytes: sum.bytes + bytes }
    }
    return sum
  }

  /** Begins at zero again: the counters of one interface, or all. */
  clear(swIfIndex?: number): void {
    const cleared = swIfIndex === undefined ? [...this.#counts.keys()] : [swIfIndex]
    for (const index of cleared) {
      for (const [name, threads] of this.#counts.get(index) ?? []) {
        for (const thread of threads.keys())
          this.#set({ swIfIndex: index, name, thread, ...NOTHING, added: 0n })
      }
    }
  }

  #set(change: CounterChange): void {
    const { swIfIndex, name, thread, packets, bytes } = change
    let names = this.#counts.get(swIfIndex)
    if (names === undefined) this.#counts.set(swIfIndex, (names = new Map()))
    let threads = names.get(name)
    if (threads === undefined) names.set(name, (threads = new Map()))
    threads.set(thread, { packets, bytes })
    for (const listener of this.#listeners) listener(change)
  }
}
