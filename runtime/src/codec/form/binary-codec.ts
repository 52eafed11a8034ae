import type { BinaryMakers, BinaryParts, BinaryType } from './binary-form.ts'

/** How a friendly form meets the wire in its binary form. */
export interface BinaryCodec {
  /** The class of its values. */
  readonly type: BinaryType
  /** Where the parts of IPv4 are, for generated source; undefined where there is none. */
  readonly short: ShortLayout | undefined
  /**
   * Writes a value into zero bytes, which `bytes` and `view` show; false when it is of another family than the form has
   * room for.
   */
  write(bytes: Uint8Array, view: DataView, offset: number, value: BinaryParts): boolean
  /** Reads a value; every content has one. */
  read(bytes: Uint8Array, view: DataView, offset: number): object
}

/** Offsets of the parts of an IPv4 address or prefix. */
export interface ShortLayout {
  readonly make: BinaryMakers['short']
  /** Where the family is; undefined where IPv4 is the only one. */
  readonly family: number | undefined
  readonly word: number
  /** Where the prefix length is; undefined for an address. */
  readonly length: number | undefined
}

/** `family << 8` of IPv6. */
const IP6 = 0x100

/** Longest IPv4 prefix: a length beyond it is none, and all sixteen bytes are kept. */
export const LONGEST_IP4 = 32

/** `vl_api_address_t`: family and sixteen bytes, of which IPv4 uses the first four. */
export function addressCodec({ type, short, long }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: { make: short, family: 0, word: 1, length: undefined },
    write: (bytes, view, offset, value) => {
      view.setInt32(offset + 1, value['~a'])
      if (value['~kind'] === 0) return true
      bytes[offset] = value['~kind'] >> 8
      writeRest(view, offset + 5, value)
      return true
    },
    read: (bytes, view, offset) => {
      const family = bytes[offset] as number
      return family === 0
        ? new short(0, view.getInt32(offset + 1))
        : readWords(long, view, offset + 1, family << 8)
    },
  }
}

/** `vl_api_prefix_t`: an address and a length. */
export function prefixCodec({ type, short, long }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: { make: short, family: 0, word: 1, length: 17 },
    write: (bytes, view, offset, value) => {
      const kind = value['~kind']
      view.setInt32(offset + 1, value['~a'])
      bytes[offset + 17] = kind
      if (kind <= LONGEST_IP4) return true
      bytes[offset] = kind >> 8
      writeRest(view, offset + 5, value)
      return true
    },
    read: (bytes, view, offset) => {
      const kind = ((bytes[offset] as number) << 8) | (bytes[offset + 17] as number)
      return kind <= LONGEST_IP4
        ? new short(kind, view.getInt32(offset + 1))
        : readWords(long, view, offset + 1, kind)
    },
  }
}

/** Four bytes. */
export function ip4AddressCodec({ type, short }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: { make: short, family: undefined, word: 0, length: undefined },
    write: (_, view, offset, value) => {
      view.setInt32(offset, value['~a'])
      return value['~kind'] === 0
    },
    read: (_, view, offset) => new short(0, view.getInt32(offset)),
  }
}

/** Sixteen bytes. */
export function ip6AddressCodec({ type, long }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: undefined,
    write: (_, view, offset, value) => {
      view.setInt32(offset, value['~a'])
      writeRest(view, offset + 4, value)
      return value['~kind'] === IP6
    },
    read: (_, view, offset) => readWords(long, view, offset, IP6),
  }
}

/** Four bytes and a length. */
export function ip4PrefixCodec({ type, short }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: { make: short, family: undefined, word: 0, length: 4 },
    write: (bytes, view, offset, value) => {
      view.setInt32(offset, value['~a'])
      bytes[offset + 4] = value['~kind']
      return value['~kind'] < IP6 && (value['~b'] | value['~c'] | value['~d']) === 0
    },
    read: (bytes, view, offset) => new short(bytes[offset + 4] as number, view.getInt32(offset)),
  }
}

/** Sixteen bytes and a length. */
export function ip6PrefixCodec({ type, long }: BinaryMakers): BinaryCodec {
  return {
    type,
    short: undefined,
    write: (bytes, view, offset, value) => {
      view.setInt32(offset, value['~a'])
      writeRest(view, offset + 4, value)
      bytes[offset + 16] = value['~kind']
      return value['~kind'] >> 8 === IP6 >> 8
    },
    read: (bytes, view, offset) => readWords(long, view, offset, IP6 | (bytes[offset + 16] as number)),
  }
}

function readWords(made: BinaryMakers['long'], view: DataView, offset: number, kind: number): object {
  return new made(
    kind,
    view.getInt32(offset),
    view.getInt32(offset + 4),
    view.getInt32(offset + 8),
    view.getInt32(offset + 12),
  )
}

function writeRest(view: DataView, offset: number, value: BinaryParts): void {
  view.setInt32(offset, value['~b'])
  view.setInt32(offset + 4, value['~c'])
  view.setInt32(offset + 8, value['~d'])
}
