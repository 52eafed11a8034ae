import type { BinaryCodec } from './binary-codec.ts'
import { BinaryForm, type BinaryParts } from './binary-form.ts'
import { formatMac, writeMac } from './mac.ts'
import { Scratch } from './scratch.ts'

const SIZE = 6

const scratch = new Scratch(SIZE)

/** A MAC address as numbers. */
export class BinaryMac extends BinaryForm<BinaryMac> {
  /**
   * Reads the text of a MAC address, in any spelling that a message takes.
   * @throws RangeError when it is none
   */
  static parse(text: string): BinaryMac {
    const { bytes, view } = scratch.cleared()
    if (!writeMac(bytes, 0, text)) throw new RangeError(`not a MAC address: ${JSON.stringify(text)}`)
    return MAC.read(bytes, view, 0) as BinaryMac
  }

  /**
   * @param bytes six
   * @throws RangeError when there are others
   */
  static fromBytes(bytes: Uint8Array): BinaryMac {
    if (bytes.length !== SIZE) throw new RangeError(`a MAC address has 6 bytes, not ${bytes.length}`)
    return BinaryMac.parse(formatMac(bytes, 0))
  }

  toString(): string {
    const { bytes, view } = scratch.cleared()
    MAC.write(bytes, view, 0, this)
    return formatMac(bytes, 0)
  }
}

function Made(this: BinaryParts, a: number, b: number): void {
  this['~kind'] = 0
  this['~a'] = a
  this['~b'] = b
}
Object.defineProperty(Made, 'prototype', { value: BinaryMac.prototype })

const make = Made as unknown as new (a: number, b: number) => object

/** `vl_api_mac_address_t`: six bytes, which are a word and a half. */
export const MAC: BinaryCodec = {
  type: BinaryMac,
  short: undefined,
  write: (_, view, offset, value) => {
    view.setInt32(offset, value['~a'])
    view.setUint16(offset + 4, value['~b'])
    return true
  },
  read: (_, view, offset) => new make(view.getInt32(offset), view.getUint16(offset + 4)),
}
