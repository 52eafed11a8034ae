import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Dump, EventOptions, EventStream, MessageClass, RpcConnection } from '@vpp-ts/runtime'
import type { Simulator } from '@vpp-ts/simulator'

const run = promisify(execFile)

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLE = join(ROOT, 'docs/examples/your-own-plugin')

/** Definitions in which the example finds what its `.api` file imports. */
export const API_DIR = join(ROOT, 'api-json/26.06')

interface Target {
  readonly swIfIndex: number
  readonly gateway: string
}

/** An event of the plugin, as its bindings have it. */
export interface LinkWatchEvent {
  readonly target: Target
  readonly cause: number
  readonly flags: number
  readonly rawMsgData: Uint8Array
  readonly pid: number
}

/** The client that is generated from the plugin's `.api` file. */
export interface LinkWatchClient {
  linkWatchAddDel(request: { isAdd?: boolean; target: Partial<Target>; note?: Uint8Array }): Promise<object>
  wantLinkWatchEvents(request: { enableDisable: boolean; pid: number }): Promise<object>
  linkWatchDump(): Dump<{ readonly target: Target; readonly flags: number; readonly eventCount: bigint }>
  linkWatchEvents(options?: EventOptions): EventStream<LinkWatchEvent>
}

/** The generated module. */
export interface LinkWatchBindings {
  readonly LinkWatchClient: new (connection: RpcConnection) => LinkWatchClient
  readonly messages: readonly MessageClass<unknown>[]
  readonly API_CRC: string
}

/** The example, generated and compiled as its user would do it, in a folder within the checkout. */
export class Example implements AsyncDisposable {
  readonly folder: string
  /** What the generator and the compiler have said. */
  readonly output: string

  private constructor(folder: string, output: string) {
    this.folder = folder
    this.output = output
  }

  static async build(): Promise<Example> {
    const folder = await mkdtemp(join(ROOT, 'test/plugin/example-'))
    const copied = ['api', 'src', 'package.json', 'tsconfig.json'].map((name) =>
      cp(join(EXAMPLE, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.startsWith(join(EXAMPLE, 'src/binapi')),
      }),
    )
    await Promise.all(copied)
    try {
      const { stdout } = await run('npm', ['run', 'build'], { cwd: folder, env: environment() })
      return new Example(folder, stdout)
    } catch (error) {
      await rm(folder, { recursive: true })
      throw new Error((error as { stdout?: string }).stdout ?? 'npm did not run', { cause: error })
    }
  }

  async bindings(): Promise<LinkWatchBindings> {
    const module: unknown = await import(join(this.folder, 'dist/binapi/link_watch/index.js'))
    return module as LinkWatchBindings
  }

  /** Has a simulator do what the plugin does. */
  async simulate(simulator: Simulator): Promise<void> {
    const module: unknown = await import(join(this.folder, 'dist/simulated.js'))
    const { simulateLinkWatch } = module as { simulateLinkWatch: (simulator: Simulator) => void }
    simulateLinkWatch(simulator)
  }

  /** Starts one of the example's programs. */
  start(program: 'watch' | 'simulate', ...args: readonly string[]): Program {
    return new Program(
      spawn(process.execPath, [join('dist', `${program}.js`), ...args], {
        cwd: this.folder,
        env: environment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, VPP_API_DIR: API_DIR }
}

/** A program that runs and prints lines. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(child: ChildProcess) {
    this.#child = child
    if (child.stdout === null) throw new Error('the program has no output')
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  }

  /** The next line. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`the program ended with ${this.#child.exitCode}`)
    return value
  }

  /** Interrupts it; its exit code. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT')
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}
