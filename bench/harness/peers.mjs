import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../scripts/bootstrap.mjs'
import { processorOf } from './processor.mjs'

const API = join(root, 'api-json', '26.06')

/** A process that answers measurement requests, one JSON object a line. */
class Peer {
  #child
  #lines
  #name

  constructor(name, command, args) {
    this.#name = name
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** One measurement. */
  async measure(request) {
    const before = processorOf(this.#child.pid)
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.#name} ended during ${request.case}`)
    const result = JSON.parse(value)
    if (result.error) throw new Error(`${this.#name}, ${request.case}: ${result.error}`)
    const after = processorOf(this.#child.pid)
    return before === undefined || after === undefined ? result : { ...result, processor: after - before }
  }

  async close() {
    const exit = once(this.#child, 'exit')
    this.#child.stdin.end()
    await exit
  }
}

/** Starts peers when a case first asks for them; without `wanted` there are none. */
export class Peers {
  #wanted
  #running = new Map()
  #built = new Map()

  constructor(wanted) {
    this.#wanted = wanted
  }

  /** Whether the run should have peers. */
  get wanted() {
    return this.#wanted
  }

  /** A Go program of bench/govpp, or undefined where there is no Go. */
  govpp(program) {
    const path = this.goProgram(program)
    return path && this.start(`govpp ${program}`, path, [])
  }

  /** A Python program of bench/papi, or undefined where there is no vpp_papi. */
  papi(program) {
    if (!this.#wanted || !this.have('vpp_papi', 'python3', ['-c', 'import vpp_papi'])) return undefined
    return this.start(`papi ${program}`, 'python3', [join(root, 'bench', 'papi', `${program}.py`), API])
  }

  /** Path of a Go program built from the module in bench/govpp, or undefined where there is no Go. */
  goProgram(program) {
    if (!this.#wanted || !this.have('go', 'go', ['version'])) return undefined
    let path = this.#built.get(program)
    if (path === undefined) {
      path = buildGo(program)
      this.#built.set(program, path)
    }
    return path
  }

  async close() {
    for (const peer of this.#running.values()) await peer.close()
  }

  /** The running peer of that name, started when it is first asked for. */
  start(key, command, args) {
    let peer = this.#running.get(key)
    if (peer === undefined) {
      peer = new Peer(key, command, args)
      this.#running.set(key, peer)
    }
    return peer
  }

  /** Whether a command works; says so once when it does not. */
  have(name, command, args) {
    const key = `have ${name}`
    if (!this.#built.has(key)) {
      const { status } = spawnSync(command, args, { stdio: 'ignore' })
      if (status !== 0) console.error(`${name} is not there; its figures are left out`)
      this.#built.set(key, status === 0)
    }
    return this.#built.get(key)
  }
}

function buildGo(program) {
  const folder = join(root, '.cache', 'bench')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, basename(program))
  const { status } = spawnSync(
    'go',
    ['build', '-o', path, program.includes('/') ? program : `./${program}`],
    {
      cwd: join(root, 'bench', 'govpp'),
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`go build of ${program} failed`)
  return path
}
