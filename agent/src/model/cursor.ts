/** Bytes that a cursor has at least once something is written. */
const LEAST = 64
const NO_BYTES = Buffer.alloc(0)
/** Characters above do not fit a byte. */
const NARROW = 0xff

/** A place among bytes, where values are written or read one after another. */
export class Cursor {
  bytes: Buffer = NO_BYTES
  at = 0

  putByte(byte: number): void {
    this.#reserve(1)
    this.bytes[this.at++] = byte
  }

  /** A whole number from 0 to 2^32 - 1; the smaller, the fewer bytes. */
  putWhole(value: number): void {
    this.#reserve(5)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[this.at++] = rest
  }

  putNumber(value: number): void {
    this.#reserve(8)
    this.at = this.bytes.writeDoubleLE(value, this.at)
  }

  putText(text: string): void {
    const { length } = text
    this.putWhole(length * 2)
    this.#reserve(length)
    const { bytes, at } = this
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index)
      if (unit > NARROW) {
        this.at = at
        this.#putWide(text, at)
        return
      }
      bytes[at + index] = unit
    }
    this.at = at + length
  }

  byte(): number {
    return this.bytes[this.at++] as number
  }

  whole(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] as number
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  number(): number {
    const value = this.bytes.readDoubleLE(this.at)
    this.at += 8
    return value
  }

  text(): string {
    const head = this.whole()
    const length = head >>> 1
    const isWide = (head & 1) === 1
    const start = this.at
    this.at += isWide ? length * 2 : length
    return this.bytes.toString(isWide ? 'utf16le' : 'latin1', start, this.at)
  }

  /** @param at where the text began, behind what says how long it is */
  #putWide(text: string, at: number): void {
    this.at = at - sizeOfWhole(text.length * 2)
    this.putWhole(text.length * 2 + 1)
    this.#reserve(text.length * 2)
    this.at += this.bytes.write(text, this.at, 'utf16le')
  }

  #reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + count, LEAST))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}

function sizeOfWhole(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest >>>= 7) size++
  return size
}
