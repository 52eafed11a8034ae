import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { chunkBytes, ChunkReader } from './chunk-file.ts'
import type { Chunk, Row } from './chunk.ts'
import { LEVELS, type Level } from './levels.ts'

/** A file of a folder. */
interface Known {
  readonly level: Level
  readonly number: number
  readonly bytes: number
}

/**
 * Chunks as files of a folder, one folder a level. A file is whole or not there, also when the process is killed, and
 * nothing of it is trusted: one that is damaged is one that is missing.
 */
export class ChunkFolder {
  readonly #path: string
  readonly #mostBytes: number
  readonly #known = new Map<string, Known>()

  /** @param mostBytes of all files together */
  constructor(path: string, mostBytes: number) {
    this.#path = path
    this.#mostBytes = mostBytes
  }

  /** Bytes of all files. */
  get bytes(): number {
    let bytes = 0
    for (const known of this.#known.values()) bytes += known.bytes
    return bytes
  }

  /** Looks which chunks there are, and removes what a writer that was killed has left behind. */
  async open(): Promise<void> {
    for (const level of LEVELS) {
      const folder = join(this.#path, level.name)
      await mkdir(folder, { recursive: true })
      for (const name of await readdir(folder)) {
        if (name.endsWith('.new')) await rm(join(folder, name), { force: true })
        const number = numberOf(name)
        if (number === undefined) continue
        const { size } = await stat(join(folder, name))
        this.#known.set(this.#fileOf(level, number), { level, number, bytes: size })
      }
    }
  }

  /** Numbers of the chunks of a level between two, both included, in order. */
  numbers(level: Level, from: number, to: number): number[] {
    return [...this.#known.values()]
      .filter((known) => known.level === level && known.number >= from && known.number <= to)
      .map(({ number }) => number)
      .sort((one, other) => one - other)
  }

  /** One row of a chunk. */
  async row(level: Level, number: number, key: string): Promise<Row | undefined> {
    return await this.#read(level, number, (reader) => reader.row(key))
  }

  /** Puts what a file of this chunk has into the chunk, where nothing is known there. */
  async readInto(chunk: Chunk): Promise<void> {
    await this.#read(chunk.level, chunk.number, async (reader) => {
      for await (const [key, row] of reader.rows()) chunk.merge(key, row)
    })
  }

  /**
   * Writes a chunk, and removes what is too old, or too much, as seen from this one.
   * @throws what the file system says
   */
  async write(chunk: Chunk): Promise<void> {
    const { level, number } = chunk
    const bytes = await chunkBytes(chunk)
    const file = this.#fileOf(level, number)
    const next = `${file}.${process.pid}.new`
    try {
      await mkdir(dirname(file), { recursive: true })
      const handle = await open(next, 'w')
      try {
        await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
      await rename(next, file)
    } catch (error) {
      await rm(next, { force: true }).catch(() => undefined)
      throw error
    }
    this.#known.set(file, { level, number, bytes: bytes.length })
    await this.#tidy(chunk)
  }

  /** Of a level those go that are farthest from now, whatever the clock said when they were written; of all levels the oldest. */
  async #tidy({ level, number }: Chunk): Promise<void> {
    const distance = (known: Known): number => Math.abs(known.number - number)
    const ofLevel = [...this.#known]
      .filter(([, known]) => known.level === level)
      .sort(([, one], [, other]) => distance(other) - distance(one))
    await this.#remove(ofLevel.slice(0, Math.max(0, ofLevel.length - level.chunks)).map(([file]) => file))
    if (this.bytes <= this.#mostBytes) return
    const now = number * level.slots * level.step
    const age = (known: Known): number => Math.abs(known.number * known.level.slots * known.level.step - now)
    const all = [...this.#known].sort(([, one], [, other]) => age(other) - age(one))
    for (const [file] of all) {
      if (this.bytes <= this.#mostBytes) return
      await this.#remove([file])
    }
  }

  async #remove(files: readonly string[]): Promise<void> {
    for (const file of files) {
      this.#known.delete(file)
      await unlink(file).catch(() => undefined)
    }
  }

  async #read<T>(
    level: Level,
    number: number,
    work: (reader: ChunkReader) => Promise<T>,
  ): Promise<T | undefined> {
    const path = this.#fileOf(level, number)
    try {
      const file = await open(path)
      try {
        const reader = await ChunkReader.open(file, level, number)
        return reader === undefined ? undefined : await work(reader)
      } finally {
        await file.close()
      }
    } catch {
      // Gone, damaged, or not to be read: then nothing is known of it.
      return undefined
    }
  }

  #fileOf(level: Level, number: number): string {
    return join(this.#path, level.name, `${number}.ring`)
  }
}

function numberOf(name: string): number | undefined {
  const digits = /^(\d{1,12})\.ring$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
