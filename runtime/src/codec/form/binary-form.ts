const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** What Node hands to a custom inspection. */
interface Style {
  readonly stylize?: (text: string, style: string) => string
}

/**
 * An address or prefix as numbers, parsed once. Read as text - in a template, by `String()`, in JSON - it is its text.
 * Immutable. `Self` is the class: only values of one class are compared.
 */
export abstract class BinaryForm<Self> {
  declare protected readonly '~binary': Self
  /** Address family and, of a prefix, the length: `family << 8 | length`. */
  declare readonly '~kind': number
  /** The bytes, as 32-bit words with the most significant byte first. IPv4 has the first; the others are read as zero. */
  declare readonly '~a': number
  declare readonly '~b': number
  declare readonly '~c': number
  declare readonly '~d': number

  protected constructor() {
    throw new TypeError('made by parse()')
  }

  /** The text that a message would have in its place. */
  abstract toString(): string

  /** The text. */
  toJSON(): string {
    return this.toString()
  }

  [Symbol.toPrimitive](): string {
    return this.toString()
  }

  [INSPECT](_depth: number, { stylize }: Style = {}): string {
    const text = this.toString()
    return stylize === undefined ? text : stylize(text, 'special')
  }

  /**
   * Equal for equal values and different for different ones, so that it can be the key of a `Map` or an element of a `Set`.
   * A number where one is enough (IPv4, MAC), which is quicker than text.
   */
  get key(): number | string {
    const kind = this['~kind']
    const rest = this['~b']
    const isShort = kind < 0x100 && (this['~c'] | this['~d']) === 0
    if (isShort && (rest === 0 || (kind === 0 && rest >>> 16 === 0)))
      return (this['~a'] >>> 0) * 0x10000 + (kind | rest)
    return this.toString()
  }

  /** Whether both are the same. */
  equals(other: Self): boolean {
    const that = other as unknown as this
    return (
      this['~kind'] === that['~kind'] &&
      this['~a'] === that['~a'] &&
      this['~b'] === that['~b'] &&
      this['~c'] === that['~c'] &&
      this['~d'] === that['~d']
    )
  }

  /** Negative, zero or positive, as `sort` wants it: by family, then by address, then by prefix length. */
  compare(other: Self): number {
    const that = other as unknown as this
    return (
      (this['~kind'] >> 8) - (that['~kind'] >> 8) ||
      (this['~a'] >>> 0) - (that['~a'] >>> 0) ||
      (this['~b'] >>> 0) - (that['~b'] >>> 0) ||
      (this['~c'] >>> 0) - (that['~c'] >>> 0) ||
      (this['~d'] >>> 0) - (that['~d'] >>> 0) ||
      this['~kind'] - that['~kind']
    )
  }
}

/** The numbers of a value, for the codec. */
export interface BinaryParts {
  '~kind': number
  '~a': number
  '~b': number
  '~c': number
  '~d': number
}

// Instances of IPv4 have none of these: 40 bytes instead of 64.
Object.assign(BinaryForm.prototype, { '~b': 0, '~c': 0, '~d': 0 })

/**
 * Makes values from their numbers: of one word and of four. Plain functions with the prototype of the class, two for each
 * class: V8 copies them into their callers, which it does neither with a class that extends another nor with one function
 * for several classes.
 */
export interface BinaryMakers {
  readonly type: BinaryType
  readonly short: new (kind: number, a: number) => object
  readonly long: new (kind: number, a: number, b: number, c: number, d: number) => object
}

/** A class of values in binary form, for `instanceof`. */
export interface BinaryType extends Function {
  readonly prototype: object
}
