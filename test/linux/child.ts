import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Result of a program that has ended. */
export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end without blocking this thread; killed after `timeout` milliseconds (0 for never). */
export function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  timeout = 20_000,
  cwd = root,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, timeout })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
}

/** Runs a module of plain JavaScript in a separate Node process, where `@vpp-ts/*` are the built packages. */
export function runNode(script: string, flags: readonly string[] = []): Promise<Ended> {
  return run(process.execPath, [...flags, '--input-type=module', '-e', script])
}

/** Builds a workspace, so that other processes run what is in `src`. */
export function build(workspace: string): void {
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
  const { status, stdout } = spawnSync(tsc, ['-b', workspace], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${workspace} does not build:\n${stdout}`)
}
