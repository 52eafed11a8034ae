import { Cursor } from './cursor.ts'

/** Entries that there is room for in the beginning. */
const FIRST = 8
/** Bytes of a page, as bits of a place; a longer record has its own page. Pages are never copied to grow. */
const PAGE_BITS = 13
const PAGE = 2 ** PAGE_BITS
/** What stands in the index where nothing is, and where something was. */
const [EMPTY, DELETED] = [0, -1]
/** Bytes from which a copy is worth a call. */
const LONG = 64
/** Where an entry that is not there begins. */
const NOWHERE = 0xffff_ffff

/**
 * Entries as bytes, each with a number that stays its own while it is there, so that one who goes through them may
 * change them meanwhile. A record is the key, the length of the value, and the value.
 */
export class PackedShard {
  /** By hash: the number of an entry and 1. */
  #index: Int32Array
  /** Places of the index that are not empty. */
  #taken = 0
  #hashes: Int32Array
  #starts: Uint32Array
  /** Numbers given out so far. */
  #count = 0
  /** Numbers that can be given out again. */
  readonly #free: number[] = []
  #pages: Buffer[] = []
  /** End of the records of the last page. */
  #end = PAGE
  /** Bytes of records that are wanted, and of those that are not any more. */
  #used = 0
  #waste = 0
  readonly #writer = new Cursor()
  readonly #reader = new Cursor()

  /** @param expected entries that there is room for from the beginning */
  constructor(expected = FIRST) {
    const size = Math.max(FIRST, expected)
    let indexSize = FIRST * 2
    while (size * 4 > indexSize * 3) indexSize *= 2
    this.#index = new Int32Array(indexSize)
    this.#hashes = new Int32Array(size)
    this.#starts = new Uint32Array(size)
  }

  /** Number of the entry with a key; below zero when there is none. */
  find(key: string, hash: number): number {
    const mask = this.#index.length - 1
    for (let place = (hash >>> 8) & mask; ; place = (place + 1) & mask) {
      const found = this.#index[place] as number
      if (found === EMPTY) return -1
      if (found !== DELETED && this.#hashes[found - 1] === hash && this.#isKey(found - 1, key)) {
        return found - 1
      }
    }
  }

  /** @param value what has been written to a cursor @returns whether the entry is new */
  set(key: string, hash: number, { bytes, at: length }: Cursor): boolean {
    const known = this.find(key, hash)
    if (known >= 0 && this.#overwrite(known, bytes, length)) return false
    const writer = this.#writer
    writer.at = 0
    writer.putText(key)
    writer.putWhole(length)
    const head = writer.at
    if (known >= 0) this.#discard(known)
    const start = this.#room(head + length)
    const page = this.#pageOf(start)
    const at = start & (PAGE - 1)
    copy(writer.bytes, 0, page, at, head)
    copy(bytes, 0, page, at + head, length)
    if (known < 0) this.#add(hash, start)
    else this.#starts[known] = start
    if (this.#waste > this.#used + PAGE) this.#compact()
    return known < 0
  }

  /** @returns whether there was one */
  delete(key: string, hash: number): boolean {
    const id = this.find(key, hash)
    if (id < 0) return false
    const mask = this.#index.length - 1
    let place = (hash >>> 8) & mask
    while (this.#index[place] !== id + 1) place = (place + 1) & mask
    this.#index[place] = DELETED
    this.#discard(id)
    this.#starts[id] = NOWHERE
    this.#free.push(id)
    if (this.#waste > this.#used + PAGE) this.#compact()
    return true
  }

  /** Numbers of all entries. */
  *ids(): Generator<number, void> {
    for (let id = 0; id < this.#count; id++) if (this.#starts[id] !== NOWHERE) yield id
  }

  keyOf(id: number): string {
    return this.#readerAt(id).text()
  }

  /** Puts a cursor to the value of an entry. */
  place(id: number, cursor: Cursor): void {
    cursor.at = this.#valueOf(id)
    cursor.bytes = this.#reader.bytes
  }

  /** True when another shard has the same value under the same key. */
  isIn(other: PackedShard, id: number): boolean {
    const same = this.#findIn(other, id)
    if (same < 0) return false
    const size = this.#sizeOf(id)
    return size === other.#sizeOf(same) && this.#isAlike(id, other, same, size)
  }

  /** True when another shard has the same key. */
  isKeyIn(other: PackedShard, id: number): boolean {
    return this.#findIn(other, id) >= 0
  }

  #findIn(other: PackedShard, id: number): number {
    const hash = this.#hashes[id] as number
    const mask = other.#index.length - 1
    for (let place = (hash >>> 8) & mask; ; place = (place + 1) & mask) {
      const found = other.#index[place] as number
      if (found === EMPTY) return -1
      if (found === DELETED || other.#hashes[found - 1] !== hash) continue
      if (this.#isAlike(id, other, found - 1, this.#keySize(id))) return found - 1
    }
  }

  #isAlike(id: number, other: PackedShard, otherId: number, size: number): boolean {
    const start = this.#starts[id] as number
    const otherStart = other.#starts[otherId] as number
    const page = this.#pageOf(start)
    const otherPage = other.#pageOf(otherStart)
    const from = start & (PAGE - 1)
    const otherFrom = otherStart & (PAGE - 1)
    for (let at = 0; at < size; at++) if (page[from + at] !== otherPage[otherFrom + at]) return false
    return true
  }

  #isKey(id: number, key: string): boolean {
    const reader = this.#readerAt(id)
    const head = reader.whole()
    if (head >>> 1 !== key.length) return false
    if ((head & 1) === 1) return this.keyOf(id) === key
    const { bytes, at } = reader
    for (let index = 0; index < key.length; index++) {
      if (bytes[at + index] !== key.charCodeAt(index)) return false
    }
    return true
  }

  #readerAt(id: number): Cursor {
    const reader = this.#reader
    const start = this.#starts[id] as number
    reader.bytes = this.#pageOf(start)
    reader.at = start & (PAGE - 1)
    return reader
  }

  /** Bytes of the key with what says how long it is. */
  #keySize(id: number): number {
    const reader = this.#readerAt(id)
    const start = reader.at
    const head = reader.whole()
    return reader.at - start + (head >>> 1) * ((head & 1) + 1)
  }

  /** Where the value begins. */
  #valueOf(id: number): number {
    const reader = this.#readerAt(id)
    const start = reader.at
    reader.at = start + this.#keySize(id)
    reader.whole()
    return reader.at
  }

  /** Bytes of the record. */
  #sizeOf(id: number): number {
    const start = this.#starts[id] as number
    return this.#sizeIn(this.#pageOf(start), start & (PAGE - 1))
  }

  #sizeIn(page: Buffer, start: number): number {
    const reader = this.#reader
    reader.bytes = page
    reader.at = start
    const head = reader.whole()
    reader.at += (head >>> 1) * ((head & 1) + 1)
    const length = reader.whole()
    return reader.at + length - start
  }

  #overwrite(id: number, bytes: Buffer, length: number): boolean {
    const start = (this.#starts[id] as number) & (PAGE - 1)
    const end = start + this.#sizeOf(id)
    const value = this.#valueOf(id)
    if (end - value !== length) return false
    copy(bytes, 0, this.#reader.bytes, value, length)
    return true
  }

  #add(hash: number, start: number): void {
    const id = this.#free.pop() ?? this.#count++
    if (id >= this.#hashes.length) this.#growEntries()
    this.#hashes[id] = hash
    this.#starts[id] = start
    if ((this.#taken + 1) * 4 > this.#index.length * 3) this.#indexAnew()
    else this.#enter(id)
  }

  #enter(id: number): void {
    const mask = this.#index.length - 1
    let place = ((this.#hashes[id] as number) >>> 8) & mask
    while (this.#index[place] !== EMPTY) place = (place + 1) & mask
    this.#index[place] = id + 1
    this.#taken++
  }

  #indexAnew(): void {
    const live = this.#count - this.#free.length
    let size = this.#index.length
    while (live * 2 > size) size *= 2
    this.#index = new Int32Array(size)
    this.#taken = 0
    for (const id of this.ids()) this.#enter(id)
  }

  #growEntries(): void {
    const size = grown(this.#hashes.length)
    const hashes = new Int32Array(size)
    hashes.set(this.#hashes)
    const starts = new Uint32Array(size)
    starts.set(this.#starts)
    this.#hashes = hashes
    this.#starts = starts
  }

  #pageOf(start: number): Buffer {
    return this.#pages[start >>> PAGE_BITS] as Buffer
  }

  /** The record of an entry is no longer wanted. */
  #discard(id: number): void {
    const size = this.#sizeOf(id)
    this.#used -= size
    this.#waste += size
  }

  /** Makes room for a record. @returns where it begins */
  #room(size: number): number {
    if (this.#end + size > PAGE) {
      this.#pages.push(Buffer.allocUnsafeSlow(Math.max(PAGE, size)))
      this.#end = 0
    }
    const start = (this.#pages.length - 1) * PAGE + this.#end
    this.#end += size
    this.#used += size
    return start
  }

  /** Leaves out what is no longer wanted. */
  #compact(): void {
    const before = this.#pages
    this.#pages = []
    this.#end = PAGE
    this.#used = 0
    this.#waste = 0
    for (const id of this.ids()) {
      const start = this.#starts[id] as number
      const page = before[start >>> PAGE_BITS] as Buffer
      const size = this.#sizeIn(page, start & (PAGE - 1))
      const place = this.#room(size)
      copy(page, start & (PAGE - 1), this.#pageOf(place), place & (PAGE - 1), size)
      this.#starts[id] = place
    }
  }
}

/** Grows by more than needed, so that not every new entry has to reallocate. */
function grown(size: number): number {
  return Math.ceil((size * 3) / 2)
}

function copy(from: Buffer, start: number, to: Buffer, place: number, length: number): void {
  if (length > LONG) from.copy(to, place, start, start + length)
  else for (let at = 0; at < length; at++) to[place + at] = from[start + at] as number
}
