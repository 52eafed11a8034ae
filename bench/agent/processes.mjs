import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../scripts/bootstrap.mjs'

/** A process of Node that says when it is ready. */
class Program {
  #child
  #lines

  constructor(script, ...args) {
    this.#child = spawn(process.execPath, [join(root, script), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** The first line that `take` makes something of. */
  async line(take) {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error('the program has ended')
      const taken = take(value)
      if (taken !== undefined) return taken
    }
  }

  async close() {
    const exit = once(this.#child, 'exit')
    this.#child.stdin.end()
    this.#child.kill('SIGTERM')
    await exit
  }
}

/** An agent of one VPP: a real one, or a simulated one with its stats. */
export class BenchedAgent {
  name
  socket
  #folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bench-'))
  #programs = []
  #rest
  #metrics

  /** @param socket of a real VPP; undefined for a simulated one */
  static async start(socket) {
    const made = new BenchedAgent()
    made.name = socket === undefined ? 'simulator' : 'vpp'
    made.socket = socket ?? join(made.#folder, 'api.sock')
    const stats = join(made.#folder, 'stats.sock')
    if (socket === undefined) {
      const simulator = made.#start('simulator/bin/vpp-ts-simulator.js', '--socket', made.socket)
      await simulator.line((line) => (line.startsWith('serving') ? line : undefined))
    }
    const publisher = made.#start('bench/stats/publish.mjs', stats, 'agent')
    await publisher.line((line) => (line === 'ready' ? line : undefined))
    await made.#serve(stats)
    return made
  }

  /** Memory of the agent, in bytes. */
  memory() {
    return this.#value('process_resident_memory_bytes')
  }

  /** CPU time of the agent so far, in seconds. */
  cpu() {
    return this.#value('process_cpu_seconds_total')
  }

  async scrape() {
    const response = await fetch(this.#metrics)
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return text
  }

  /** A request for JSON; anything but success is an error. */
  async ask(method, path, body) {
    const response = await fetch(`${this.#rest}${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = await response.json()
    if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${answer.detail}`)
    return answer
  }

  async close() {
    for (const program of this.#programs.toReversed()) await program.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #value(metric) {
    const text = await this.scrape()
    return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)[1])
  }

  #start(...command) {
    const program = new Program(...command)
    this.#programs.push(program)
    return program
  }

  async #serve(stats) {
    const config = join(this.#folder, 'agent.yaml')
    writeFileSync(
      config,
      JSON.stringify({
        store: { kind: 'lmdb', path: 'store' },
        rest: { port: 0 },
        metrics: { port: 0 },
        instances: [
          { name: 'vpp', govpp: { 'binapi-socket-path': this.socket, 'stats-socket-path': stats } },
        ],
      }),
    )
    const agent = this.#start('agent/bin/vpp-ts-agent.js', '--config', config)
    const url = (of) => (line) => {
      const { msg, url: found } = JSON.parse(line)
      return msg === of ? found : undefined
    }
    this.#rest = await agent.line(url('REST'))
    this.#metrics = await agent.line(url('metrics'))
  }
}
