import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { ItemBody } from '../../client/index.ts'
import { KINDS } from '../../kinds/built-in.ts'
import { AgentError } from '../../model/errors.ts'
import { itemFilesOf, parseItems, readItemFile, type ItemFile } from '../../sources/item-files.ts'
import type { CommandContext } from './context.ts'

/** Standard input, among paths. */
const INPUT = '-'

/**
 * Reads all items of files, of the files of folders, and of standard input for `-`.
 * @throws AgentError `AGENT_INVALID_ITEM` naming file, line, column and field of everything that is wrong
 */
export async function readPaths(
  paths: readonly string[],
  { input }: Pick<CommandContext, 'input'>,
): Promise<ItemBody[]> {
  const items: ItemBody[] = []
  const problems: string[] = []
  const places = new Map<string, string>()
  const take = (path: string, file: ItemFile): void => {
    for (const { line, column, field, message } of file.problems) {
      const where = [path, line, column].filter((it) => it !== undefined).join(':')
      problems.push(`${where}: ${field === '' ? '' : `${field}: `}${message}`)
    }
    for (const { declaration, line } of file.items) {
      const { ref, given } = declaration
      const id = `${ref.kind} ${ref.key}`
      const where = `${path}:${line}`
      const before = places.get(id)
      if (before !== undefined) problems.push(`${where}: ${id} is in ${before} already; remove one of them`)
      places.set(id, where)
      items.push(JSON.parse(given) as ItemBody)
    }
  }
  for (const path of paths) {
    if (path === INPUT) take('standard input', await parseItems(await buffer(input), 'standard input', KINDS))
    else if (await isFolder(path)) {
      for (const name of await itemFilesOf(path)) {
        take(join(path, name), await readItemFile(path, name, KINDS))
      }
    } else take(path, await readItemFile(dirname(path), basename(path), KINDS))
  }
  if (problems.length > 0) throw new AgentError('AGENT_INVALID_ITEM', problems.join('\n'))
  return items
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Reading it says what is wrong.
    return false
  }
}
