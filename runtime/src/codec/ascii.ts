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
  const cases = Array.from({ length: LONGEST + 1 }, (_, length) => {
    const codes = Array.from({ length }, (_, index) => `b[s + ${index}]`)
    return `case ${length}: return ${length === 0 ? "''" : `fromCharCode(${codes.join(', ')})`}`
  })
  const text = `return function readAscii(b, s, n) {\nswitch (n) {\n${cases.join('\n')}\n}\nreturn long(b, s, n)\n}`
  return new Function('fromCharCode', 'long', text)(String.fromCharCode, readLong) as ReadAscii
}

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
