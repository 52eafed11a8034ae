import { stringify } from 'yaml'
import type { Dump } from '../reconcile/dump.ts'

/** A dump as a file of items. @param schema where editors find the JSON Schema, as a URL or a path beside the file */
export function itemsText({ items, leftOut }: Pick<Dump, 'items' | 'leftOut'>, schema: string): string {
  const lines = leftOut.map(({ kind, key, reason }) => {
    const name = key === '' ? kind : `${kind} ${JSON.stringify(key)}`
    return `# left out: ${name}: ${reason}\n`
  })
  const head = `# yaml-language-server: $schema=${schema}\n`
  return `${head}${lines.join('').replaceAll(/[\r\u0085\u2028\u2029]/g, ' ')}${stringify({ items }, { lineWidth: 120 })}`
}
