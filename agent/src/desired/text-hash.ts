/** Offset and prime of FNV-1a with 32 bits. */
const FNV_OFFSET = 2_166_136_261
const FNV_PRIME = 16_777_619
/** 2^32 over the golden ratio, odd: multiplier of the second sum. */
const GOLDEN = 0x9e37_79b1
/** The second sum gives 21 bits, so that both together are exact as a number. */
const SECOND_BITS = 21

/**
 * 53 bits that tell texts apart: of a million items no two are taken for each other, and it costs little enough to be
 * taken of each. Not for texts chosen to collide.
 */
export function textHash(text: string): number {
  let fnv = FNV_OFFSET
  let sum = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    fnv = Math.imul(fnv ^ unit, FNV_PRIME)
    sum = (Math.imul(sum, GOLDEN) + unit + 1) | 0
  }
  return ((sum ^ (sum >>> 15)) >>> (32 - SECOND_BITS)) * 2 ** 32 + (fnv >>> 0)
}
