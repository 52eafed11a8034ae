import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LineCounter, isMap, isSeq, parseAllDocuments, type Document, type Node } from 'yaml'
import { declarationOf, declarationPacking, type Declaration } from '../desired/declaration.ts'
import { InvalidItemError, type ItemProblem } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { Many } from '../model/json-list.ts'
import { PackedList } from '../model/packed-list.ts'
import { Turns } from '../model/turns.ts'
import { OPEN_BRACKET, chunksOf } from './item-chunks.ts'

/** Bytes of a file of items at most. */
const LONGEST_FILE = 256 * 1024 * 1024
/** References to one anchor that are followed: more are an attempt to fill the memory. */
const MOST_ALIASES = 100

/** What is wrong with a file of items. */
export interface FileProblem {
  /** Name within the folder. */
  readonly file: string
  /** Counts from 1; undefined for the file as a whole. */
  readonly line: number | undefined
  /** Counts from 1; undefined where it is not known. */
  readonly column: number | undefined
  /** Path of the field within the item, as in `paths.0.nextHop`; empty for more than one field. */
  readonly field: string
  /** What is wrong, and what to do. */
  readonly message: string
  /**
   * True if it is unknown what the file should declare there. Anything declared before may be meant, so
   * nothing is removed.
   */
  readonly unreadable: boolean
}

/** A declaration of a file. */
export interface FileItem {
  readonly declaration: Declaration
  /** Counts from 1. */
  readonly line: number
}

/** All that a file says. */
export interface ItemFile {
  readonly name: string
  readonly items: Many<FileItem>
  readonly problems: readonly FileProblem[]
}

/** True for names of files that are read. */
export function isItemFile(name: string): boolean {
  return /^[^.].*\.(ya?ml|json)$/.test(name)
}

/** Names of a folder's files of items, in order. */
export async function itemFilesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(isItemFile).sort()
}

/** Reads a file. Its errors are reported; its other items stay. */
export async function readItemFile(folder: string, name: string, kinds: Kinds): Promise<ItemFile> {
  try {
    const bytes = await readWhole(join(folder, name))
    if (bytes === undefined) return failed(name, 'was changed while it was read; it is read again')
    return await parseItems(bytes, name, kinds)
  } catch (error) {
    return failed(name, `cannot be read: ${(error as Error).message}`)
  }
}

/** @returns undefined if it is being written meanwhile */
async function readWhole(path: string): Promise<Buffer | undefined> {
  await using file = await open(path)
  const before = await file.stat()
  if (!before.isFile()) throw new Error('it is not a regular file')
  if (before.size > LONGEST_FILE) throw new Error('it is over 256 MiB')
  const bytes = await file.readFile()
  const after = await file.stat()
  return before.size === after.size && before.mtimeMs === after.mtimeMs ? bytes : undefined
}

function failed(name: string, message: string): ItemFile {
  return {
    name,
    items: [],
    problems: [{ file: name, line: undefined, column: undefined, field: '', message, unreadable: true }],
  }
}

/**
 * Takes the text of a file: documents of YAML or JSON, each an item, a list of items, or `items:` with such a list.
 * A file without any of these says nothing; one that means "no items" says `items: []`. A long list is read some items
 * at a time, and yields to the event loop meanwhile.
 */
export async function parseItems(bytes: Buffer, name: string, kinds: Kinds): Promise<ItemFile> {
  const reader = new FileReader(name, kinds)
  const chunks = await chunksOf(bytes)
  let says = false
  if (chunks === undefined) says = reader.read(bytes.toString('utf8'), 1)
  else {
    const turns = new Turns()
    for (const { text, line } of chunks) {
      if (turns.over) await turns.next()
      says = reader.read(text, line, bytes[0] !== OPEN_BRACKET) || says
      // As of a file that is read at once: it is not known what the rest of it should say.
      if (reader.isDamaged) return { name, items: [], problems: reader.problems }
    }
  }
  if (!says && reader.problems.length === 0) {
    const message = 'is empty: nothing is concluded from that; write "items: []" if it should declare nothing'
    return failed(name, message)
  }
  return { name, items: reader.items, problems: reader.problems }
}

function fileItems(kinds: Kinds): PackedList<FileItem> {
  const declarations = declarationPacking(kinds)
  return new PackedList({
    write({ declaration, line }, to) {
      to.putWhole(line)
      return declarations.write(declaration, to)
    },
    read(from) {
      const line = from.whole()
      return { declaration: declarations.read(from), line }
    },
  })
}

class FileReader {
  readonly items: PackedList<FileItem>
  readonly problems: FileProblem[] = []
  /** True when something is not YAML. */
  isDamaged = false
  readonly #name: string
  readonly #kinds: Kinds
  #lines = new LineCounter()
  /** Line of the file on which the text begins that is read. */
  #first = 1
  #isWhole = true

  constructor(name: string, kinds: Kinds) {
    this.#name = name
    this.#kinds = kinds
    this.items = fileItems(kinds)
  }

  /**
   * Reads text from a line of the file on.
   * @param isWhole false when the line may begin before the text
   * @returns whether it says anything
   */
  read(text: string, line: number, isWhole = true): boolean {
    this.#isWhole = isWhole
    this.#lines = new LineCounter()
    this.#first = line
    const documents = parseAllDocuments(text, { lineCounter: this.#lines, prettyErrors: false })
    let says = false
    for (const document of documents) says = this.#readDocument(document) || says
    return says
  }

  #readDocument(document: Document.Parsed): boolean {
    const [error] = document.errors
    if (error !== undefined) {
      this.isDamaged = true
      // The parser's own text may quote the file, and with it a secret.
      this.#add(error.pos[0], '', `is not YAML here (${error.code})`)
      return true
    }
    const { contents } = document
    if (contents === null) return false
    const list = isSeq(contents) ? contents.items : itemsOf(contents)
    for (const node of list ?? [contents]) this.#readItem(document, node as Node)
    return list !== undefined || !isEmpty(contents)
  }

  #readItem(document: Document.Parsed, node: Node): void {
    const line = this.#lineOf(node)
    try {
      const value: unknown = node.toJS(document, { maxAliasCount: MOST_ALIASES })
      this.items.push({ declaration: declarationOf(value, `${this.#name}:${line}`, this.#kinds), line })
    } catch (error) {
      if (!(error instanceof InvalidItemError)) this.#add(startOf(node), '', (error as Error).message)
      else for (const problem of error.problems) this.#addField(node, problem)
    }
  }

  #addField(node: Node, { field, message }: ItemProblem): void {
    this.#add(startOf(fieldOf(node, field)), field, message)
  }

  #add(offset: number, field: string, message: string): void {
    const { line: within, col } = this.#lines.linePos(offset)
    const line = this.#first + within - 1
    const column = this.#isWhole || within > 1 ? col : undefined
    this.problems.push({ file: this.#name, line, column, field, message, unreadable: true })
  }

  #lineOf(node: Node): number {
    return this.#first + this.#lines.linePos(startOf(node)).line - 1
  }
}

/** Where fields of the items of a file stand. */
export class FieldPlaces {
  readonly #lines = new LineCounter()
  /** Items by the line on which they begin; only the first of several. */
  readonly #items = new Map<number, Node>()

  constructor(text: string) {
    for (const { contents } of parseAllDocuments(text, { lineCounter: this.#lines, prettyErrors: false })) {
      if (contents === null) continue
      const list = isSeq(contents) ? contents.items : (itemsOf(contents) ?? [contents])
      for (const node of list as Node[]) {
        const { line } = this.#lines.linePos(startOf(node))
        if (!this.#items.has(line)) this.#items.set(line, node)
      }
    }
  }

  /** @param line of the item @param field as `paths.0.nextHop`; of one that is missing, what is around it */
  placeOf(line: number, field: string): { readonly line: number; readonly column: number } {
    const node = this.#items.get(line)
    if (node === undefined) return { line, column: 1 }
    const { line: at, col } = this.#lines.linePos(startOf(fieldOf(node, field)))
    return { line: at, column: col }
  }
}

/** The node of a field; of one that is missing, the innermost that is around it. */
function fieldOf(node: Node, field: string): Node {
  let at: unknown = node
  for (const part of field === '' ? [] : field.split('.')) {
    const next: unknown = isMap(at) ? at.get(part, true) : isSeq(at) ? at.get(Number(part), true) : undefined
    if (next === undefined || next === null) break
    at = next
  }
  return at as Node
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function itemsOf(contents: unknown): unknown[] | undefined {
  const items: unknown = isMap(contents) ? contents.get('items', true) : undefined
  return isSeq(items) ? items.items : undefined
}

/** True for a document with nothing but a comment, or `null`. */
function isEmpty(contents: Node): boolean {
  return contents.toJSON() === null
}
