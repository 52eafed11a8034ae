import { keyTextByName } from '../model/key-text.ts'
import type { FieldShape } from './shape.ts'

/** How a field may be given as text, if it is a key. */
export function keyText(
  [wireName, , type, length]: FieldShape,
  siblings: readonly FieldShape[],
): 'base64' | 'hex' | undefined {
  if (type !== 'u8' || typeof length !== 'number') return undefined
  return keyTextByName(
    wireName,
    length,
    siblings.map(([name]) => name),
  )
}
