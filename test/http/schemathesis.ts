import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The program: on the path, unless the environment names it. */
const PROGRAM = process.env['SCHEMATHESIS'] ?? 'schemathesis'

/** Why schemathesis cannot be run; undefined when it can. */
export function schemathesisProblem(): string | undefined {
  const { status, error } = spawnSync(PROGRAM, ['--version'])
  if (error !== undefined) return `${PROGRAM} cannot be run: ${error.message}`
  return status === 0 ? undefined : `${PROGRAM} --version ended with ${status}`
}

/** What a run ends with. */
export interface Outcome {
  readonly status: number | null
  /** What it printed. */
  readonly report: string
}

/** Runs it against a document; it is killed when it takes longer than so many milliseconds. */
export async function runSchemathesis(
  document: string,
  options: readonly string[],
  longest: number,
): Promise<Outcome> {
  // It leaves files where it runs.
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-fuzz-'))
  const child = spawn(PROGRAM, ['run', document, '--no-color', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longest,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  const [report, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  rmSync(folder, { recursive: true, force: true })
  return { status, report: report + errors }
}
