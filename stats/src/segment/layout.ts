/*
 * Layout of VPP's stats segment, version 2 (VPP 20.09 and newer), in bytes. Little-endian, 64-bit pointers.
 */

/** Header words of 8 bytes, as indexes of a BigUint64Array. */
export const HeaderQuad = { VERSION: 0, BASE: 1, EPOCH: 2, IN_PROGRESS: 3, DIRECTORY: 4, ERRORS: 5 } as const

/** Smallest possible segment: the header up to and including the word that tells the two layouts apart. */
export const HEADER_SIZE = 48
/** Largest segment in bytes: what word indexes of 32 bits reach, 16 GiB. */
export const SEGMENT_LIMIT = 2 ** 34
/** Largest number of directory entries that is believed, 144 MiB of them. */
export const DIRECTORY_LIMIT = 2 ** 20
/** The version number that this reader knows. */
export const VERSION = 2

/** A directory entry: type u32 at 0, value or pointer u64 at 8, name at 16. */
export const ENTRY_SIZE = 144
export const ENTRY_VALUE = 8
export const ENTRY_NAME = 16
export const ENTRY_NAME_SIZE = 128

/** Largest number of rows (threads) of a counter that is believed. */
export const ROW_LIMIT = 1024
/** Largest length of a string in a name vector that is believed. */
export const STRING_LIMIT = 4096

/** What an entry is; the numbers are those of VPP 22.06 and newer, the last two are this reader's own. */
export const Kind = {
  ILLEGAL: 0,
  SCALAR: 1,
  SIMPLE: 2,
  COMBINED: 3,
  NAMES: 4,
  EMPTY: 5,
  SYMLINK: 6,
  HISTOGRAM: 7,
  RING: 8,
  GAUGE: 9,
  /** Up to VPP 22.02: an index into the vectors of the error counters. */
  ERROR: 10,
  UNKNOWN: 11,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

/** Type numbers of version 2 from VPP 22.06 on. */
const CURRENT_KINDS: readonly Kind[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
/** Type numbers of version 2 in VPP 20.09 to 22.02. */
const OLD_KINDS: readonly Kind[] = [0, 1, 2, 3, Kind.ERROR, Kind.NAMES, Kind.EMPTY, Kind.SYMLINK]

/** Translates a stored type number. */
export function kindOf(type: number, layout: Layout): Kind {
  return (layout === 'current' ? CURRENT_KINDS : OLD_KINDS)[type] ?? Kind.UNKNOWN
}

/** `current`: VPP 22.06 and newer; `old`: VPP 20.09 to 22.02, with a vector of error counters in the header. */
export type Layout = 'current' | 'old'

/** Offsets in the structure of a ring buffer, from its start. */
export const RingOffset = {
  ENTRY_SIZE: 0,
  RING_SIZE: 4,
  THREADS: 8,
  SCHEMA_SIZE: 12,
  SCHEMA_VERSION: 16,
  METADATA: 20,
  DATA: 24,
  HEADER_SIZE: 28,
} as const

/** Offsets in one thread's metadata of a ring buffer. */
export const RingMetadata = { SEQUENCE: 8, SCHEMA_OFFSET: 16, SCHEMA_SIZE: 20, USED: 24 } as const
/** Distance of two threads' metadata: VPP's cache line. */
export const RING_CACHE_LINE = 64
