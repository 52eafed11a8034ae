const ISO = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:?\d\d)$/i
const SECONDS = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?s$/i

/** Longest text that is looked at. */
const LONGEST_TEXT = 100

/** Whole seconds that `Date` can hold (ECMA-262, time values). */
const DATE_LIMIT = 8.64e12

/**
 * A point in time as VPP keeps it: seconds since 1970-01-01T00:00Z in a double, before which they are negative. A
 * `Date` would cut it to milliseconds.
 */
export class Timestamp {
  /** Seconds since the epoch, exactly as on the wire. */
  readonly seconds: number

  constructor(seconds: number) {
    if (typeof seconds !== 'number') throw new TypeError('a Timestamp is made from a number of seconds')
    this.seconds = seconds
  }

  /**
   * @param date milliseconds are kept exactly
   * @throws RangeError for an invalid date
   */
  static fromDate(date: Date): Timestamp {
    const milliseconds = date.getTime()
    if (Number.isNaN(milliseconds)) throw new RangeError('an invalid Date')
    return new Timestamp(milliseconds / 1000)
  }

  /**
   * Reads ISO 8601 text with any number of fractional digits and an offset, as in `2026-08-21T10:00:00.123456Z`, or
   * seconds as in `-0.25s`.
   * @throws RangeError when it is neither, or a day that no calendar has
   */
  static parse(text: string): Timestamp {
    // The pattern of seconds takes time that grows with the square of the text.
    if (text.length > LONGEST_TEXT) throw new RangeError(`not a time: text of ${text.length} characters`)
    if (SECONDS.test(text)) return new Timestamp(Number(text.slice(0, -1)))
    const match = ISO.exec(text)
    if (match === null) throw new RangeError(`not an ISO 8601 time with an offset: ${JSON.stringify(text)}`)
    const [, year, month, day, hour, minute, second, fraction = '0', zone = 'Z'] = match
    const whole = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${isoZone(zone)}`)
    if (Number.isNaN(whole) || !hasDay(Number(year), Number(month), Number(day)))
      throw new RangeError(`no such time: ${JSON.stringify(text)}`)
    return new Timestamp(joinDecimal(whole / 1000, fraction))
  }

  /** The nearest millisecond. */
  toDate(): Date {
    return new Date(Math.round(this.seconds * 1000))
  }

  /** ISO 8601 in UTC with microseconds; `<seconds>s` for what no calendar holds. */
  toString(): string {
    let whole = Math.floor(this.seconds)
    let micros = Math.round((this.seconds - whole) * 1e6)
    if (micros === 1e6) {
      whole += 1
      micros = 0
    }
    if (!(Math.abs(whole) < DATE_LIMIT)) return `${this.seconds}s`
    return `${new Date(whole * 1000).toISOString().slice(0, -4)}${String(micros).padStart(6, '0')}Z`
  }

  /** Seconds, so that two timestamps compare with `<` and subtract with `-`. */
  valueOf(): number {
    return this.seconds
  }

  /** Seconds: text with microseconds would lose the last bits. What JSON numbers lack is spelled out. */
  toJSON(): number | string {
    return Number.isFinite(this.seconds) && !Object.is(this.seconds, -0)
      ? this.seconds
      : numberText(this.seconds)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Timestamp ${this.toString()}`
  }
}

/** `whole` and the digits behind the point as the nearest double; adding the two would round twice. */
function joinDecimal(whole: number, fraction: string): number {
  const scale = 10n ** BigInt(fraction.length)
  const exact = BigInt(whole) * scale + BigInt(fraction)
  const size = exact < 0n ? -exact : exact
  const digits = String(size % scale).padStart(fraction.length, '0')
  return Number(`${exact < 0n ? '-' : ''}${size / scale}.${digits}`)
}

/** `Date.parse` takes the 30th of February for the 1st or 2nd of March. */
function hasDay(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function isoZone(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
}

/** `-0` keeps its sign here, other than in `String`. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
