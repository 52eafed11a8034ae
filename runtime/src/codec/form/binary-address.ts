import { ADDRESS_SIZE, formatAddress, writeAddress } from './address.ts'
import { addressCodec, ip4AddressCodec, ip6AddressCodec, type BinaryCodec } from './binary-codec.ts'
import { BinaryForm, type BinaryMakers, type BinaryParts } from './binary-form.ts'
import { formatIp4 } from './ip4.ts'
import { formatIp6 } from './ip6.ts'
import { Scratch } from './scratch.ts'

const scratch = new Scratch(ADDRESS_SIZE)

/** An IPv4 or IPv6 address as numbers: parsed once, quick to write, to compare and to look up. */
export class BinaryAddress extends BinaryForm<BinaryAddress> {
  /**
   * Reads the text of an address, in any spelling that a message takes.
   * @throws RangeError when it is none
   */
  static parse(text: string): BinaryAddress {
    const { bytes, view } = scratch.cleared()
    if (!writeAddress(bytes, 0, text, 0, text.length))
      throw new RangeError(`not an IP address: ${JSON.stringify(text)}`)
    return ADDRESS.read(bytes, view, 0) as BinaryAddress
  }

  /**
   * @param bytes four for IPv4, sixteen for IPv6
   * @throws RangeError when there are others
   */
  static fromBytes(bytes: Uint8Array): BinaryAddress {
    if (bytes.length === 4) return BinaryAddress.parse(formatIp4(bytes, 0))
    if (bytes.length === 16) return BinaryAddress.parse(formatIp6(bytes, 0))
    throw new RangeError(`an IP address has 4 or 16 bytes, not ${bytes.length}`)
  }

  /** 4 or 6; undefined for what VPP calls neither. */
  get family(): 4 | 6 | undefined {
    return familyOf(this['~kind'] >> 8)
  }

  toString(): string {
    const { bytes, view } = scratch.cleared()
    ADDRESS.write(bytes, view, 0, this)
    return formatAddress(bytes, 0)
  }
}

/** The family that `address_family` says. */
export function familyOf(value: number): 4 | 6 | undefined {
  return value === 0 ? 4 : value === 1 ? 6 : undefined
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
for (const made of [Short, Long]) Object.defineProperty(made, 'prototype', { value: BinaryAddress.prototype })

const makers = { type: BinaryAddress, short: Short, long: Long } as unknown as BinaryMakers

/** `vl_api_address_t` */
export const ADDRESS: BinaryCodec = addressCodec(makers)
/** `vl_api_ip4_address_t` */
export const IP4_ADDRESS: BinaryCodec = ip4AddressCodec(makers)
/** `vl_api_ip6_address_t` */
export const IP6_ADDRESS: BinaryCodec = ip6AddressCodec(makers)
