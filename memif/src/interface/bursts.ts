import type { EventEmitter } from 'node:events'
import type { Packet } from '../data/packet.ts'
import type { RxMode } from '../options.ts'

/** What receiving in a loop needs of an interface. */
export interface ReceivingEnd extends Pick<EventEmitter, 'on' | 'off'> {
  readonly config: { readonly rxQueues: number }
  readonly connected: boolean
  readonly closed: boolean
  getRxMode(queue: number): RxMode | undefined
  rxPending(queue: number): boolean
  rxBurst(queue: number, most: number): readonly Packet[]
}

/** What sending all of a list needs of an interface. */
export interface SendingEnd extends Pick<EventEmitter, 'on' | 'off'> {
  readonly connected: boolean
  readonly closed: boolean
  txFree(queue: number): number
  txBurst(queue: number, packets: readonly (Uint8Array | Packet)[], from: number): number
}
