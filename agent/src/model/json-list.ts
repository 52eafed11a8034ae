import { Turns } from './turns.ts'

/** Bytes from which a list is read in slices; a shorter one takes a millisecond or two. */
const LONG = 256 * 1024
/** Bytes of elements that are parsed at a time, about, unless the caller says otherwise. */
const PART = 64 * 1024

/** All that JSON takes for white space. */
const WHITE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])
const BLANK = /^[ \t\n\r]*$/

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Many values of which not all have to be in memory at once. */
export interface Many<T> extends Iterable<T> {
  readonly length: number
}

/** A long JSON list, kept as received: its elements are created each time it is iterated. */
export class JsonList implements Many<unknown> {
  readonly #parts: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Adds the text of some elements, with commas between them. */
  add(text: Buffer, count: number): void {
    this.#parts.push(text)
    this.#length += count
  }

  /** The text of some elements at a time, with commas between them. */
  *parts(): Iterable<string> {
    for (const part of this.#parts) yield part.toString('utf8')
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (const part of this.parts()) yield* JSON.parse(`[${part}]`) as unknown[]
  }
}

/** The list that a value read by `readJson` is; undefined for everything else. */
export function manyOf(value: unknown): Many<unknown> | undefined {
  return Array.isArray(value) || value instanceof JsonList ? (value as Many<unknown>) : undefined
}

/**
 * Reads JSON as it comes. A long list is parsed some elements at a time, yields to the event loop meanwhile, and it comes
 * as a `JsonList`.
 * @param parse for one text
 * @param part bytes of elements that are parsed at a time, about
 * @throws what `parse` throws; for a long list the place is within the elements that could not be read
 */
export async function readJson(
  chunks: AsyncIterable<Buffer>,
  parse: (text: string) => unknown = JSON.parse,
  part = PART,
): Promise<unknown> {
  const iterator = chunks[Symbol.asyncIterator]()
  const bytes = new Bytes()
  let next = await iterator.next()
  for (; next.done !== true; next = await iterator.next()) {
    bytes.add(next.value)
    if (bytes.length >= LONG && bytes.firstIs(OPEN_BRACKET))
      return await readList(bytes, iterator, parse, part)
  }
  return parse(bytes.text(bytes.length))
}

async function readList(
  bytes: Bytes,
  rest: AsyncIterator<Buffer>,
  parse: (text: string) => unknown,
  part: number,
): Promise<JsonList> {
  const turns = new Turns()
  const list = new JsonList()
  const scan = new Scan()
  bytes.drop(bytes.start + 1)
  for (;;) {
    if (!scan.next(bytes, part)) {
      const { done, value } = await rest.next()
      if (done === true) throw new SyntaxError('the list has no end')
      bytes.add(value)
      continue
    }
    const text = bytes.text(scan.at)
    const isEmpty = BLANK.test(text)
    // Between two commas there has to be something.
    if (isEmpty && !(scan.isLast && list.length === 0)) throw new SyntaxError('expected a value')
    if (!isEmpty) list.add(bytes.copy(scan.at), (parse(`[${text}]`) as unknown[]).length)
    bytes.drop(scan.at + 1)
    scan.at = 0
    if (scan.isLast) break
    if (turns.over) await turns.next()
  }
  for (;;) {
    if (!BLANK.test(bytes.text(bytes.length))) throw new SyntaxError('expected nothing after the list')
    const { done, value } = await rest.next()
    if (done === true) return list
    bytes.drop(bytes.length)
    bytes.add(value)
  }
}

/** Bytes that have come and have not been taken. */
class Bytes {
  #bytes = Buffer.allocUnsafeSlow(2 * LONG)
  length = 0

  at(place: number): number {
    return this.#bytes[place] as number
  }

  add(chunk: Buffer): void {
    if (this.length + chunk.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow((this.length + chunk.length) * 2)
      this.#bytes.copy(larger, 0, 0, this.length)
      this.#bytes = larger
    }
    chunk.copy(this.#bytes, this.length)
    this.length += chunk.length
  }

  /** Offset of the first character that is not white space. */
  get start(): number {
    let place = 0
    while (place < this.length && WHITE.has(this.at(place))) place++
    return place
  }

  firstIs(byte: number): boolean {
    const { start } = this
    return start < this.length && this.at(start) === byte
  }

  text(end: number): string {
    return this.#bytes.toString('utf8', 0, end)
  }

  copy(end: number): Buffer {
    return Buffer.from(this.#bytes.subarray(0, end))
  }

  drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.length)
    this.length -= count
  }
}

/** Goes through the elements of a list without understanding them. */
class Scan {
  /** The next byte to be looked at. */
  at = 0
  /** True when the list has ended there. */
  isLast = false
  #depth = 0
  #isText = false

  /** Goes on to the comma after enough of them, or to the end of the list. @returns false when more has to come first */
  next(bytes: Bytes, least: number): boolean {
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes.at(this.at)
      if (this.#isText) {
        if (byte === BACKSLASH) this.at++
        else if (byte === QUOTE) this.#isText = false
      } else if (byte === QUOTE) this.#isText = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.#depth === 0) {
          if (byte === CLOSE_BRACE) throw new SyntaxError('the list has no end')
          this.isLast = true
          return true
        }
        this.#depth--
      } else if (byte === COMMA && this.#depth === 0 && this.at >= least) return true
    }
    return false
  }
}
