import { Cursor } from './cursor.ts'
import type { Many } from './json-list.ts'

/** How values of a list are written as bytes, and read again. */
export interface ListPacking<T> {
  /** @returns false for one that cannot be written; it is kept as it is */
  write(value: T, to: Cursor): boolean
  read(from: Cursor): T
}

/**
 * Bytes of the first page and of the largest, each twice the one before. From 32 MiB on memory is mapped for itself and
 * goes back to the system; what is smaller leaves holes between what stays.
 */
const [PAGE, LARGEST_PAGE] = [16 * 1024, 33 * 1024 * 1024]
/** What a value begins with, or stands after the last one of a page. */
const [ODD, PACKED, END] = [0, 1, 2]

/** A list of many values, kept as bytes. What it gives is made each time. */
export class PackedList<T> implements Many<T> {
  readonly #packing: ListPacking<T>
  readonly #pages: Buffer[] = []
  /** Of the last page. */
  #end = PAGE
  #length = 0
  /** What cannot be written. */
  readonly #odd: T[] = []
  readonly #writer = new Cursor()

  constructor(packing: ListPacking<T>) {
    this.#packing = packing
  }

  get length(): number {
    return this.#length
  }

  push(value: T): void {
    const writer = this.#writer
    writer.at = 0
    writer.putByte(PACKED)
    if (!this.#packing.write(value, writer)) {
      writer.at = 0
      writer.putByte(ODD)
      writer.putWhole(this.#odd.push(value) - 1)
    }
    const size = writer.at
    let page = this.#pages.at(-1)
    if (page === undefined || this.#end + size + 1 > page.length) {
      if (page !== undefined && this.#end < page.length) page[this.#end] = END
      const next = page === undefined ? PAGE : Math.min(page.length * 2, LARGEST_PAGE)
      page = Buffer.allocUnsafeSlow(Math.max(next, size + 1))
      this.#pages.push(page)
      this.#end = 0
    }
    writer.bytes.copy(page, this.#end, 0, size)
    this.#end += size
    this.#length++
  }

  *[Symbol.iterator](): Iterator<T> {
    const reader = new Cursor()
    let left = this.#length
    for (const page of this.#pages) {
      let at = 0
      while (left > 0 && at < page.length && page[at] !== END) {
        left--
        reader.bytes = page
        reader.at = at + 1
        const value = page[at] === ODD ? (this.#odd[reader.whole()] as T) : this.#packing.read(reader)
        at = reader.at
        yield value
      }
    }
  }
}
