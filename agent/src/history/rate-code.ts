/** Code of a value that is not known. */
export const UNKNOWN = 0xffff

/** What the exponent of a float is moved by, so that codes begin at 2^-16 and end at 2^48. */
const OFFSET = (127 - 16) << 10
/** Half of the last place that is kept: codes are rounded. */
const HALF = 1 << 12

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/**
 * A rate in 16 bits: 6 of exponent, 10 of mantissa, so within 0.05 % above 2^-16 and up to 2^48; what is smaller is 0, what is
 * greater the greatest. Codes are in the order of their values. NaN is {@link UNKNOWN}.
 */
export function rateCode(value: number): number {
  if (Number.isNaN(value)) return UNKNOWN
  float[0] = value
  const code = (((bits[0] ?? 0) + HALF) >>> 13) - OFFSET
  if (!(value > 0) || code < 1) return 0
  return code < UNKNOWN ? code : UNKNOWN - 1
}

/** The value of a code; NaN for {@link UNKNOWN}. */
export function rateOf(code: number): number {
  if (code === 0) return 0
  if (code === UNKNOWN) return Number.NaN
  bits[0] = (code + OFFSET) << 13
  return float[0] ?? 0
}
