/** Bytes of a MAC address. */
export const MAC_BYTES = 6

/** The MAC address that reaches everybody on a link. */
export const MAC_BROADCAST = 'ff:ff:ff:ff:ff:ff'

/** `aa:bb:cc:dd:ee:ff` (or with dashes) as six bytes. Throws RangeError for anything else. */
export function macToBytes(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)) throw new RangeError(`"${text}" is not a MAC address`)
  return Uint8Array.from(text.split(/[:-]/), (part) => Number.parseInt(part, 16))
}

/** Six bytes at `offset` as `aa:bb:cc:dd:ee:ff`. */
export function macToText(bytes: Uint8Array, offset = 0): string {
  return Array.from(bytes.subarray(offset, offset + MAC_BYTES), hex2).join(':')
}

/** `192.0.2.1` as four bytes. Throws RangeError for anything else. */
export function ipv4ToBytes(text: string): Uint8Array {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    throw new RangeError(`"${text}" is not an IPv4 address`)
  }
  return Uint8Array.from(parts, Number)
}

/** Four bytes at `offset` as `192.0.2.1`. */
export function ipv4ToText(bytes: Uint8Array, offset = 0): string {
  return bytes.subarray(offset, offset + 4).join('.')
}

/** `2001:db8::1` (also with an IPv4 tail) as sixteen bytes. Throws RangeError for anything else. */
export function ipv6ToBytes(text: string): Uint8Array {
  const invalid = () => new RangeError(`"${text}" is not an IPv6 address`)
  const halves = text.split('::')
  if (halves.length > 2) throw invalid()
  const [head, tail] = halves.map((half) => groups(half))
  if (head === undefined || (halves.length === 2 && tail === undefined)) throw invalid()
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) throw invalid()
  const words = tail === undefined ? head : [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]))
}

/** Sixteen bytes at `offset` in the form of RFC 5952: `2001:db8::1`. */
export function ipv6ToText(bytes: Uint8Array, offset = 0): string {
  const words = Array.from(
    { length: 8 },
    (_, n) => (bytes[offset + 2 * n]! << 8) | bytes[offset + 2 * n + 1]!,
  )
  const zeros = longestZeroRun(words)
  const part = (from: number, to: number) =>
    words
      .slice(from, to)
      .map((word) => word.toString(16))
      .join(':')
  return zeros.length < 2 ? part(0, 8) : `${part(0, zeros.start)}::${part(zeros.start + zeros.length, 8)}`
}

function groups(half: string): number[] | undefined {
  if (half === '') return []
  const parts = half.split(':')
  const last = parts.at(-1)!
  if (last.includes('.')) {
    const quad = /^[\d.]+$/.test(last) ? ipv4ToBytes(last) : undefined
    if (quad === undefined) return undefined
    parts.splice(-1, 1, ((quad[0]! << 8) | quad[1]!).toString(16), ((quad[2]! << 8) | quad[3]!).toString(16))
  }
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (const [index, word] of words.entries()) {
    if (word !== 0) start = index + 1
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start }
  }
  return best
}

function hex2(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
