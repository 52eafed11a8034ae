/** Stores the low `size` bytes of `value`, most significant first. */
export function storeInteger(bytes: Uint8Array, at: number, size: number, value: number): void {
  let rest = value | 0
  for (let i = at + size - 1; i >= at; i--) {
    bytes[i] = rest
    rest >>= 8
  }
}

/** Reads `size` bytes, four at most, as an unsigned number. */
export function loadUnsigned(bytes: Uint8Array, at: number, size: number): number {
  return loadBits(bytes, at, size) >>> 0
}

/** Reads `size` bytes, four at most, as a number in two's complement. */
export function loadSigned(bytes: Uint8Array, at: number, size: number): number {
  const unused = 32 - 8 * size
  return (loadBits(bytes, at, size) << unused) >> unused
}

/** Stores the number of an array's elements. A count of 64 bits has its low half behind. */
export function storeCount(bytes: Uint8Array, at: number, size: 1 | 2 | 4 | 8, count: number): void {
  if (size === 8) storeInteger(bytes, at + 4, 4, count)
  else storeInteger(bytes, at, size, count)
}

/** Reads a count. A negative one comes out as a number beyond what any message holds. */
export function loadCount(bytes: Uint8Array, at: number, size: 1 | 2 | 4 | 8, signed: boolean): number {
  if (size === 8) return loadUnsigned(bytes, at, 4) * 2 ** 32 + loadUnsigned(bytes, at + 4, 4)
  return signed ? loadSigned(bytes, at, size) >>> 0 : loadUnsigned(bytes, at, size)
}

function loadBits(bytes: Uint8Array, at: number, size: number): number {
  let bits = 0
  for (let i = at; i < at + size; i++) bits = (bits << 8) | (bytes[i] as number)
  return bits
}

const scratchBytes = new Uint8Array(8)
const scratch = new DataView(scratchBytes.buffer)

/** Writes a double, least significant byte first. Every NaN gets the same bits: in JavaScript they are one value. */
export function putDouble(bytes: Uint8Array, offset: number, value: number): void {
  scratch.setFloat64(0, Number.isNaN(value) ? NaN : value, true)
  putScratch(bytes, offset)
}

/** Writes 64 bits, most significant byte first. */
export function putBigint(bytes: Uint8Array, offset: number, value: bigint): void {
  scratch.setBigUint64(0, value)
  putScratch(bytes, offset)
}

function putScratch(bytes: Uint8Array, offset: number): void {
  for (let i = 0; i < 8; i++) bytes[offset + i] = scratchBytes[i] as number
}

function takeScratch(bytes: Uint8Array, offset: number): DataView {
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[offset + i] as number
  return scratch
}

/** Reads a double, least significant byte first. */
export function takeDouble(bytes: Uint8Array, offset: number): number {
  return takeScratch(bytes, offset).getFloat64(0, true)
}

/** Reads 64 bits, most significant byte first. */
export function takeUnsigned(bytes: Uint8Array, offset: number): bigint {
  return takeScratch(bytes, offset).getBigUint64(0)
}

/** Reads 64 bits in two's complement, most significant byte first. */
export function takeSigned(bytes: Uint8Array, offset: number): bigint {
  return takeScratch(bytes, offset).getBigInt64(0)
}
