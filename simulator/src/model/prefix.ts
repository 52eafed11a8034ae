import { formatIp4, formatIp6, parseIp4, writeIp6 } from '@vpp-ts/runtime/internal'
import { RetvalError } from '../errors.ts'

/** An address family, by VPP's numbers. */
export type Family = 4 | 6

/** An address with a prefix length. */
export interface Prefix {
  readonly family: Family
  /** Four bytes or sixteen. */
  readonly address: Uint8Array
  readonly length: number
}

const BITS = { 4: 32, 6: 128 } as const
const RAW = /^af:\d+:[0-9a-f]+\/\d+$/i

/** The family of an address or a prefix in its usual spelling. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 6 : 4
}

/**
 * Reads `10.0.0.1/24` or `2001:db8::/32`; a missing length means a host.
 * @throws RetvalError -171 when the length does not fit the family, -7 when it is not an address
 */
export function parsePrefix(text: string): Prefix {
  // How the codec spells an address of an unknown family, or a length that is too great.
  if (RAW.test(text)) throw new RetvalError('INVALID_PREFIX_LENGTH')
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash
  const family = familyOf(text)
  const address = parseAddress(text.slice(0, end))
  const length = slash < 0 ? BITS[family] : Number(text.slice(slash + 1))
  if (!Number.isInteger(length) || length < 0 || length > BITS[family]) {
    throw new RetvalError('INVALID_PREFIX_LENGTH')
  }
  return { family, address, length }
}

/**
 * Bytes of an address.
 * @throws RetvalError -7 when it is none
 */
export function parseAddress(text: string): Uint8Array {
  if (familyOf(text) === 4) {
    const bits = parseIp4(text, 0, text.length)
    if (bits < 0) throw new RetvalError('INVALID_VALUE')
    return Uint8Array.of(bits >>> 24, bits >>> 16, bits >>> 8, bits)
  }
  const bytes = new Uint8Array(16)
  if (!writeIp6(bytes, 0, text, 0, text.length)) throw new RetvalError('INVALID_VALUE')
  return bytes
}

/** An address as text. */
export function formatAddress(address: Uint8Array): string {
  return address.length === 4 ? formatIp4(address, 0) : formatIp6(address, 0)
}

/** A prefix as text, with its host bits. */
export function spellPrefix({ address, length }: Prefix): string {
  return `${formatAddress(address)}/${length}`
}

/** A prefix as VPP's routing tables show it: with its host bits if it is of IPv4. */
export function shownPrefix(prefix: Prefix): string {
  return prefix.family === 4 ? spellPrefix(prefix) : networkOf(prefix)
}

/** The network of a prefix, as text: without the bits behind its length. */
export function networkOf({ address, length }: Prefix): string {
  return `${formatAddress(masked(address, length))}/${length}`
}

/** The first `length` bits of an address; the others are zero. */
export function masked(address: Uint8Array, length: number): Uint8Array {
  const network = address.slice()
  const whole = length >> 3
  if (whole < network.length) {
    network[whole] = (network[whole] as number) & (0xff00 >> (length & 7))
    network.fill(0, whole + 1)
  }
  return network
}

/** The address with all bits behind the prefix length set. */
export function broadcastOf({ address, length }: Prefix): Uint8Array {
  const last = address.slice()
  for (let bit = length; bit < last.length * 8; bit++) {
    last[bit >> 3] = (last[bit >> 3] as number) | (0x80 >> (bit & 7))
  }
  return last
}

/** True when two prefixes share addresses. */
export function overlap(a: Prefix, b: Prefix): boolean {
  if (a.family !== b.family) return false
  const length = Math.min(a.length, b.length)
  const whole = length >> 3
  for (let i = 0; i < whole; i++) if (a.address[i] !== b.address[i]) return false
  const differing = (a.address[whole] ?? 0) ^ (b.address[whole] ?? 0)
  return (differing & (0xff00 >> (length & 7)) & 0xff) === 0
}
