import { ADDRESS_SIZE, formatPrefix, writePrefix } from './address.ts'
import { ADDRESS, type BinaryAddress, familyOf } from './binary-address.ts'
import { ip4PrefixCodec, ip6PrefixCodec, prefixCodec, type BinaryCodec } from './binary-codec.ts'
import { BinaryForm, type BinaryMakers, type BinaryParts } from './binary-form.ts'
import { Scratch } from './scratch.ts'

const scratch = new Scratch(ADDRESS_SIZE + 1)

/** An IPv4 or IPv6 prefix as numbers; host bits are kept. */
export class BinaryPrefix extends BinaryForm<BinaryPrefix> {
  /**
   * Reads the text of a prefix, in any spelling that a message takes; without a length it is a host.
   * @throws RangeError when it is none
   */
  static parse(text: string): BinaryPrefix {
    const { bytes, view } = scratch.cleared()
    if (!writePrefix(bytes, 0, text)) throw new RangeError(`not an IP prefix: ${JSON.stringify(text)}`)
    return PREFIX.read(bytes, view, 0) as BinaryPrefix
  }

  /**
   * @param length 0 to 32 for IPv4, to 128 for IPv6
   * @throws RangeError when it is beyond the address
   */
  static of(address: BinaryAddress, length: number): BinaryPrefix {
    return BinaryPrefix.parse(`${address}/${length}`)
  }

  /** 4 or 6; undefined for what VPP calls neither. */
  get family(): 4 | 6 | undefined {
    return familyOf(this['~kind'] >> 8)
  }

  /** The prefix length. */
  get length(): number {
    return this['~kind'] & 0xff
  }

  /** The address, host bits included. */
  get address(): BinaryAddress {
    const { bytes, view } = scratch.cleared()
    PREFIX.write(bytes, view, 0, this)
    return ADDRESS.read(bytes, view, 0) as BinaryAddress
  }

  toString(): string {
    const { bytes, view } = scratch.cleared()
    PREFIX.write(bytes, view, 0, this)
    return formatPrefix(bytes, 0)
  }
}

function Short(this: BinaryParts, kind: number, a: number): void {
  this['~kind'] = kind
  this['~a'] = a
}
function Long(this: BinaryParts, kind: number, a: number, b: number, c: number, d: number): void {
  this['~kind'] = kind
  this['~a'] = a
  this['~b'] = b
  this['~c'] = c
  this['~d'] = d
}
for (const made of [Short, Long]) Object.defineProperty(made, 'prototype', { value: BinaryPrefix.prototype })

const makers = { type: BinaryPrefix, short: Short, long: Long } as unknown as BinaryMakers

/** `vl_api_prefix_t` */
export const PREFIX: BinaryCodec = prefixCodec(makers)
/** `vl_api_ip4_prefix_t` */
export const IP4_PREFIX: BinaryCodec = ip4PrefixCodec(makers)
/** `vl_api_ip6_prefix_t` */
export const IP6_PREFIX: BinaryCodec = ip6PrefixCodec(makers)
