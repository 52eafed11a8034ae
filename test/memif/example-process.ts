import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the example programs, and the packages that they import. */
export function buildExamples(): void {
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
  const { status, stdout } = spawnSync(tsc, ['-b', 'memif/examples'], { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the examples do not build:\n${stdout}`)
}

/** An example program as a user runs it; killed after a minute, come what may. */
export class ExampleProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>
  #output = ''

  constructor(name: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [`memif/examples/dist/${name}.js`, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    this.#exited = once(this.#child, 'exit')
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
    }
  }

  /** What it has printed. */
  get output(): string {
    return this.#output
  }

  /** Ends it as ctrl-C does; gives its exit code. */
  async interrupt(): Promise<unknown> {
    this.#child.kill('SIGINT')
    const [code] = await this.#exited
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}
