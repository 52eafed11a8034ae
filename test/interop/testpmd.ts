import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Why the tests against DPDK cannot run, or undefined when they can. */
export const testpmdMissing =
  spawnSync('dpdk-testpmd', ['--help'], { stdio: 'ignore', timeout: 10_000 }).error === undefined
    ? undefined
    : 'dpdk-testpmd is not installed (Debian: apt-get install dpdk-dev)'

/** No test takes so long: a testpmd that nobody stopped is not left to spin. */
const LIFE_MS = 60_000

const OUTPUT_KEPT = 20_000

export interface TestpmdOptions {
  readonly role: 'server' | 'client'
  /** Path of the socket, or with `@` an abstract name. */
  readonly socket: string
  readonly forward: 'io' | 'macswap' | 'rxonly' | 'txonly'
  readonly queues?: number
  /** Further settings of the memif port, as its `--vdev` takes them. */
  readonly device?: readonly string[]
  /** Further arguments of testpmd itself. */
  readonly extra?: readonly string[]
}

/** A dpdk-testpmd with one memif port and no hugepages. Its packets go out where they came in. */
export class Testpmd {
  /** Resolves when the process has ended. */
  readonly exited: Promise<unknown>
  readonly #process: ChildProcess
  #output = ''

  constructor(options: TestpmdOptions) {
    this.#process = spawn('dpdk-testpmd', testpmdArguments(options), {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIFE_MS,
      killSignal: 'SIGKILL',
    })
    this.exited = once(this.#process, 'exit')
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_KEPT)
      })
    }
  }

  /** What it printed last. */
  get output(): string {
    return this.#output
  }

  /** What it received, as of its last statistics: it prints them every second. */
  get received(): { readonly packets: number; readonly bytes: number } | undefined {
    const last = [...this.#output.matchAll(/RX-packets: (\d+)\s+RX-missed: \d+\s+RX-bytes:\s+(\d+)/g)].at(-1)
    return last === undefined ? undefined : { packets: Number(last[1]), bytes: Number(last[2]) }
  }

  /** As `work`, but throws what testpmd printed when that fails, or when testpmd ends meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    const ended = this.exited.then(() => {
      throw new Error('testpmd has ended')
    })
    try {
      return await Promise.race([work, ended])
    } catch (error) {
      throw new Error(`${(error as Error).message}; testpmd said: ${this.output}`, { cause: error })
    }
  }

  /** Ends it as a crash would. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** Stops it as ctrl-C does: it closes its port. A second call does nothing. */
  async stop(): Promise<void> {
    this.#process.kill('SIGINT')
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 5000)
    await this.exited
    clearTimeout(late)
  }
}

function testpmdArguments(options: TestpmdOptions): string[] {
  const { role, socket, forward, queues = 1, device = [], extra = [] } = options
  const abstract = socket.startsWith('@')
  const port = [
    'net_memif0',
    `role=${role}`,
    'id=0',
    `socket=${abstract ? socket.slice(1) : socket}`,
    `socket-abstract=${abstract ? 'yes' : 'no'}`,
    ...device,
  ]
  const environment = ['--lcores', '0@0,1@0', '--no-huge', '-m', '256', '--no-pci', '--no-shconf']
  const unique = ['--no-telemetry', `--file-prefix=memif-${process.pid}-${serial++}`]
  // Without --no-flush-rx it throws away what came before it began to forward.
  const own = ['--no-mlockall', '--no-flush-rx', '--total-num-mbufs=8192', '--auto-start', '--stats-period=1']
  const forwarding = [`--forward-mode=${forward}`, `--rxq=${queues}`, `--txq=${queues}`, ...extra]
  return [...environment, ...unique, `--vdev=${port.join(',')}`, '--', ...own, ...forwarding]
}

let serial = 0
