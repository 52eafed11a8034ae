/** Up to here packets are copied word by word: `set` costs 12 ns before it copies, and needs a view. */
export const SHORT = 64

/**
 * The whole words of 8 bytes of `bytes`; undefined when it does not begin with one. They are BigInts to JavaScript, but
 * not to its compiler, which moves them from one array to another as they are.
 */
export function wordsOf({ buffer, byteOffset, length }: Uint8Array): BigInt64Array | undefined {
  return byteOffset % 8 === 0 ? new BigInt64Array(buffer, byteOffset, length >>> 3) : undefined
}

/** Copies `count` words, 8 as a rule: those of the shortest Ethernet frame with its checksum. */
export function copyWords(
  source: BigInt64Array,
  from: number,
  target: BigInt64Array,
  to: number,
  count: number,
): void {
  if (count !== 8) {
    for (let n = 0; n < count; n++) target[to + n] = source[from + n]!
    return
  }
  target[to] = source[from]!
  target[to + 1] = source[from + 1]!
  target[to + 2] = source[from + 2]!
  target[to + 3] = source[from + 3]!
  target[to + 4] = source[from + 4]!
  target[to + 5] = source[from + 5]!
  target[to + 6] = source[from + 6]!
  target[to + 7] = source[from + 7]!
}
