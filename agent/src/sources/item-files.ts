import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { AgentError } from '../model/errors.ts'
import { keyOf, parseItem, type Item } from '../kinds/item.ts'

/** Bytes of a file of items at most. */
const LONGEST_FILE = 256 * 1024 * 1024

/** The items of one file, or why it cannot be used. */
export type ItemFile =
  | { readonly name: string; readonly items: readonly Item[] }
  | { readonly name: string; readonly error: Error }

/** True for names of files that are read. */
export function isItemFile(name: string): boolean {
  return /^[^.].*\.(ya?ml|json)$/.test(name)
}

/** Reads all files of a folder in the order of their names. An item that an earlier file has too is refused. */
export async function readItemFiles(folder: string): Promise<ItemFile[]> {
  const names = (await readdir(folder)).filter(isItemFile).sort()
  const files = await Promise.all(names.map((name) => readItemFile(folder, name)))
  const owners = new Map<string, string>()
  return files.map((file) => ('error' in file ? file : withoutDoubles(file, owners)))
}

async function readItemFile(folder: string, name: string): Promise<ItemFile> {
  const path = join(folder, name)
  try {
    const text = await readFile(path, 'utf8')
    if (text.length > LONGEST_FILE) throw new AgentError('AGENT_INVALID_ITEM', `${path}: is over 256 MiB`)
    return { name, items: parseItems(text, path) }
  } catch (error) {
    return { name, error: error as Error }
  }
}

/**
 * Takes the text of a file: documents of YAML or JSON, each an item, a list of items, or `items:` with such a list.
 * @throws InvalidItemError; AgentError `AGENT_INVALID_ITEM` when it is no YAML
 */
export function parseItems(text: string, path: string): Item[] {
  const documents = parseAllDocuments(text)
  return [...documents].flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) {
      const message = `${path}: is not YAML: ${error.message.split('\n')[0] ?? ''}`
      throw new AgentError('AGENT_INVALID_ITEM', message)
    }
    const content: unknown = document.toJS({ maxAliasCount: 100 })
    return listOf(content).map((value, at) => parseItem(value, `${path}: item ${at + 1}`))
  })
}

function listOf(content: unknown): unknown[] {
  if (content === null || content === undefined) return []
  if (Array.isArray(content)) return content
  if (typeof content === 'object' && 'items' in content && Array.isArray(content.items)) return content.items
  return [content]
}

function withoutDoubles(
  file: { readonly name: string; readonly items: readonly Item[] },
  owners: Map<string, string>,
): ItemFile {
  for (const item of file.items) {
    const id = `${item.kind} "${keyOf(item)}"`
    const owner = owners.get(id)
    if (owner !== undefined) {
      const message = `${file.name}: ${id} is in ${owner} already; leave one of them`
      return { name: file.name, error: new AgentError('AGENT_INVALID_ITEM', message) }
    }
    owners.set(id, file.name)
  }
  return file
}
