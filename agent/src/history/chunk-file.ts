import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import { z } from 'zod'
import { Turns } from '../model/turns.ts'
import type { Chunk, Row } from './chunk.ts'
import { kindOf, widthOf, type Level } from './levels.ts'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

const MAGIC = Buffer.from('vpptshr1')
/** Magic, length and checksum of the directory. */
const HEAD = MAGIC.length + 8
/** Rows that are compressed together: few, since all are read for one of them. */
const GROUP = 64
/** Bytes that a directory, and a group, may have. */
const MOST_BYTES = 16 * 1024 * 1024

const directorySchema = z.object({
  step: z.int(),
  slots: z.int(),
  number: z.int(),
  groups: z.array(
    z.object({
      /** Key of the first row; rows are in the order of their keys. */
      first: z.string(),
      offset: z.int().nonnegative(),
      length: z.int().positive().max(MOST_BYTES),
      crc: z.int(),
    }),
  ),
})

type Directory = z.infer<typeof directorySchema>
type Group = Directory['groups'][number]

/** A chunk as the bytes of its file. Others have their turn meanwhile. */
export async function chunkBytes({ level, number, rows }: Chunk): Promise<Buffer> {
  const keys = [...rows.keys()].sort()
  const groups: Group[] = []
  const blocks: Buffer[] = []
  let offset = 0
  for (let at = 0; at < keys.length; at += GROUP) {
    const some = keys.slice(at, at + GROUP)
    const block = await deflate(groupBytes(some, rows))
    groups.push({ first: some[0] ?? '', offset, length: block.length, crc: crc32(block) })
    blocks.push(block)
    offset += block.length
  }
  const { step, slots } = level
  const directory = Buffer.from(JSON.stringify({ step, slots, number, groups } satisfies Directory))
  const head = Buffer.alloc(HEAD)
  MAGIC.copy(head)
  head.writeUInt32LE(directory.length, MAGIC.length)
  head.writeUInt32LE(crc32(directory), MAGIC.length + 4)
  return Buffer.concat([head, directory, ...blocks])
}

/** Keys with their lengths in front, then the codes of all rows. */
function groupBytes(keys: readonly string[], rows: ReadonlyMap<string, Row>): Buffer {
  const names = Buffer.from(JSON.stringify(keys))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(names.length)
  const codes = keys.map((key) => {
    const row = rows.get(key) ?? new Uint16Array(0)
    return Buffer.from(row.buffer, row.byteOffset, row.byteLength)
  })
  return Buffer.concat([length, names, ...codes])
}

/** A file of a chunk that is read a part at a time. Nothing of it is trusted: what is damaged is not there. */
export class ChunkReader {
  readonly #file: FileHandle
  readonly #level: Level
  readonly #directory: Directory
  /** Where the groups begin. */
  readonly #start: number

  private constructor(file: FileHandle, level: Level, directory: Directory, start: number) {
    this.#file = file
    this.#level = level
    this.#directory = directory
    this.#start = start
  }

  /** @returns undefined when the file is not one of this chunk */
  static async open(file: FileHandle, level: Level, number: number): Promise<ChunkReader | undefined> {
    const head = await readExactly(file, 0, HEAD)
    if (head === undefined || !head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
    const length = head.readUInt32LE(MAGIC.length)
    if (length > MOST_BYTES) return undefined
    const bytes = await readExactly(file, HEAD, length)
    if (bytes === undefined || crc32(bytes) !== head.readUInt32LE(MAGIC.length + 4)) return undefined
    const { success, data } = directorySchema.safeParse(JSON.parse(bytes.toString('utf8')))
    const isThis = success && data.step === level.step && data.slots === level.slots && data.number === number
    return isThis ? new ChunkReader(file, level, data, HEAD + length) : undefined
  }

  async row(key: string): Promise<Row | undefined> {
    const group = this.#directory.groups.findLast(({ first }) => first <= key)
    return group === undefined ? undefined : (await this.#rowsOf(group)).get(key)
  }

  /** All rows, in batches. */
  async *rows(): AsyncGenerator<[string, Row], void> {
    const turns = new Turns()
    for (const group of this.#directory.groups) {
      yield* await this.#rowsOf(group)
      if (turns.over) await turns.next()
    }
  }

  async #rowsOf({ offset, length, crc }: Group): Promise<ReadonlyMap<string, Row>> {
    const rows = new Map<string, Row>()
    const block = await readExactly(this.#file, this.#start + offset, length)
    if (block === undefined || crc32(block) !== crc) return rows
    const bytes = await inflate(block, { maxOutputLength: MOST_BYTES })
    const names = bytes.readUInt32LE(0)
    let at = 4 + names
    const keys = JSON.parse(bytes.toString('utf8', 4, at)) as string[]
    for (const key of keys) {
      const size = widthOf(kindOf(key), this.#level) * this.#level.slots * 2
      // A copy: codes have to be at an even place, and the block is to go.
      rows.set(key, new Uint16Array(Uint8Array.from(bytes.subarray(at, at + size)).buffer))
      at += size
    }
    return rows
  }
}

/** @returns undefined when the file ends before */
async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, position)
  return bytesRead === length ? bytes : undefined
}
