/** Numbers of the memif protocol, version 2.0. Source: the wire structures shared by VPP, libmemif and DPDK. */

/** Every control message has exactly this many bytes. */
export const MESSAGE_BYTES = 128

/** Major 2 in the high byte, minor 0 in the low one; no other version was ever published. */
export const PROTOCOL_VERSION = 0x0200

export const MESSAGE_ID = {
  ack: 1,
  hello: 2,
  init: 3,
  addRegion: 4,
  addRing: 5,
  connect: 6,
  connected: 7,
  disconnect: 8,
} as const

/** Sizes of the text fields in bytes, the terminating NUL included. */
export const TEXT_BYTES = { name: 32, secret: 24, reason: 96 } as const

/** Bit 0 of ADD_RING's flags: the ring carries packets from the client to the server. */
export const RING_FLAG_CLIENT_TO_SERVER = 1

/** Regions a peer may announce at most; indexes are u16, every known peer stops at 256. */
export const MAX_REGIONS = 256

/** Rings in one direction at most; the C peers keep the number in 8 bits. */
export const MAX_RINGS = 255

/** Largest ring is 2^14 = 16384 slots. */
export const MAX_LOG2_RING_SIZE = 14

/** Offsets in descriptors and in ADD_RING are u32: nothing beyond this is addressable in a region. */
export const MAX_REGION_BYTES = 2 ** 32

/** The buffer size is u16 in every C peer. */
export const MAX_BUFFER_SIZE = 65535

/** Interface modes as numbers of INIT. */
export const MODE_NUMBER = { ethernet: 0, ip: 1, 'punt-inject': 2 } as const

/** What a packet begins with: an Ethernet header, an IP header, or as VPP's punt/inject path wants it. */
export type MemifMode = keyof typeof MODE_NUMBER

/** Name of a mode's number, or undefined when no such mode exists. */
export function modeOf(value: number): MemifMode | undefined {
  return (Object.keys(MODE_NUMBER) as MemifMode[]).find((mode) => MODE_NUMBER[mode] === value)
}
