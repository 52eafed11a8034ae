import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How a VPP is started. */
export interface VppProcessOptions {
  /** In a PID namespace of its own, as in a container, where it is process 1 every time; needs root. */
  readonly ownPids?: boolean
  /** Worker threads; each needs a processor beside that of the main thread. */
  readonly workers?: number
  /** Plugins that VPP only loads when told so, as `linux_cp`. */
  readonly plugins?: readonly string[]
}

/** A VPP that a suite started itself, so that it may be paused, killed and started again. */
export class VppProcess implements AsyncDisposable {
  readonly folder: string
  /** Name of its memory in /dev/shm, another at each launch. */
  apiPrefix = ''
  readonly #binary: string
  readonly #plugins: string | undefined
  readonly #ownPids: boolean
  readonly #workers: number
  readonly #enabled: readonly string[]
  #child: ChildProcess | undefined

  private constructor(
    folder: string,
    binary: string,
    plugins: string | undefined,
    { ownPids = false, workers = 0, plugins: enabled = [] }: VppProcessOptions,
  ) {
    this.folder = folder
    this.#ownPids = ownPids
    this.#workers = workers
    this.#enabled = enabled
    this.#binary = binary
    this.#plugins = plugins
  }

  /**
   * Starts VPP without hugepages, NICs or root services, all its sockets in its own folder.
   */
  static async start(
    binary: string,
    plugins: string | undefined,
    options: VppProcessOptions = {},
  ): Promise<VppProcess> {
    const vpp = new VppProcess(await mkdtemp(join(tmpdir(), 'vpp-ts-')), binary, plugins, options)
    await vpp.launch()
    return vpp
  }

  get apiSocket(): string {
    return join(this.folder, 'api.sock')
  }

  get statsSocket(): string {
    return join(this.folder, 'stats.sock')
  }

  get cliSocket(): string {
    return join(this.folder, 'cli.sock')
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Launches VPP and waits until its API socket accepts a connection. */
  async launch(): Promise<void> {
    const plugins = this.#plugins === undefined ? '' : `path ${this.#plugins}`
    const enabled = this.#enabled.map((name) => `plugin ${name}_plugin.so { enable }`).join(' ')
    this.apiPrefix = `vpp-ts-${process.pid}-${Date.now()}`
    const config = `unix { nodaemon runtime-dir ${this.folder} cli-listen ${this.cliSocket} }
      api-segment { prefix ${this.apiPrefix} }
      socksvr { socket-name ${this.apiSocket} }
      statseg { socket-name ${this.statsSocket} per-node-counters on update-interval 1 }
      plugins { ${plugins} plugin dpdk_plugin.so { disable } ${enabled} }
      ${this.#workers === 0 ? '' : `cpu { workers ${this.#workers} }`}
      buffers { page-size 4K buffers-per-numa 8192 }
      memory { main-heap-size 512M main-heap-page-size 4K }`
    const command = [this.#binary, ...config.split(/\s+/)]
    if (this.#ownPids) command.unshift('unshare', '--pid', '--fork', '--kill-child', '--mount-proc')
    const [program = '', ...rest] = command
    this.#child = spawn(program, rest, { stdio: 'ignore' })
    const deadline = Date.now() + 30_000
    while (!(await accepts(this.apiSocket))) {
      if (this.#child.exitCode !== null) throw new Error(`VPP ended with exit code ${this.#child.exitCode}`)
      if (Date.now() > deadline)
        throw new Error(`VPP's API socket ${this.apiSocket} did not open within 30 s`)
      await delay(50)
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Sends the signal and waits for the process to be gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function accepts(path: string): Promise<boolean> {
  if (!existsSync(path)) return false
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Path of a VPP binary to start, from `VPP_BINARY`; with `VPP_PLUGIN_PATH` where its plugins are. */
export const vppBinary = process.env['VPP_BINARY']
export const vppPlugins = process.env['VPP_PLUGIN_PATH']
/** Socket of a VPP that runs already, from `VPP_API_SOCKET`. */
export const vppSocket = process.env['VPP_API_SOCKET']
