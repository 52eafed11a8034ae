import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { API_FOLDER } from './bindings.ts'

const PROGRAM = fileURLToPath(new URL('make-vectors.py', import.meta.url))

/** Why vpp_papi cannot be run, or undefined when it can. */
export function papiProblem(): string | undefined {
  const { status, error, stderr } = spawnSync('python3', ['-c', 'import vpp_papi'], { encoding: 'utf8' })
  if (error !== undefined) return `python3 cannot be run: ${error.message}`
  return status === 0 ? undefined : `python3 cannot import vpp_papi: ${stderr.trim().split('\n').at(-1)}`
}

/**
 * Runs make-vectors.py on the release and gives its lines, parsed.
 * @throws Error when it fails
 */
export async function* runPapi<T>(args: readonly string[], input: Iterable<object> = []): AsyncGenerator<T> {
  const [command = '', ...options] = args
  const child = spawn('python3', [PROGRAM, command, '--api', API_FOLDER, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  child.stdin.end([...input].map((line) => `${JSON.stringify(line)}\n`).join(''))
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as T
  const [code] = (await exit) as [number | null]
  if (code !== 0) throw new Error(`make-vectors.py ${command} ended with ${code}`)
}
