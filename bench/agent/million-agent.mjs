import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../scripts/bootstrap.mjs'

/** Milliseconds between probes that tell how long nothing was answered. */
const PROBE_INTERVAL = 50
/** Milliseconds of quiet after which an agent is taken for idle. */
const QUIET = 1500

/** An agent that is watched from outside and from inside. It may be stopped and started on the same store. */
export class MillionAgent {
  #folder = mkdtempSync(join(tmpdir(), 'vpp-ts-million-'))
  #options
  #socket
  #simulator
  #agent
  #rest
  #latency = 0
  #cpu = 0
  #probing = false

  /** @param options `socket` of a real VPP; `profiles`: folder for CPU profiles of the agent */
  static async start(options) {
    const made = new MillionAgent()
    made.#options = options
    made.#socket = options.socket ?? join(made.#folder, 'api.sock')
    if (options.socket === undefined) {
      const script = join(root, 'simulator/bin/vpp-ts-simulator.js')
      made.#simulator = spawn(process.execPath, [script, '--socket', made.#socket], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      await line(made.#simulator, (text) => (text.startsWith('serving') ? text : undefined))
    }
    return made
  }

  /** Starts the agent and waits until it serves. */
  async serve() {
    const config = join(this.#folder, 'agent.yaml')
    const connection = {
      'binapi-socket-path': this.#socket,
      'stats-socket-path': join(this.#folder, 'no'),
      // On a machine that others use too, a second is over soon.
      'reply-timeout': '30s',
    }
    writeFileSync(
      config,
      JSON.stringify({
        store: { kind: 'lmdb', path: 'store' },
        rest: { port: 0, 'body-limit': 2 ** 28, 'rate-limit': 10_000 },
        metrics: false,
        'deletion-guard': false,
        instances: [{ name: 'vpp', govpp: connection }],
      }),
    )
    const { profiles } = this.#options
    const flags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
    const program = join(root, 'agent/bin/vpp-ts-agent.js')
    const inside = join(import.meta.dirname, 'watch-loop.mjs')
    this.#agent = spawn(process.execPath, [...flags, '--import', inside, program, '--config', config], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    this.#cpu = 0
    this.#rest = await line(this.#agent, (text) => {
      const { msg, url } = JSON.parse(text)
      return msg === 'REST' ? `${url}/api/v1/instances/vpp` : undefined
    })
    void this.#probe()
  }

  /** What has happened since it was last asked. */
  async watch() {
    const latency = this.#latency
    this.#latency = 0
    if (this.#agent === undefined) return undefined
    this.#agent.send('tell')
    const [told] = await once(this.#agent, 'message')
    const total = (told.cpu.user + told.cpu.system) / 1e6
    const cpu = total - this.#cpu
    this.#cpu = total
    return { ...told, latency, cpu }
  }

  /** Waits until it has nothing to do. */
  async idle() {
    for (;;) {
      const before = this.#cpu
      await this.watch()
      await new Promise((resolve) => setTimeout(resolve, QUIET))
      await this.watch()
      if (this.#cpu - before < 0.2) return
    }
  }

  async ask(method, path, body) {
    return JSON.parse(await this.send(method, path, body === undefined ? undefined : JSON.stringify(body)))
  }

  /** A request; the answer as text. Anything but success is an error. */
  async send(method, path, text) {
    // `fetch` waits no longer than 300 s for an answer.
    const asked = request(`${this.#rest}${path}`, {
      method,
      headers: text === undefined ? {} : { 'content-type': 'application/json' },
    })
    asked.end(text)
    const [response] = await once(asked, 'response')
    const answer = (await response.toArray()).join('')
    if (response.statusCode > 204)
      throw new Error(`${method} ${path}: ${response.statusCode} ${answer.slice(0, 500)}`)
    return answer
  }

  async stop() {
    this.#probing = false
    const exit = once(this.#agent, 'exit')
    this.#agent.kill('SIGTERM')
    await exit
    this.#agent = undefined
  }

  async close() {
    if (this.#agent !== undefined) await this.stop()
    if (this.#simulator !== undefined) {
      const exit = once(this.#simulator, 'exit')
      this.#simulator.kill('SIGTERM')
      await exit
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Asks for the health of the process again and again; the longest time until it answers is kept. */
  async #probe() {
    const url = `${new URL(this.#rest).origin}/health/live`
    this.#probing = true
    while (this.#probing) {
      const start = performance.now()
      await fetch(url).then(
        (response) => response.arrayBuffer(),
        () => undefined,
      )
      this.#latency = Math.max(this.#latency, performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, PROBE_INTERVAL))
    }
  }
}

/** The first line of a program that `take` makes something of; the others are read and dropped. */
async function line(program, take) {
  const lines = createInterface({ input: program.stdout })
  return await new Promise((resolve, reject) => {
    lines.on('line', (text) => {
      const taken = take(text)
      if (taken !== undefined) resolve(taken)
    })
    program.once('exit', (code) => reject(new Error(`the program has ended with ${code}`)))
  })
}
