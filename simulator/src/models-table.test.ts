import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { BUILT_IN_GROUPS } from './builtin/index.ts'

const GUIDE = fileURLToPath(new URL('../../docs/simulator.md', import.meta.url))
const TABLE = /(?<=<!-- models -->\n)[^]*(?=<!-- \/models -->)/

/** A list entry for each group of messages. */
function makeTable(): string {
  const lines = Object.entries(BUILT_IN_GROUPS).map(([group, messages]) => {
    const names = Object.keys(messages).map((name) => `\`${name}\``)
    return `- **${group}**: ${names.join(', ')}`
  })
  return `\n${lines.join('\n')}\n\n`
}

it('the guide lists the messages that have a model', () => {
  const guide = readFileSync(GUIDE, 'utf8')
  const withTable = guide.replace(TABLE, makeTable())
  if (process.env['VPP_TS_WRITE_DOCS'] === '1') writeFileSync(GUIDE, withTable)
  else expect(guide).toBe(withTable)
})
