import { isIPv6 } from 'node:net'

/** An address in the neutral form: family and the bytes of one or of both arms, in hex. */
export interface NeutralAddress {
  readonly af: number
  readonly un: { readonly ip4?: string; readonly ip6?: string }
}

/** A prefix of either family in the neutral form. */
export interface NeutralPrefix {
  readonly address: NeutralAddress
  readonly len: number
}

/** A prefix of one family in the neutral form. */
export interface NeutralFamilyPrefix {
  readonly address: string
  readonly len: number
}

/** IPv4 address of eight hex digits. */
export function ip4Text(hex: string): string {
  return [...Buffer.from(hex, 'hex')].join('.')
}

/** IPv6 address of 32 hex digits, as the URL parser spells it: RFC 5952 without a dotted part. */
export function ip6Text(hex: string): string {
  return canonicalIp6((hex.match(/.{4}/g) ?? []).join(':'))
}

/** An IPv6 address in any spelling, as the URL parser spells it. */
export function canonicalIp6(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}

/** Hex digits of an IPv4 address. */
export function ip4Hex(text: string): string {
  const numbers = text.split('.').map(Number)
  if (numbers.length !== 4) throw new Error(`${text} is not an IPv4 address`)
  return Buffer.from(numbers).toString('hex')
}

/** Hex digits of an IPv6 address. */
export function ip6Hex(text: string): string {
  const [head = '', tail] = canonicalIp6(text).split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0000')
  return [...left, ...zeros, ...right].join('')
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0'))
}

/** `vl_api_address_t` as users write it; of a foreign family `af:<family>:<hex>`. */
export function addressText({ af, un }: NeutralAddress): string {
  if (af === 0 && un.ip4 !== undefined) return ip4Text(un.ip4)
  if (af === 1 && un.ip6 !== undefined) return ip6Text(un.ip6)
  return rawText(af, un)
}

function rawText(af: number, un: NeutralAddress['un']): string {
  return `af:${af}:${un.ip6 ?? (un.ip4 ?? '').padEnd(32, '0')}`
}

/** Both readings of an address that is given as text. */
export function addressOf(text: string): NeutralAddress {
  const raw = /^af:(\d+):([0-9a-f]{32})$/.exec(text)
  if (raw !== null) return readings(Number(raw[1]), String(raw[2]))
  return isIPv6(text) ? readings(1, ip6Hex(text)) : readings(0, ip4Hex(text).padEnd(32, '0'))
}

function readings(af: number, bytes: string): NeutralAddress {
  return { af, un: { ip4: bytes.slice(0, 8), ip6: bytes } }
}

/** `vl_api_prefix_t` as users write it; what CIDR cannot say is `af:<family>:<hex>/<length>`. */
export function prefixText({ address, len }: NeutralPrefix): string {
  const fits = len <= (address.af === 0 ? 32 : address.af === 1 ? 128 : -1)
  return `${fits ? addressText(address) : rawText(address.af, address.un)}/${len}`
}

/** The prefix that a text means. */
export function prefixOf(text: string): NeutralPrefix {
  const [address = '', length] = text.split('/')
  return { address: addressOf(address), len: Number(length) }
}

/** `vl_api_ip4_prefix_t` or `vl_api_ip6_prefix_t` as users write it. */
export function familyPrefixText(family: 4 | 6, { address, len }: NeutralFamilyPrefix): string {
  if (len > (family === 4 ? 32 : 128)) return `af:${family === 4 ? 0 : 1}:${address}/${len}`
  return `${family === 4 ? ip4Text(address) : ip6Text(address)}/${len}`
}

/** The prefix of one family that a text means. */
export function familyPrefixOf(family: 4 | 6, text: string): NeutralFamilyPrefix {
  const [address = '', length] = text.split('/')
  const raw = /^af:[01]:([0-9a-f]+)$/.exec(address)
  const hex = raw === null ? (family === 4 ? ip4Hex(address) : ip6Hex(address)) : String(raw[1])
  return { address: hex, len: Number(length) }
}

/** `vl_api_mac_address_t` as users write it. */
export function macText(hex: string): string {
  return (hex.match(/../g) ?? []).join(':')
}

/** Hex digits of a MAC address. */
export function macHex(text: string): string {
  return text.replaceAll(':', '')
}
