import { readJson, JsonList } from '../model/json-list.ts'
import { Turns } from '../model/turns.ts'

/** Bytes from which a file is taken in parts: reading YAML costs a thousand times what reading its bytes does. */
const LONG = 64 * 1024
/** Bytes of a part, about: some milliseconds. */
const PART = 4096
const NEWLINE = 0x0a
/** What a list of JSON begins with. */
export const OPEN_BRACKET = 0x5b

/** Elements of the list that a file is, as a list of their own. */
export interface ItemChunk {
  readonly text: string
  /** Line of the file on which it begins; counts from 1. */
  readonly line: number
}

/**
 * Divides the bytes of a long file that is nothing but a list of items, or `items:` with such a list, so that each part
 * can be read by itself. Undefined for everything else, and for what has anchors, tags, directives or several
 * documents, whose parts may say something else alone.
 */
export async function chunksOf(bytes: Buffer): Promise<readonly ItemChunk[] | undefined> {
  if (bytes.length < LONG) return undefined
  return bytes[0] === OPEN_BRACKET ? await ofJson(bytes) : await ofBlocks(bytes)
}

/** A list of JSON, which is YAML too. */
async function ofJson(bytes: Buffer): Promise<readonly ItemChunk[] | undefined> {
  let list: unknown
  try {
    list = await readJson(inPieces(bytes), JSON.parse, PART)
  } catch {
    return undefined
  }
  if (!(list instanceof JsonList)) return undefined
  const chunks: ItemChunk[] = []
  const turns = new Turns()
  let line = 1
  for (const part of list.parts()) {
    chunks.push({ text: `[${part}]`, line })
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) line++
    if (turns.over) await turns.next()
  }
  return chunks
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += LONG) yield await Promise.resolve(bytes.subarray(at, at + LONG))
}

const BLANK = /^\s*(#.*)?$/
const BEFORE_LIST = /^(---|items:)\s*(#.*)?$/
const ELEMENT = /^( *)- /
/** What may make a part say something else than it does within the whole. */
const ENTANGLED = /[&*!%\t]|^(---|\.\.\.)/m

/** A list with an element from each line that begins with a dash in one column. */
async function ofBlocks(bytes: Buffer): Promise<readonly ItemChunk[] | undefined> {
  const turns = new Turns()
  const chunks: ItemChunk[] = []
  let dash: string | undefined
  let within = ''
  let hasItems = false
  let part: string[] = []
  let size = 0
  let first = 1
  let line = 0
  const end = (): boolean => {
    const text = part.join('\n')
    chunks.push({ text, line: first })
    part = []
    size = 0
    return !ENTANGLED.test(text)
  }
  for (const text of linesOf(bytes)) {
    line++
    if ((line & 63) === 0 && turns.over) await turns.next()
    if (dash === undefined) {
      if (BLANK.test(text)) continue
      const indent = ELEMENT.exec(text)?.[1]
      if (indent === undefined) {
        if (hasItems || !BEFORE_LIST.test(text)) return undefined
        hasItems = text.startsWith('items:')
        continue
      }
      if (indent !== '' && !hasItems) return undefined
      dash = `${indent}- `
      within = `${indent} `
    }
    const begins = text.startsWith(dash)
    if (begins && size >= PART && !end()) return undefined
    // A line that is not indented beyond the dash does not belong to an element.
    if (!begins && !text.startsWith(within) && !BLANK.test(text)) return undefined
    if (part.length === 0) first = line
    part.push(text)
    size += text.length
  }
  return part.length > 0 && end() ? chunks : undefined
}

function* linesOf(bytes: Buffer): Generator<string, void> {
  let from = 0
  while (from < bytes.length) {
    const found = bytes.indexOf(NEWLINE, from)
    const to = found < 0 ? bytes.length : found
    yield bytes.toString('utf8', from, to)
    from = to + 1
  }
}
