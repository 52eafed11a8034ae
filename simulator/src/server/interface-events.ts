import type { EventBatch } from './event-queue.ts'

/** Bits that VPP collects for an interface between two rounds of its process. */
export const INTERFACE_EVENT = { ADMIN_UP: 1, LINK_UP: 2, DELETED: 4, OTHER: 8 } as const

/**
 * Collects what happened to interfaces, as VPP does: the events of one round become one by interface, in the order of
 * their indexes. A change that says "down" leaves no bit, so that an interface that went up and down is told of as up.
 */
export class InterfaceEvents implements EventBatch {
  readonly #bits = new Map<number, number>()
  readonly #send: (fields: { swIfIndex: number; flags: number; deleted: boolean }) => void

  constructor(send: (fields: { swIfIndex: number; flags: number; deleted: boolean }) => void) {
    this.#send = send
  }

  add(swIfIndex: number, bit: number): void {
    this.#bits.set(swIfIndex, (this.#bits.get(swIfIndex) ?? 0) | bit)
  }

  flush(): void {
    const sorted = [...this.#bits].sort(([a], [b]) => a - b)
    this.#bits.clear()
    for (const [swIfIndex, bits] of sorted) {
      const flags = bits & (INTERFACE_EVENT.ADMIN_UP | INTERFACE_EVENT.LINK_UP)
      this.#send({ swIfIndex, flags, deleted: (bits & INTERFACE_EVENT.DELETED) !== 0 })
    }
  }
}
