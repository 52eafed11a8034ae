import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { vi } from 'vitest'

const run = promisify(execFile)

/** Why the tests against a real VPP cannot run, or undefined when they can. */
export const vppMissing = missing()

function missing(): string | undefined {
  const { VPP_BINARY, VPP_PLUGIN_PATH } = process.env
  if (VPP_BINARY === undefined || VPP_PLUGIN_PATH === undefined) {
    return 'VPP_BINARY and VPP_PLUGIN_PATH do not name a built VPP and its plugins'
  }
  for (const path of [VPP_BINARY, join(VPP_PLUGIN_PATH, 'memif_plugin.so')]) {
    if (!existsSync(path)) return `${path} does not exist`
  }
  return undefined
}

/** A VPP of our own with the memif plugin, driven by its command line. */
export class Vpp {
  readonly directory = mkdtempSync(join(tmpdir(), 'memif-vpp-'))
  #process: ChildProcess | undefined

  /** Starts it and waits until its command line answers. */
  async start(): Promise<void> {
    const at = (name: string) => join(this.directory, name)
    const plugins = ['memif_plugin.so', 'ping_plugin.so'].flatMap((name) => [
      'plugin',
      name,
      '{',
      'enable',
      '}',
    ])
    const unix = ['unix', '{', 'nodaemon', 'runtime-dir', this.directory, 'cli-listen', at('cli.sock'), '}']
    const api = ['api-segment', '{', 'prefix', `memif-test-${process.pid}`, '}']
    const sockets = [
      'socksvr',
      '{',
      'socket-name',
      at('api.sock'),
      '}',
      'statseg',
      '{',
      'socket-name',
      at('stats.sock'),
      '}',
    ]
    const path = ['path', process.env['VPP_PLUGIN_PATH']!]
    const rest = ['plugins', '{', ...path, 'plugin', 'default', '{', 'disable', '}', ...plugins, '}']
    const buffers = ['buffers', '{', 'page-size', '4K', 'buffers-per-numa', '8192', '}']
    const args = [...unix, ...api, ...sockets, ...rest, ...buffers]
    this.#process = spawn(process.env['VPP_BINARY']!, args, { stdio: 'ignore' })
    await vi.waitFor(() => this.cli('show version'), { timeout: 30_000, interval: 100 })
  }

  /** Runs one command of the command line and gives its output. */
  async cli(command: string): Promise<string> {
    const vppctl = join(dirname(process.env['VPP_BINARY']!), 'vppctl')
    const { stdout } = await run(vppctl, ['-s', join(this.directory, 'cli.sock'), ...command.split(' ')])
    return stdout
  }

  async commands(...commands: readonly string[]): Promise<void> {
    for (const command of commands) await this.cli(command)
  }

  /** Pings, and gives how many were sent and answered within half a second each. */
  async ping(target: string, size: number, repeat: number): Promise<{ sent: number; received: number }> {
    const output = await this.cli(`ping ${target} size ${size} repeat ${repeat} interval 0.5`)
    const [, sent, received] = /(\d+) sent, (\d+) received/.exec(output) ?? []
    if (sent === undefined) throw new Error(`VPP's ping said: ${output}`)
    return { sent: Number(sent), received: Number(received) }
  }

  /** Ends it as a crash would (`SIGKILL`) or properly. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.#process
    this.#process = undefined
    if (running === undefined || running.exitCode !== null) return
    const gone = once(running, 'exit')
    running.kill(signal)
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.directory, { recursive: true, force: true })
  }
}
