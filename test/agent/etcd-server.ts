import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { EtcdStore } from '@vpp-ts/agent'
import { temporaryFolder } from './managed.ts'

const BINARY = '/usr/bin/etcd'

/** True where Debian's `etcd-server` is installed. */
export const hasEtcd = existsSync(BINARY)
if (!hasEtcd) console.info(`${BINARY} is not there (Debian package etcd-server): the etcd store is not tried`)

/** An etcd of a test's own on loopback, so that it may be stopped and started. */
export class EtcdServer implements AsyncDisposable {
  readonly endpoint: string
  readonly #folder: Awaited<ReturnType<typeof temporaryFolder>>
  readonly #peer: string
  #child: ChildProcess | undefined

  private constructor(folder: Awaited<ReturnType<typeof temporaryFolder>>, ports: readonly number[]) {
    this.#folder = folder
    this.endpoint = `http://127.0.0.1:${ports[0]}`
    this.#peer = `http://127.0.0.1:${ports[1]}`
  }

  static async start(): Promise<EtcdServer> {
    const ports = await freePorts(2)
    const server = new EtcdServer(await temporaryFolder(), ports)
    await server.launch()
    return server
  }

  /** Starts it with the data that it had, and waits until it answers. */
  async launch(): Promise<void> {
    const args = [
      ['--data-dir', join(this.#folder.path, 'data')],
      ['--listen-client-urls', this.endpoint, '--advertise-client-urls', this.endpoint],
      ['--listen-peer-urls', this.#peer, '--initial-advertise-peer-urls', this.#peer],
      ['--initial-cluster', `default=${this.#peer}`, '--unsafe-no-fsync', '--log-level', 'error'],
    ]
    this.#child = spawn(BINARY, args.flat(), { stdio: 'ignore' })
    const deadline = Date.now() + 20_000
    for (;;) {
      const store = new EtcdStore({ endpoints: [this.endpoint], prefix: 'probe' })
      try {
        await store.get('x')
        return
      } catch (error) {
        if (Date.now() > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      } finally {
        await store.close()
      }
    }
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await this.#folder[Symbol.asyncDispose]()
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
