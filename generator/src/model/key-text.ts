import { keyTextByName, type KeyText } from '../openapi/key-text.ts'
import type { ModelField } from './model.ts'

/** How a field may be given as text, if it is a key. */
export function keyText(
  { wireName, use, occurs }: ModelField,
  siblings: readonly ModelField[],
): KeyText | undefined {
  if (use.kind !== 'scalar' || use.scalar !== 'u8' || occurs.kind !== 'fixed') return undefined
  return keyTextByName(
    wireName,
    occurs.length,
    siblings.map((each) => each.wireName),
  )
}
