import { formatHex, writeHex } from './hex.ts'
import { formatIp4, formatIp4WithLength, parseLength, writeIp4, writeIp4WithLength } from './ip4.ts'
import { formatIp6, formatIp6WithLength, writeIp6 } from './ip6.ts'

/**
 * An address or prefix that the plain spelling cannot express - a family that is neither IPv4 nor IPv6, or a prefix
 * length beyond the address - is spelled `af:<family>:<hex of the address bytes>`, with `/<length>` for a prefix.
 */
const RAW = /^af:(\d{1,3}):((?:[0-9a-f]{2})+)$/i

/** Values of `address_family`. */
const IP4 = 0
const IP6 = 1

/** Bytes of `vl_api_address_t`: family and sixteen bytes, of which IPv4 uses the first four. */
export const ADDRESS_SIZE = 17

/** `vl_api_address_t` as text. What stands behind the four bytes of an IPv4 address is not looked at. */
export function formatAddress(bytes: Uint8Array, offset: number): string {
  const family = bytes[offset]
  if (family === IP4) return formatIp4(bytes, offset + 1)
  if (family === IP6) return formatIp6(bytes, offset + 1)
  return formatRaw(bytes, offset)
}

function formatRaw(bytes: Uint8Array, offset: number): string {
  return `af:${bytes[offset]}:${formatHex(bytes, offset + 1, offset + ADDRESS_SIZE)}`
}

/** Writes the `vl_api_address_t` that `text[start, end)` spells; false when it is none. The bytes must be zero. */
export function writeAddress(
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
): boolean {
  if (writeIp4(bytes, offset + 1, text, start, end)) return true
  return writeOther(bytes, offset, text.slice(start, end))
}

/** As `writeAddress`, for what is not an IPv4 address. */
function writeOther(bytes: Uint8Array, offset: number, text: string): boolean {
  if (writeIp6(bytes, offset + 1, text, 0, text.length)) {
    bytes[offset] = IP6
    return true
  }
  return writeRaw(bytes, offset, text)
}

function writeRaw(bytes: Uint8Array, offset: number, text: string): boolean {
  const match = RAW.exec(text)
  const family = Number(match?.[1])
  const hex = match?.[2]
  if (hex?.length !== 2 * (ADDRESS_SIZE - 1) || family > 255) return false
  bytes[offset] = family
  return writeHex(bytes, offset + 1, hex, 0, hex.length)
}

/** `vl_api_prefix_t` and `vl_api_address_with_prefix_t` as text; host bits are kept. */
export function formatPrefix(bytes: Uint8Array, offset: number): string {
  const length = bytes[offset + ADDRESS_SIZE] as number
  const family = bytes[offset]
  if (family === IP4 && length <= 32) return formatIp4WithLength(bytes, offset + 1, length)
  if (family === IP6 && length <= 128) return formatIp6WithLength(bytes, offset + 1, length)
  return `${formatRaw(bytes, offset)}/${length}`
}

/**
 * Writes the `vl_api_prefix_t` that `text` spells; an address without a length is a host. False when it is none. The
 * bytes must be zero.
 */
export function writePrefix(bytes: Uint8Array, offset: number, text: string): boolean {
  const lengthOffset = offset + ADDRESS_SIZE
  if (writeIp4WithLength(bytes, offset + 1, lengthOffset, text)) return true
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  if (!writeOther(bytes, offset, address)) return false
  const raw = address.startsWith('af:')
  if (raw && slash < 0) return false
  const length = slash < 0 ? 128 : parseLength(text, slash + 1, raw ? 255 : 128)
  bytes[lengthOffset] = length
  return length >= 0
}

/** `vl_api_ip4_prefix_t`: four bytes and a length. */
export function formatIp4Prefix(bytes: Uint8Array, offset: number): string {
  const length = bytes[offset + 4] as number
  if (length > 32) return `af:${IP4}:${formatHex(bytes, offset, offset + 4)}/${length}`
  return formatIp4WithLength(bytes, offset, length)
}

/** Writes the `vl_api_ip4_prefix_t` that `text` spells; false when it is none. */
export function writeIp4Prefix(bytes: Uint8Array, offset: number, text: string): boolean {
  return writeIp4WithLength(bytes, offset, offset + 4, text) || writeRawPrefix(bytes, offset, text, IP4, 4)
}

/** `vl_api_ip6_prefix_t`: sixteen bytes and a length. */
export function formatIp6Prefix(bytes: Uint8Array, offset: number): string {
  const length = bytes[offset + 16] as number
  if (length > 128) return `af:${IP6}:${formatHex(bytes, offset, offset + 16)}/${length}`
  return formatIp6WithLength(bytes, offset, length)
}

/** Writes the `vl_api_ip6_prefix_t` that `text` spells; false when it is none. */
export function writeIp6Prefix(bytes: Uint8Array, offset: number, text: string): boolean {
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash
  if (!writeIp6(bytes, offset, text, 0, end)) return writeRawPrefix(bytes, offset, text, IP6, 16)
  const length = slash < 0 ? 128 : parseLength(text, slash + 1, 128)
  bytes[offset + 16] = length
  return length >= 0
}

function writeRawPrefix(
  bytes: Uint8Array,
  offset: number,
  text: string,
  family: number,
  size: number,
): boolean {
  const slash = text.indexOf('/')
  const match = slash < 0 ? null : RAW.exec(text.slice(0, slash))
  const hex = match?.[2]
  if (hex?.length !== 2 * size || Number(match?.[1]) !== family) return false
  const length = parseLength(text, slash + 1, 255)
  bytes[offset + size] = length
  return length >= 0 && writeHex(bytes, offset, hex, 0, hex.length)
}
