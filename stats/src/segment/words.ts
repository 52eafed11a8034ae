/*
 * Loops over 8-byte words. They stand alone so that the compiler keeps the words in registers: as 8-byte loads and
 * stores, never torn, with no bigint made.
 */

/** Copies `length` words. */
export function copyWords(
  from: BigUint64Array,
  at: number,
  to: BigUint64Array,
  slot: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[slot + i] = from[at + i] as bigint
}

/** Adds `length` words to others, modulo 2^64. */
export function addWords(
  from: BigUint64Array,
  at: number,
  to: BigUint64Array,
  slot: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    to[slot + i] = BigInt.asUintN(64, (to[slot + i] as bigint) + (from[at + i] as bigint))
  }
}

/** Puts the sums of two runs of `length` words, modulo 2^64. */
export function putSums(
  from: BigUint64Array,
  first: number,
  second: number,
  to: BigUint64Array,
  slot: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    to[slot + i] = BigInt.asUintN(64, (from[first + i] as bigint) + (from[second + i] as bigint))
  }
}

/** Puts the sums of three runs: each sum is stored once for all three. See {@link putSums}. */
export function putSumsOfThree(
  from: BigUint64Array,
  first: number,
  second: number,
  third: number,
  to: BigUint64Array,
  slot: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const sum = (from[first + i] as bigint) + (from[second + i] as bigint) + (from[third + i] as bigint)
    to[slot + i] = BigInt.asUintN(64, sum)
  }
}

/** Like {@link addWords}, two runs at once: each sum is loaded and stored once for both. */
export function addTwice(
  from: BigUint64Array,
  first: number,
  second: number,
  to: BigUint64Array,
  slot: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const sum = (to[slot + i] as bigint) + (from[first + i] as bigint) + (from[second + i] as bigint)
    to[slot + i] = BigInt.asUintN(64, sum)
  }
}

/** Copies one word for each of `columns`, counted from `start`, to `row` behind each of `slots`. */
export function gatherWords(
  from: BigUint64Array,
  start: number,
  columns: readonly number[],
  to: BigUint64Array,
  slots: readonly number[],
  row: number,
): void {
  for (let i = 0; i < columns.length; i++) {
    to[(slots[i] ?? 0) + row] = from[start + (columns[i] ?? 0)] as bigint
  }
}

/** Like {@link gatherWords}, for elements of two words. */
export function gatherPairs(
  from: BigUint64Array,
  start: number,
  columns: readonly number[],
  to: BigUint64Array,
  slots: readonly number[],
  row: number,
): void {
  for (let i = 0; i < columns.length; i++) {
    const at = start + (columns[i] ?? 0) * 2
    const slot = (slots[i] ?? 0) + row
    to[slot] = from[at] as bigint
    to[slot + 1] = from[at + 1] as bigint
  }
}
