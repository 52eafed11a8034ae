import { CliError } from '../errors.ts'

/** Bytes read one after the other; every length is checked before it is used. */
export class ByteSource {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.take(1).readUInt8()
  }

  /** In network byte order. */
  u32(): number {
    return this.take(4).readUInt32BE()
  }

  /**
   * An integer as VPP's serializer writes those that are small as a rule: the lowest set bit of the first byte tells the
   * length. VPP: `src/vppinfra/serialize.h`.
   */
  smallInteger(): number {
    const first = this.u8()
    if ((first & 1) !== 0) return first >>> 1
    if ((first & 2) !== 0) return 128 + (first >>> 2) + this.u8() * 2 ** 6
    if ((first & 4) !== 0) return 128 + 2 ** 14 + (first >>> 3) + this.take(3).readUIntLE(0, 3) * 2 ** 5
    const value = this.take(8).readBigUInt64LE()
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : this.#refuse(`has the number ${value}`)
  }

  /** Text with its length. */
  text(): string {
    return this.take(this.smallInteger()).toString('latin1')
  }

  /** The next bytes, not copied. @throws CliError when there are fewer */
  take(length: number): Buffer {
    if (length > this.left) this.#refuse(`needs ${length} bytes where ${this.left} are left`)
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  #refuse(problem: string): never {
    throw new CliError(
      'CLI_FAILED',
      `this is not a whole API trace: at byte ${this.#at} it ${problem}`,
      REMEDY,
    )
  }
}

const REMEDY = 'VPP writes one with: api trace save NAME'
