import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from './managed.ts'

const BINARY = '/usr/bin/prometheus'

/** True where Debian's `prometheus` is installed. */
export const hasPrometheus = existsSync(BINARY)
if (!hasPrometheus) console.info(`${BINARY} is not there (Debian package prometheus): no query is tried`)

/** A Prometheus of a test's own, which scrapes one target once a second. */
export class Prometheus implements AsyncDisposable {
  readonly #url: string
  readonly #child: ChildProcess
  readonly #folder: AsyncDisposable

  private constructor(url: string, child: ChildProcess, folder: AsyncDisposable) {
    this.#url = url
    this.#child = child
    this.#folder = folder
  }

  static async start(target: URL): Promise<Prometheus> {
    const folder = await temporaryFolder()
    const config = {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        { job_name: 'vpp', metrics_path: target.pathname, static_configs: [{ targets: [target.host] }] },
      ],
    }
    const file = join(folder.path, 'prometheus.yml')
    writeFileSync(file, JSON.stringify(config))
    const address = `127.0.0.1:${await freePort()}`
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ]
    const child = spawn(BINARY, args, { stdio: 'ignore' })
    const prometheus = new Prometheus(`http://${address}`, child, folder)
    await prometheus.until('up == 1')
    return prometheus
  }

  /** @returns how many series a query finds; rejects when Prometheus refuses it */
  async query(expr: string): Promise<number> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(expr)}`)
    const answer = (await response.json()) as { status: string; error?: string; data?: { result: unknown[] } }
    if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`)
    return answer.data?.result.length ?? 0
  }

  /** Settles when a query finds something. */
  async until(expr: string): Promise<void> {
    const deadline = Date.now() + 60_000
    for (;;) {
      const found = await this.query(expr).catch(() => 0)
      if (found > 0) return
      if (Date.now() > deadline) throw new Error(`nothing found by ${expr}`)
      await delay(200)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
    await this.#folder[Symbol.asyncDispose]()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
