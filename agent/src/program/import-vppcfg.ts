import { readFile } from 'node:fs/promises'
import { parseDocument, stringify } from 'yaml'
import { parseItem } from '../kinds/item.ts'
import { AgentError } from '../model/errors.ts'
import { translateVppcfg } from '../vppcfg/translate.ts'

/**
 * Reads a vppcfg configuration as a file of items for a watched folder. What is left out is reported in comments.
 * @throws AgentError `AGENT_INVALID_ITEM` for what is no such configuration
 */
export async function importVppcfg(file: string): Promise<string> {
  const document = parseDocument(await readFile(file, 'utf8'))
  const [error] = document.errors
  if (error !== undefined) throw new AgentError('AGENT_INVALID_ITEM', `${file}: ${error.message}`)
  const { items, leftOut } = translateVppcfg(document.toJS())
  for (const [at, item] of items.entries()) parseItem(item, `${file}: item ${at} of ${item.kind}`)
  const lines = leftOut.map(({ key, reason }) => `# left out: ${key}: ${reason}\n`)
  return `${lines.join('')}${stringify({ items }, { lineWidth: 120 })}`
}
