import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { vi } from 'vitest'

const run = promisify(execFile)

/** A VPP with its stats socket and its command line. */
export interface StatsVpp extends AsyncDisposable {
  readonly statsSocket: string
  /** Runs one command of VPP's command line and gives its output. */
  cli(command: string): Promise<string>
}

/** Why the suite cannot run, or undefined when it can. */
export const statsVppMissing = missing()

function missing(): string | undefined {
  const { VPP_BINARY, VPP_STATS_SOCKET, VPP_CLI_SOCKET } = process.env
  if (VPP_BINARY !== undefined) return existsSync(VPP_BINARY) ? undefined : `${VPP_BINARY} does not exist`
  if (VPP_STATS_SOCKET !== undefined && VPP_CLI_SOCKET !== undefined) return undefined
  return 'neither VPP_BINARY nor VPP_STATS_SOCKET and VPP_CLI_SOCKET are set'
}

/** The VPP of VPP_STATS_SOCKET and VPP_CLI_SOCKET, else one that is started. */
export async function someVpp(): Promise<StatsVpp> {
  const { VPP_STATS_SOCKET: statsSocket, VPP_CLI_SOCKET: cliSocket } = process.env
  if (statsSocket === undefined || cliSocket === undefined) return OwnVpp.start()
  return {
    statsSocket,
    cli: (command) => cli(process.env['VPPCTL'] ?? 'vppctl', cliSocket, command),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** A VPP of our own, to be killed and started again; with VPP's unit test plugin where that was built. */
export class OwnVpp implements StatsVpp {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stats-vpp-'))
  #process: ChildProcess | undefined

  /** Starts VPP_BINARY and waits until its command line answers. */
  static async start(): Promise<OwnVpp> {
    const vpp = new OwnVpp()
    await vpp.launch()
    return vpp
  }

  get statsSocket(): string {
    return join(this.#folder, 'stats.sock')
  }

  async launch(): Promise<void> {
    const folder = this.#folder
    const { VPP_BINARY: binary = 'vpp', VPP_PLUGIN_PATH: plugins } = process.env
    const config = `unix { nodaemon runtime-dir ${folder} cli-listen ${folder}/cli.sock }
      api-segment { prefix stats-test-${process.pid} }
      socksvr { socket-name ${folder}/api.sock }
      statseg { socket-name ${this.statsSocket} per-node-counters on update-interval 1 }
      plugins { ${plugins === undefined ? '' : `path ${plugins}`}
        plugin dpdk_plugin.so { disable } plugin unittest_plugin.so { enable } }
      buffers { page-size 4K buffers-per-numa 8192 }
      memory { main-heap-size 512M main-heap-page-size 4K }`
    this.#process = spawn(binary, config.split(/\s+/), { stdio: 'ignore' })
    await vi.waitFor(() => this.cli('show version'), { timeout: 30_000, interval: 100 })
  }

  cli(command: string): Promise<string> {
    return cli(
      join(dirname(process.env['VPP_BINARY'] ?? ''), 'vppctl'),
      join(this.#folder, 'cli.sock'),
      command,
    )
  }

  /** Ends the process with a signal and waits for its end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true })
  }
}

async function cli(vppctl: string, socket: string, command: string): Promise<string> {
  const { stdout } = await run(vppctl, ['-s', socket, ...command.split(' ')], { maxBuffer: 2 ** 26 })
  return stdout
}
