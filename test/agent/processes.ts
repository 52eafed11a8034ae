import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SIMULATOR = fileURLToPath(new URL('../../simulator/bin/vpp-ts-simulator.js', import.meta.url))
const AGENT = fileURLToPath(new URL('../../agent/bin/vpp-ts-agent.js', import.meta.url))

/** Milliseconds in which a program writes what a test waits for: a test that hung would leave it running. */
const LIMIT = 60_000

/** A program of ours as a process that can be killed. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #listeners = new Set<() => void>()

  private constructor(script: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line)
        for (const listener of this.#listeners) listener()
      })
    }
    this.#child.on('exit', () => {
      for (const listener of this.#listeners) listener()
    })
  }

  /** A simulated VPP on a socket, serving. */
  static async simulator(socketPath: string): Promise<Program> {
    const program = new Program(SIMULATOR, ['--socket', socketPath])
    await program.line((line) => line.startsWith('serving'))
    return program
  }

  /** An agent, as it starts. */
  static agent(...args: string[]): Program {
    return new Program(AGENT, args)
  }

  /** What it has written. */
  get output(): string {
    return this.#lines.join('\n')
  }

  /** Settles with the first line, of those written from number `from` on, that is as wanted. */
  async line(wanted: (line: string) => boolean, from = 0): Promise<string> {
    const limit = AbortSignal.timeout(LIMIT)
    for (let at = from; ; at++) {
      while (at >= this.#lines.length) {
        if (this.#ended) throw new Error(`the program ended: ${this.output}`)
        if (limit.aborted) throw new Error(`no such line within ${LIMIT / 1000} s: ${this.output}`)
        await this.#more(limit)
      }
      const line = this.#lines[at] ?? ''
      if (wanted(line)) return line
    }
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines.length
  }

  /** Ends it. @returns its exit code; null when the signal ended it */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    if (!this.#ended) {
      const gone = once(this.#child, 'close')
      this.#child.kill(signal)
      await gone
    }
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  #more(limit: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const listener = (): void => {
        this.#listeners.delete(listener)
        limit.removeEventListener('abort', listener)
        resolve()
      }
      this.#listeners.add(listener)
      limit.addEventListener('abort', listener)
    })
  }
}
