import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { AgentError } from '../model/errors.ts'
import type { Store, StoreEntry, StoreOperation } from '../store/store.ts'

/** First line of an export. */
const HEADER = '{"format":"vpp-ts-agent store","version":1}'
/** Entries in one transaction. */
const AT_A_TIME = 100
/** Only the owner reads it: items hold secrets. */
const MODE = 0o600

/**
 * Writes all that a store has to a file, an entry a line. The file must not exist yet.
 * @returns how many entries
 */
export async function exportStore(store: Store, file: string): Promise<number> {
  await using handle = await open(file, 'wx', MODE)
  await handle.write(`${HEADER}\n`)
  let count = 0
  for await (const { entries } of store.scan('')) {
    const lines = entries.map(({ key, value }) => `${JSON.stringify({ key, value })}\n`)
    await handle.write(lines.join(''))
    count += entries.length
  }
  await handle.sync()
  return count
}

/**
 * Fills an empty store from a file that `exportStore` wrote.
 * @returns how many entries
 * @throws AgentError `AGENT_STORE` when the store is not empty or the file is not an export
 */
export async function importStore(store: Store, file: string): Promise<number> {
  for await (const { entries } of store.scan('')) {
    if (entries.length > 0)
      throw new AgentError('AGENT_STORE', 'the store is not empty; import into a new one')
  }
  let count = 0
  let some: StoreOperation[] = []
  const write = async (): Promise<void> => {
    if (some.length > 0) await store.transact(some)
    count += some.length
    some = []
  }
  let first = true
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (first && line !== HEADER) throw new AgentError('AGENT_STORE', `${file} is not an export of a store`)
    if (!first) some.push(operationOf(line, file, count + some.length + 2))
    first = false
    if (some.length === AT_A_TIME) await write()
  }
  await write()
  return count
}

function operationOf(line: string, file: string, number: number): StoreOperation {
  try {
    const { key, value } = JSON.parse(line) as StoreEntry
    if (typeof key === 'string' && typeof value === 'string') return { type: 'put', key, value }
  } catch {
    // Told below, without the line: it may hold a secret.
  }
  throw new AgentError('AGENT_STORE', `${file}:${number}: is not an entry of a store`)
}
