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

/** `192.0.2.1/24` in its one spelling, host bits kept; undefined when it is no address with a length. */
export function canonicalInterfaceAddress(text: string): string | undefined {
  const slash = text.lastIndexOf('/')
  const address = canonicalAddress(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (slash < 0 || address === undefined || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined
  return Number(length) <= BITS[familyOf(address)] ? `${address}/${length}` : undefined
}

/** `192.0.2.0/24` in its one spelling, host bits cleared; undefined when it is no prefix. */
export function canonicalPrefix(text: string): string | undefined {
  if (isCanonicalIp4Prefix(text)) return text
  const whole = canonicalInterfaceAddress(text)
  if (whole === undefined) return undefined
  const slash = whole.lastIndexOf('/')
  const length = Number(whole.slice(slash + 1))
  const address = whole.slice(0, slash)
  return `${familyOf(address) === 4 ? maskIp4(address, length) : maskIp6(address, length)}/${length}`
}

const IP4_PREFIX = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(0|[12]?\d|3[0-2])$/

/** True for what is in its one spelling as it is: nearly all of a million. */
function isCanonicalIp4Prefix(text: string): boolean {
  const [, a, b, c, d, length] = IP4_PREFIX.exec(text) ?? []
  if (length === undefined || !isIPv4(text.slice(0, -length.length - 1))) return false
  const bits = ((Number(a) << 24) | (Number(b) << 16) | (Number(c) << 8) | Number(d)) >>> 0
  const host = length === '0' ? 0xffff_ffff : (1 << (32 - Number(length))) - 1
  return length === '32' || (bits & host) === 0
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

/** True for an IPv6 address, or an interface's address, of the link alone. */
export function isLinkLocal(text: string): boolean {
  return /^fe[89ab][\da-f]:/i.test(text)
}
