import type { FieldShape } from './shape.ts'

/** `n_labels`, `num_sids`, `rx_count`; what else is there is how the array's name begins. */
const LENGTH_NAME = /^(?:(?:n|num)_(\w+?)s?|(\w+)_count)$/

/** The same of bytes: `key_len`, `match_length`. */
const SIZE_NAME = /^(\w+)_len(?:gth)?$/

const COUNTS: ReadonlySet<unknown> = new Set(['u8', 'u16', 'u32'])

/**
 * Whether another field says how many elements of a fixed array mean something. The array then has that many, by the
 * rule of the runtime's codec (a test compares them).
 */
export function hasLengthBeside(fields: readonly FieldShape[], [array, , element]: FieldShape): boolean {
  return fields.some(([wireName, , type, length]) => {
    if (length !== undefined || !COUNTS.has(type)) return false
    if (element === 'u8' && wireName === 'length') return array === 'data'
    const [, before, after] = (element === 'u8' ? SIZE_NAME : LENGTH_NAME).exec(wireName) ?? []
    const stem = before ?? after
    return stem !== undefined && array.startsWith(stem)
  })
}
