import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Ended } from '../linux/child.ts'

const BIN = fileURLToPath(new URL('../../cli/bin/vpp-ts.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** How a command runs. */
export interface RunOptions {
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Starts the built command `vpp-ts`; killed after 30 s. */
export function start(args: readonly string[], { input, env, cwd }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: cwd ?? ROOT,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    timeout: 30_000,
  })
  child.stdin.end(input ?? '')
  const seen = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      seen[name] += chunk.toString()
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, ...seen }))
  })
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (seen.stdout.includes(text)) resolve()
      }
      listeners.add(look)
      look()
      ended.then(() => reject(new Error(`ended without "${text}": ${seen.stdout}${seen.stderr}`)), reject)
    })
  return { ended, until, kill: (signal) => child.kill(signal), closeOutput: () => child.stdout.destroy() }
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>
  /** Settles when stdout has the text. */
  until(text: string): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Goes away as the reader, as `head` does. */
  closeOutput(): void
}

/** Runs the command to its end. */
export function vppTs(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return start(args, options).ended
}

/** Lines of a text. */
export function lines(text: string): string[] {
  return text.trimEnd().split('\n')
}
