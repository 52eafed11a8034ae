import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Lines that are kept. */
export const HISTORY_SIZE = 1000

/** Read and written by the user alone: commands may hold keys. */
const PRIVATE = 0o600

type Environment = Readonly<Record<string, string | undefined>>

/** File of the prompt's history; undefined for none. */
export function historyFile(env: Environment): string | undefined {
  const chosen = env['VPP_TS_HISTORY']
  if (chosen !== undefined) return chosen === '' ? undefined : chosen
  const state = env['XDG_STATE_HOME'] ?? ''
  return join(state === '' ? join(homedir(), '.local', 'state') : state, 'vpp-ts', 'history')
}

/** Lines of the history, the newest first; none when there is no such file. */
export async function readHistory(file: string | undefined): Promise<string[]> {
  if (file === undefined) return []
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    return lines.toReversed().slice(0, HISTORY_SIZE)
  } catch {
    return []
  }
}

/** Keeps the history for the user alone. A folder that cannot be written to costs the history, not the prompt. */
export async function writeHistory(file: string | undefined, newestFirst: readonly string[]): Promise<void> {
  if (file === undefined) return
  const lines = newestFirst.slice(0, HISTORY_SIZE).toReversed()
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    // The mode of writeFile is for a new file only; an old one may be open to others.
    await chmod(file, PRIVATE).catch(() => {})
    await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: PRIVATE })
  } catch {
    // As above.
  }
}
