import { canGenerateCode } from './shape.ts'

/** Longest text that is read without a call into the engine. */
const LONGEST = 32

/** Reads `length` bytes, none above 0x7f, as text. */
type ReadAscii = (bytes: Buffer, start: number, length: number) => string

/**
 * Reads `length` bytes, none above 0x7f, as text. `String.fromCharCode` with as many arguments as there are characters
 * makes a text in a third of the time that Node's own methods take for a short one; the switch over the length is
 * generated where that is allowed.
 */
export const readAscii: ReadAscii = canGenerateCode ? generateReader() : readBlocks

function generateReader(): ReadAscii {
  const text = `return function readAscii(b, s, n) {\n${switchOverLength()}\n}`
  return new Function('fromCharCode', 'long', text)(String.fromCharCode, readLong) as ReadAscii
}

/** Statements that return the `n` bytes of `b` at `s` as text. */
function switchOverLength(): string {
  const cases = Array.from({ length: LONGEST + 1 }, (_, length) => {
    const codes = Array.from({ length }, (_, index) => `b[s + ${index}]`)
    return `case ${length}: return ${length === 0 ? "''" : `fromCharCode(${codes.join(', ')})`}`
  })
  return `switch (n) {\n${cases.join('\n')}\n}\nreturn long(b, s, n)`
}

/** Reads text up to the first NUL, or the whole of `bytes[start, end)`; `view` shows the memory of `bytes`. */
export type ReadFixedText = (bytes: Buffer, view: DataView, start: number, end: number) => string

/**
 * Makes a reader of text of a fixed size. Generated with the switch in it, it is one call; and it is too long for V8 to
 * copy into its callers, which it would do until its allowance for that is used up and none is left for the constructor
 * of the message: then decoding takes a third longer.
 * @param wide reads `bytes[start, end)` when a byte is above 0x7f
 */
export function fixedTextReader(wide: (bytes: Buffer, start: number, end: number) => string): ReadFixedText {
  if (canGenerateCode) {
    const text = `return function readFixedText(b, d, s, end) {\n${SCAN}\n${switchOverLength()}\n}`
    return new Function('fromCharCode', 'long', 'wide', text)(
      String.fromCharCode,
      readLong,
      wide,
    ) as ReadFixedText
  }
  return (bytes, _view, start, end) => {
    let all = 0
    let stop = start
    for (; stop < end && bytes[stop] !== 0; stop++) all |= bytes[stop] as number
    return all < 0x80 ? readAscii(bytes, start, stop - start) : wide(bytes, start, stop)
  }
}

/**
 * Statements that find the length `n` of text. Taking one from each byte of a word sets the highest bit of a byte that
 * is zero; of others only where it was set before.
 */
const SCAN = `
  let stop = s, words = 0, rest = 0
  for (; stop + 4 <= end; stop += 4) {
    const word = d.getInt32(stop)
    if (((word - 0x01010101) & ~word & 0x80808080) !== 0) break
    words |= word
  }
  for (; stop < end; stop++) {
    const byte = b[stop]
    if (byte === 0) break
    rest |= byte
  }
  if ((words & 0x80808080) !== 0 || rest > 0x7f) return wide(b, s, stop)
  const n = stop - s`

function readLong(bytes: Buffer, start: number, length: number): string {
  return bytes.toString('latin1', start, start + length)
}

function readBlocks(bytes: Buffer, start: number, length: number): string {
  if (length > LONGEST) return readLong(bytes, start, length)
  const at = (index: number): number => bytes[start + index] as number
  let text = ''
  let done = 0
  for (; done + 4 <= length; done += 4) {
    text += String.fromCharCode(at(done), at(done + 1), at(done + 2), at(done + 3))
  }
  for (; done < length; done++) text += String.fromCharCode(at(done))
  return text
}
