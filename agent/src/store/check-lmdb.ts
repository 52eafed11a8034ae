import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { AgentError } from '../model/errors.ts'

/** Name of the file with the data of a database. */
const DATA = 'data.mdb'

/**
 * Reads all of a database in a separate process: LMDB maps the file into memory and trusts it, so damaged data
 * kills the reader. A write that is rolled back goes through the list of free pages.
 */
const CHECK = `
const { open } = await import(process.argv[1])
const root = open({ path: process.argv[2], encoding: 'binary', maxDbs: 8, mapSize: Number(process.argv[3]) })
let bytes = 0
for (const name of root.getKeys()) {
  const db = root.openDB({ name, encoding: 'binary' })
  for (const { value } of db.getRange({})) bytes += value.length
}
await root.transaction(() => {
  root.putSync('check', Buffer.alloc(1 << 16))
  root.removeSync('check')
})
await root.close()
`

/**
 * Checks a database before it is opened.
 * @throws AgentError `AGENT_STORE` when it is damaged, saying what to do
 */
export async function checkLmdb(folder: string, mapSize: number): Promise<void> {
  if (!existsSync(join(folder, DATA))) return
  const args = [
    '--input-type=module',
    '-e',
    CHECK,
    pathToFileURL(createRequire(import.meta.url).resolve('lmdb')).href,
    folder,
    String(mapSize),
  ]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] },
  })
  const [errors, [code, signal]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  if (code === 0) return
  const reason =
    signal === null
      ? (/^(?:\w*Error): (.*)$/m.exec(errors)?.[1] ?? `exit code ${code}`)
      : `reading it ends with ${signal}`
  const message = `the store in ${folder} is damaged or cannot be read (${reason}); move the folder away, and fill a new one with "vpp-ts-agent import" from an export, or start with an empty one: what VPP has stays until items are declared again`
  throw new AgentError('AGENT_STORE', message)
}
