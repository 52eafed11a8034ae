import type { FieldShape } from './shape.ts'

const WIREGUARD_NAME = /(?:^|_)(?:private|public|preshared)_key$/
const WIREGUARD_BYTES = 32

/** Fields that hold a key of IPsec or BFD, and the field that says how long it is. */
const HEX_KEYS: ReadonlyMap<string, string> = new Map([
  ['data', 'length'],
  ['key', 'key_len'],
])

/** How a key may be written as text: base64 for keys of wireguard, hex digits for those of IPsec and BFD. */
export type KeyText = 'base64' | 'hex'

/** What a fixed array of bytes is as a key, by the rule of the runtime's codec; a test compares them. */
export function keyTextByName(
  wireName: string,
  bytes: number,
  siblings: readonly string[],
): KeyText | undefined {
  if (bytes === WIREGUARD_BYTES && WIREGUARD_NAME.test(wireName)) return 'base64'
  const length = HEX_KEYS.get(wireName)
  return length !== undefined && siblings.includes(length) ? 'hex' : undefined
}

/** How a field may be given as text, if it is a key. */
export function keyText(
  [wireName, , type, length]: FieldShape,
  siblings: readonly FieldShape[],
): KeyText | undefined {
  if (type !== 'u8' || typeof length !== 'number') return undefined
  return keyTextByName(
    wireName,
    length,
    siblings.map(([name]) => name),
  )
}
