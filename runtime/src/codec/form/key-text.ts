import { writeHex } from './hex.ts'

/** How a key is written: `wg` prints base64, and `ipsec sa add … crypto-key` takes hex digits. */
export type KeyText = 'base64' | 'hex'

/** What is accepted, for an error's text. */
export const KEY_TEXT_EXPECTED: Readonly<Record<KeyText, string>> = {
  base64: "a Uint8Array, or a key of 32 bytes as base64 like 'wg' prints it",
  hex: "a Uint8Array, or hex digits like '4a506a79'",
}

/** 32 bytes. */
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/**
 * The bytes of a key that is given as text: base64, or hex digits with or without `0x` in front. Anything else is given
 * back as it is.
 */
export function keyFromText(form: KeyText | undefined, value: unknown): unknown {
  if (form === undefined || typeof value !== 'string') return value
  if (form === 'base64' && BASE64.test(value)) return new Uint8Array(Buffer.from(value, 'base64'))
  const start = value.startsWith('0x') ? 2 : 0
  if (form === 'base64' && start === 0) return value
  const bytes = new Uint8Array((value.length - start) >> 1)
  return writeHex(bytes, 0, value, start, value.length) ? bytes : value
}
