import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'
import { ask, writeConfig, type Answer, type ServedOptions } from './served.ts'

/** An agent as a process of its own, with a simulated VPP and a store that outlive it. */
export class Running implements AsyncDisposable {
  readonly folder: string
  readonly vpp: Simulator
  readonly #files: AsyncDisposable
  readonly #config: string
  #agent: Program
  /** Where REST is. */
  url = ''
  /** Where metrics are. */
  metrics = ''

  private constructor(
    files: { readonly path: string } & AsyncDisposable,
    vpp: Simulator,
    options: ServedOptions,
  ) {
    this.#files = files
    this.folder = files.path
    this.vpp = vpp
    this.#config = writeConfig(files.path, vpp.path, options)
    this.#agent = Program.agent('--config', this.#config)
  }

  static async start(options: ServedOptions = {}): Promise<Running> {
    const files = await temporaryFolder()
    const vpp = await Simulator.start({ path: join(files.path, 'api.sock') })
    const running = new Running(files, vpp, options)
    await running.#started()
    return running
  }

  /** What it has written. */
  get output(): string {
    return this.#agent.output
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(`${this.url}${path}`, method, body)
  }

  kill(signal?: NodeJS.Signals): Promise<number | null> {
    return this.#agent.kill(signal)
  }

  /** Starts it again. */
  async again(): Promise<void> {
    this.#agent = Program.agent('--config', this.#config)
    await this.#started()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.kill()
    await this.vpp[Symbol.asyncDispose]()
    await this.#files[Symbol.asyncDispose]()
  }

  async #started(): Promise<void> {
    await this.#agent.line((line) => line.includes('"msg":"started"'))
    for (const line of this.#agent.output.split('\n')) {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
      if (msg === 'REST' && url !== undefined) this.url = url
      if (msg === 'metrics' && url !== undefined) this.metrics = url
    }
  }
}
