import type { BinaryCodec, ShortLayout } from '../form/binary-codec.ts'
import { LONGEST_IP4 } from '../form/binary-codec.ts'
import { byteAt, loadSigned, property, storeNumber, sum, type Source } from './source.ts'

/**
 * What generated source does with addresses in binary form. IPv4 is written out in place, since V8 copies functions into
 * their callers in one run and not in the next; all else is left to the functions.
 */

/** Statements that write `value`, an object, at `base + offset`, or do what `irregular` says. */
export function writeBinary(
  source: Source,
  { type, short, write }: BinaryCodec,
  [value, base, offset]: readonly [value: string, base: string, offset: number],
  irregular: string,
): void {
  source.add(`if (!(${value} instanceof ${source.constant(type)})) ${irregular}`)
  const call = `if (!${source.constant(write)}(b, d, ${sum(base, offset)}, ${value})) ${irregular}`
  if (short === undefined) {
    source.add(call)
    return
  }
  const kind = source.local()
  source.add(
    `const ${kind} = ${property(value, '~kind')}`,
    `if (${kind} <= ${LONGEST_IP4}) {`,
    storeNumber(base, offset + short.word, 4, property(value, '~a')),
  )
  if (short.length !== undefined) source.add(storeNumber(base, offset + short.length, 1, kind))
  source.add(`} else ${call}`)
}

/** An expression for the value at `base + offset`. */
export function readBinary(
  source: Source,
  { short, read }: BinaryCodec,
  base: string,
  offset: number,
): string {
  const call = `${source.constant(read)}(b, d, ${sum(base, offset)})`
  if (short === undefined) return call
  const made = `new ${source.constant(short.make)}(${kindOf(short, base, offset)}, ${loadSigned(base, offset + short.word, 4)})`
  const conditions = [
    ...(short.family === undefined ? [] : [`${byteAt(base, offset + short.family)} === 0`]),
    ...(short.length === undefined ? [] : [`${byteAt(base, offset + short.length)} <= ${LONGEST_IP4}`]),
  ]
  return conditions.length === 0 ? made : `(${conditions.join(' && ')} ? ${made} : ${call})`
}

function kindOf({ length }: ShortLayout, base: string, offset: number): string {
  return length === undefined ? '0' : byteAt(base, offset + length)
}
