import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const HELPER = fileURLToPath(new URL('measured.py', import.meta.url))

/**
 * Runs a command and says what it took: `seconds` by the clock, `processor` seconds of user and system, and the most `memory`
 * that it had, in bytes. Needs python3, which alone can ask for the memory of a process that has ended.
 *
 * @param accepted exit statuses that are no failure
 */
export function measured(command, { accepted = [0], ...options } = {}) {
  const { stdout, stderr, error } = spawnSync('python3', [HELPER, ...command], {
    encoding: 'utf8',
    ...options,
  })
  const result = error === undefined && stdout !== '' ? JSON.parse(stdout) : undefined
  if (result === undefined || !accepted.includes(result.status))
    throw new Error(`${command.join(' ')}: ${error ?? stderr}, status ${result?.status}`)
  return result
}
