import { invalidSegment } from '../errors.ts'
import {
  DIRECTORY_LIMIT,
  ENTRY_NAME,
  ENTRY_NAME_SIZE,
  ENTRY_SIZE,
  ENTRY_VALUE,
  HeaderQuad,
  Kind,
  kindOf,
  type Layout,
} from './layout.ts'
import type { WordChecks } from './checks.ts'
import { decodeString, type SegmentMemory } from './memory.ts'

const POINTER_WORD = HeaderQuad.DIRECTORY * 2
const ENTRY_WORDS = ENTRY_SIZE / 4
const VALUE_WORD = ENTRY_VALUE / 4
const NAME_WORD = ENTRY_NAME / 4

/** Column by column, what the directory said in one epoch. */
export class Directory {
  /** Byte offset of entry 0; 0 when there is no directory yet. */
  readonly offset: number
  readonly length: number
  /** Names by index; empty for free slots. */
  readonly names: readonly string[]
  readonly kinds: Uint8Array
  /** A copy of the entries, to see later whether one has become another. */
  readonly #words: Uint32Array
  readonly #pointer: { readonly low: number; readonly high: number }

  private constructor(
    pointer: { readonly low: number; readonly high: number },
    offset: number,
    words: Uint32Array,
    names: readonly string[],
    kinds: Uint8Array,
  ) {
    this.#pointer = pointer
    this.offset = offset
    this.length = names.length
    this.names = names
    this.kinds = kinds
    this.#words = words
  }

  /** Whether the entry at byte `at` has this name and kind now: without a copy, for a look at one entry. */
  static isAt(memory: SegmentMemory, layout: Layout, at: number, name: string, kind: Kind): boolean {
    if (at % 4 !== 0 || at + ENTRY_SIZE > memory.size) return false
    if (kindOf(memory.words[at / 4] ?? 0, layout) !== kind) return false
    return decodeString(memory.bytes, at + ENTRY_NAME, ENTRY_NAME_SIZE).text === name
  }

  /** Reads the directory; `previous` spares the decoding of names that are still the same. */
  static read(memory: SegmentMemory, layout: Layout, previous?: Directory): Directory {
    const pointer = { low: memory.words[POINTER_WORD] ?? 0, high: memory.words[POINTER_WORD + 1] ?? 0 }
    const offset = memory.pointer(HeaderQuad.DIRECTORY * 8, 'the directory')
    const length = offset === 0 ? 0 : memory.vectorLength(offset, ENTRY_SIZE, 'the directory')
    if (length > DIRECTORY_LIMIT) {
      throw invalidSegment(`the directory has ${length} entries, more than ${DIRECTORY_LIMIT}`)
    }
    const words = memory.words.slice(offset / 4, offset / 4 + length * ENTRY_WORDS)
    const bytes = Buffer.from(words.buffer)
    const names = Array.from<string>({ length }).fill('')
    const kinds = new Uint8Array(length)
    for (let index = 0; index < length; index++) {
      const kind = kindOf(words[index * ENTRY_WORDS] ?? 0, layout)
      kinds[index] = kind
      if (kind === Kind.ILLEGAL || kind === Kind.EMPTY) continue
      const known = previous === undefined ? undefined : previous.#sameName(index, words)
      names[index] = known ?? decodeName(bytes, index)
    }
    return new Directory(pointer, offset, words, names, kinds)
  }

  /** True while the directory is where it was and as long as it was. (VPP may move it without a new epoch.) */
  isCurrent(memory: SegmentMemory): boolean {
    const { words } = memory
    if (words[POINTER_WORD] !== this.#pointer.low || words[POINTER_WORD + 1] !== this.#pointer.high)
      return false
    return this.offset === 0 || words[this.offset / 4 - 2] === this.length
  }

  /** True while every entry has the type and name it had. (VPP renames symlinks in place, without a new epoch.) */
  isUnchanged(memory: SegmentMemory): boolean {
    const live = memory.words.subarray(this.offset / 4, this.offset / 4 + this.#words.length)
    for (let start = 0; start < live.length; start += ENTRY_WORDS) {
      if (live[start] !== this.#words[start]) return false
      for (let at = start + NAME_WORD; at < start + ENTRY_WORDS; at++) {
        const word = this.#words[at] ?? 0
        if (live[at] !== word) return false
        if (hasZeroByte(word)) break
      }
    }
    return true
  }

  /** Byte offset of an entry. */
  entryOffset(index: number): number {
    return this.offset + index * ENTRY_SIZE
  }

  /** The entry's value word as of the copy: target index and column of a symlink. */
  link(index: number): { target: number; column: number } {
    const at = index * ENTRY_WORDS + VALUE_WORD
    return { target: this.#words[at] ?? 0, column: this.#words[at + 1] ?? 0 }
  }

  /**
   * Adds checks that entry `index` is still what it was: its type, its name and, for everything but values in
   * place, its pointer. (VPP renames symlinks without a new epoch.)
   */
  addIdentity(index: number, withValue: boolean, checks: WordChecks): void {
    const copy = index * ENTRY_WORDS
    const live = this.entryOffset(index) / 4
    checks.add(live, this.#words[copy] ?? 0)
    if (withValue) {
      checks.add(live + VALUE_WORD, this.#words[copy + VALUE_WORD] ?? 0)
      checks.add(live + VALUE_WORD + 1, this.#words[copy + VALUE_WORD + 1] ?? 0)
    }
    for (let word = NAME_WORD; word < ENTRY_WORDS; word++) {
      const value = this.#words[copy + word] ?? 0
      checks.add(live + word, value)
      if (hasZeroByte(value)) break
    }
  }

  /** This directory's name of `index` if `words` has the same one there. */
  #sameName(index: number, words: Uint32Array): string | undefined {
    const name = this.names[index]
    if (name === undefined || name === '') return undefined
    const end = index * ENTRY_WORDS + ENTRY_WORDS
    for (let at = index * ENTRY_WORDS + NAME_WORD; at < end; at++) {
      const word = words[at] ?? 0
      if (word !== this.#words[at]) return undefined
      if (hasZeroByte(word)) return name
    }
    return undefined
  }
}

function hasZeroByte(word: number): boolean {
  return ((word - 0x01010101) & ~word & 0x80808080) !== 0
}

function decodeName(bytes: Buffer, index: number): string {
  const start = index * ENTRY_SIZE + ENTRY_NAME
  const name = decodeString(bytes, start, ENTRY_NAME_SIZE)
  if (name.ended) return name.text
  throw invalidSegment(`the name of entry ${index} has no end within ${ENTRY_NAME_SIZE} bytes`)
}
