/** The one's complement sum of 16-bit words (RFC 1071) of `bytes`, added to `seed`; not inverted yet. */
export function checksumAdd(bytes: Uint8Array, seed = 0): number {
  let sum = seed
  const even = bytes.length & ~1
  for (let at = 0; at < even; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!
  if (even < bytes.length) sum += bytes[even]! << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}

/** The Internet checksum of `bytes`. Over data that contains its own checksum it is 0. */
export function checksum(bytes: Uint8Array, seed = 0): number {
  return ~checksumAdd(bytes, seed) & 0xffff
}

/**
 * Sum of the pseudo header that UDP and ICMPv6 include: addresses (both of 4 or both of 16 bytes), protocol number, and
 * the length of what follows in bytes.
 */
export function pseudoHeaderSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  const tail = Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length, 0, 0, 0, protocol)
  return checksumAdd(tail, checksumAdd(destination, checksumAdd(source)))
}
