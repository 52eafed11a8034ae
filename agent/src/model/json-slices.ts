import { Turns } from './turns.ts'

/** Bytes from which a text is taken in slices; a shorter one takes a millisecond or two. */
const LONG = 256 * 1024
/** Bytes of elements that are parsed at a time, about. */
const CHUNK = 64 * 1024

/** All that JSON takes for white space. */
const WHITE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])
const BLANK = /^[ \t\n\r]*$/

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Parses JSON. A long array is parsed some elements at a time, and others have their turn meanwhile.
 * @param parse for one text
 * @throws what `parse` throws; for a long array the place is within the elements that could not be read
 */
export async function parseJsonInTurns(
  bytes: Buffer,
  parse: (text: string) => unknown = JSON.parse,
): Promise<unknown> {
  const start = firstOf(bytes)
  if (bytes.length < LONG || bytes[start] !== OPEN_BRACKET) return parse(bytes.toString('utf8'))
  const turns = new Turns()
  const list: unknown[] = []
  const scan = new Scan(bytes, start + 1)
  for (;;) {
    const from = scan.at
    const isLast = scan.next(CHUNK)
    const text = bytes.toString('utf8', from, scan.at)
    if (isLast === undefined) throw new SyntaxError('the array has no end')
    const isEmpty = BLANK.test(text)
    // Between two commas there has to be something.
    if (isEmpty && !(isLast && list.length === 0))
      throw new SyntaxError(`expected a value at byte ${scan.at}`)
    const some = isEmpty ? [] : (parse(`[${text}]`) as unknown[])
    for (const one of some) list.push(one)
    scan.at++
    if (isLast) break
    if (turns.over) await turns.next()
  }
  const rest = bytes.toString('utf8', scan.at)
  if (!BLANK.test(rest)) throw new SyntaxError(`expected nothing after the array, at byte ${scan.at}`)
  return list
}

function firstOf(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length && WHITE.has(bytes[at] ?? 0)) at++
  return at
}

/** Goes through the elements of an array without understanding them. */
class Scan {
  at: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  /**
   * Goes on to the comma after at least so many bytes, or to the end of the array.
   * @returns whether it is the end; undefined when there is none
   */
  next(least: number): boolean | undefined {
    const bytes = this.#bytes
    const enough = this.at + least
    let depth = 0
    for (let at = this.at; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        at = endOfText(bytes, at + 1)
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (depth === 0) {
          this.at = at
          return byte === CLOSE_BRACKET ? true : undefined
        }
        depth--
      } else if (byte === COMMA && depth === 0 && at >= enough) {
        this.at = at
        return false
      }
    }
    return undefined
  }
}

/** Place of the quote that ends a text. */
function endOfText(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}
