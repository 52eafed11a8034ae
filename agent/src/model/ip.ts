import { SocketAddress, isIPv4, isIPv6 } from 'node:net'

/** Number of bits of an address of each family. */
export const BITS = { 4: 32, 6: 128 } as const

/** IPv4 or IPv6. */
export type Family = 4 | 6

/** Family of an address or a prefix that is known to be one. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 6 : 4
}

/** The one spelling of an address that everything is compared by; undefined when it is none. */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
  if (!isIPv6(text) || text.includes('%')) return undefined
  return new SocketAddress({ address: text, family: 'ipv6' }).address
}

/** `192.0.2.1/24` in canonical form, host bits kept; undefined if it is not an address with a length. */
export function canonicalInterfaceAddress(text: string): string | undefined {
  const slash = text.lastIndexOf('/')
  const address = canonicalAddress(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (slash < 0 || address === undefined || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined
  return Number(length) <= BITS[familyOf(address)] ? `${address}/${length}` : undefined
}

/** `192.0.2.0/24` in canonical form, host bits cleared; undefined if it is not a prefix. */
export function canonicalPrefix(text: string): string | undefined {
  if (isCanonicalIp4Prefix(text)) return text
  const whole = canonicalInterfaceAddress(text)
  if (whole === undefined) return undefined
  const slash = whole.lastIndexOf('/')
  const length = Number(whole.slice(slash + 1))
  const address = whole.slice(0, slash)
  return `${familyOf(address) === 4 ? maskIp4(address, length) : maskIp6(address, length)}/${length}`
}

const [ZERO, NINE, DOT] = [0x30, 0x39, 0x2e]

/** True for an IPv4 prefix that is in canonical form as it is: nearly all of a million. */
export function isCanonicalIp4Prefix(text: string): boolean {
  const slash = text.indexOf('/')
  const bits = slash < 0 ? undefined : bitsOfIp4(text, slash)
  const length = numberAt(text, slash + 1, text.length, BITS[4])
  if (bits === undefined || length === undefined) return false
  return length === BITS[4] || (bits & (0xffff_ffff >>> length)) === 0
}

/** The 32 bits of the IPv4 address that a text is, or begins with; undefined when it is none. */
export function bitsOfIp4(text: string, end = text.length): number | undefined {
  let bits = 0
  let start = 0
  for (let octet = 0; octet < 4; octet++) {
    let stop = start
    while (stop < end && text.charCodeAt(stop) !== DOT) stop++
    // The last one, and no other, ends with the address.
    if ((stop === end) !== (octet === 3)) return undefined
    const value = numberAt(text, start, stop, 255)
    if (value === undefined) return undefined
    bits = ((bits << 8) | value) >>> 0
    start = stop + 1
  }
  return bits
}

/** A number without leading zeros that part of a text is; undefined when it is none, or more than `most`. */
function numberAt(text: string, start: number, end: number, most: number): number | undefined {
  if (end - start < 1 || end - start > 3) return undefined
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at)
    if (digit < ZERO || digit > NINE || (at > start && value === 0)) return undefined
    value = value * 10 + digit - ZERO
  }
  return value <= most ? value : undefined
}

function maskIp4(address: string, length: number): string {
  const bits = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const masked = length === 0 ? 0 : (bits & (-1 << (32 - length))) >>> 0
  return [masked >>> 24, (masked >>> 16) & 255, (masked >>> 8) & 255, masked & 255].join('.')
}

function maskIp6(address: string, length: number): string {
  const groups = groupsOf(address).map((group, index) => {
    const kept = Math.min(16, Math.max(0, length - index * 16))
    return group & (0xffff << (16 - kept)) & 0xffff
  })
  const text = groups.map((group) => group.toString(16)).join(':')
  return new SocketAddress({ address: text, family: 'ipv6' }).address
}

/** The eight groups of an address that is known to be one. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const front = groupsOfPart(head)
  if (tail === undefined) return front
  const back = groupsOfPart(tail)
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
}

function groupsOfPart(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** The bytes of an address that is known to be one. */
export function addressBytes(text: string): Uint8Array {
  if (familyOf(text) === 4) return Uint8Array.from(text.split('.'), Number)
  return Uint8Array.from(groupsOf(text).flatMap((group) => [group >> 8, group & 0xff]))
}

/** True for an IPv6 address, or an interface's address, of the link alone. */
export function isLinkLocal(text: string): boolean {
  return /^fe[89ab][\da-f]:/i.test(text)
}
