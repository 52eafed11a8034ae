import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AfPacketClient } from '@vpp-ts/binapi-af-packet'
import type { RpcConnection } from '@vpp-ts/runtime'
import { vppBinary } from './real-vpp.ts'

const run = promisify(execFile)
const PEER = fileURLToPath(new URL('packet-peer.mjs', import.meta.url))
/** Longest time that a program of a host may take. */
const PATIENCE = 60_000

let made = 0

/** What a case needs and does not have, in words; empty when it can run. */
export function lacks(...needed: readonly (string | { readonly path: string })[]): string {
  const missing = needed.filter((it) => (typeof it === 'string' ? !hasProgram(it) : !existsSync(it.path)))
  const names = missing.map((it) => (typeof it === 'string' ? it : it.path))
  if (vppBinary === undefined) names.unshift('VPP_BINARY, a VPP to start')
  if (process.getuid?.() !== 0) names.unshift('root')
  if (!hasProgram('ip')) names.unshift('ip')
  return names.length === 0 ? '' : ` (needs ${names.join(', ')})`
}

function hasProgram(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, name)))
}

/** Whether Linux has a type of device, as `bond`. */
export function hasDeviceType(type: string): boolean {
  const name = `vp${process.pid}`
  try {
    execFileSync('ip', ['link', 'add', name, 'type', type], { stdio: 'ignore' })
    execFileSync('ip', ['link', 'delete', name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A program that runs in the network of a host, and tells what happens as lines. */
export class HostProgram implements AsyncDisposable {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #gone: Promise<unknown>
  #waiting: (() => void)[] = []

  constructor(child: ChildProcess) {
    this.#child = child
    this.#gone = once(child, 'exit')
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line)
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  /** What it has told, as JSON. */
  get told(): unknown[] {
    return this.lines.map((line) => JSON.parse(line) as unknown)
  }

  /** Waits for its first line. */
  async ready(): Promise<this> {
    while (this.lines.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM')
    await this.#gone
  }
}

/** A host of Linux: a network namespace, with cables to VPPs. All of it goes when it is disposed of. */
export class LinuxHost implements AsyncDisposable {
  /** Name of the namespace. */
  readonly space: string
  readonly #programs: HostProgram[] = []
  readonly #ours: string[] = []

  private constructor(space: string) {
    this.space = space
  }

  static async start(): Promise<LinuxHost> {
    made += 1
    const host = new LinuxHost(`vn${process.pid}x${made}`)
    await run('ip', ['netns', 'add', host.space])
    await host.ip('link', 'set', 'lo', 'up')
    return host
  }

  /**
   * Has a cable from the host to a VPP, which finds it as an interface of the machine.
   * @returns device of the host, and VPP's name of its interface
   */
  async plug(vpp: RpcConnection): Promise<{ readonly device: string; readonly name: string }> {
    made += 1
    const [ours, device] = [`vt${process.pid}x${made}`, `vs${process.pid}x${made}`]
    await run('ip', ['link', 'add', ours, 'type', 'veth', 'peer', 'name', device, 'netns', this.space])
    this.#ours.push(ours)
    await run('ip', ['link', 'set', ours, 'up'])
    // VPP takes packets as they are: without this, their checksums are those of a card that is not there.
    await this.run(
      'ethtool',
      '-K',
      device,
      'tx',
      'off',
      'rx',
      'off',
      'gso',
      'off',
      'tso',
      'off',
      'gro',
      'off',
    )
    await this.ip('link', 'set', device, 'up')
    await new AfPacketClient(vpp).afPacketCreateV3({
      mode: 1,
      hostIfName: ours,
      useRandomHwAddr: true,
      numRxQueues: 1,
      numTxQueues: 1,
    })
    return { device, name: `host-${ours}` }
  }

  /** Gives a device addresses, which are used at once, and a router to all else by family. */
  async address(
    device: string,
    addresses: readonly string[],
    routers: readonly string[] = [],
  ): Promise<void> {
    for (const it of addresses) {
      await this.ip('address', 'add', it, 'dev', device, ...(it.includes(':') ? ['nodad'] : []))
    }
    for (const it of routers)
      await this.ip(it.includes(':') ? '-6' : '-4', 'route', 'add', 'default', 'via', it)
  }

  async ip(...args: string[]): Promise<string> {
    return (await run('ip', ['-netns', this.space, ...args])).stdout
  }

  /** Runs a program to its end. @returns what it wrote */
  async run(program: string, ...args: string[]): Promise<string> {
    const options = { timeout: PATIENCE }
    return (await run('ip', ['netns', 'exec', this.space, program, ...args], options)).stdout
  }

  /** Starts a program that stays until the host goes. */
  start(program: string, ...args: string[]): HostProgram {
    const child = spawn('ip', ['netns', 'exec', this.space, program, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const it = new HostProgram(child)
    this.#programs.push(it)
    return it
  }

  /** TCP or UDP servers on ports, which send back what they get and tell who came. */
  serve(what: 'serve' | 'hear', ...ports: number[]): Promise<HostProgram> {
    return this.start(process.execPath, PEER, what, ...ports.map(String)).ready()
  }

  /** Says something to a server over TCP. @returns whether it came back as it was, and by which address */
  async talk(address: string, port: number, text: string): Promise<unknown> {
    return JSON.parse(await this.run(process.execPath, PEER, 'talk', address, String(port), text)) as unknown
  }

  /** Sends datagrams to ports until the last of them answers. @returns ports that answered */
  async send(address: string, ...ports: number[]): Promise<number[]> {
    const text = await this.run(process.execPath, PEER, 'send', address, ports.join(','))
    return text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { port: number }).port)
  }

  /** Whether some of a few pings are answered. */
  async pings(address: string): Promise<boolean> {
    try {
      await this.run('ping', '-c', '3', '-i', '0.2', '-W', '2', address)
      return true
    } catch {
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const it of this.#programs) await it[Symbol.asyncDispose]()
    const left = await Promise.allSettled([
      ...this.#ours.map((it) => run('ip', ['link', 'delete', it])),
      run('ip', ['netns', 'delete', this.space]),
    ])
    for (const it of left) if (it.status === 'rejected') throw it.reason
  }
}
