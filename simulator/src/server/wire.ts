import type { TableOrder } from '../release/message-table.ts'

/** How the simulator puts answers on the wire. What VPP does is the default; the rest is there to try clients. */
export interface WireOptions {
  /** Bytes 0–7 of every frame: a pointer as in VPP, zeros, or random bytes (12–15 then, too). */
  readonly pointer: 'vpp' | 'zero' | 'random'
  /** Most bytes in one write; 1 splits every frame at every byte. `Infinity` writes what there is. */
  readonly chunk: number
  /** Frames that are held back until so many can be written at once, or nothing more comes for 5 ms. */
  readonly coalesce: number
  /** Fills fixed strings with garbage behind their NUL, as VPP's recycled buffers do. */
  readonly stringTail: boolean
  /** Bytes of garbage behind every message. */
  readonly trailing: number
  /** `client_index` in `sockclnt_create_reply`, which VPP leaves 0. */
  readonly createReplyClientIndex: number
  readonly tableOrder: TableOrder
  /** `cursor` of a stream's last reply, which VPP does not set. */
  readonly lastCursor: number
}

/** What VPP does. */
export const VPP_WIRE: WireOptions = {
  pointer: 'vpp',
  chunk: Infinity,
  coalesce: 1,
  stringTail: false,
  trailing: 0,
  createReplyClientIndex: 0,
  tableOrder: 'hash',
  lastCursor: 0,
}

/** Everything that a client must bear, at once. */
export const HOSTILE_WIRE: WireOptions = {
  pointer: 'random',
  chunk: 7,
  coalesce: 1,
  stringTail: true,
  trailing: 3,
  createReplyClientIndex: 0xdead_beef,
  tableOrder: 'random',
  lastCursor: 0x8000_0002,
}
