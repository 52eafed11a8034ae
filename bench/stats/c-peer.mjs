import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { root } from '../../scripts/bootstrap.mjs'

const SOURCE = fileURLToPath(new URL('c/stats.c', import.meta.url))

/**
 * VPP's own C client. Needs a C compiler, VPP's sources and its built libraries: VPP_SOURCE names the folder that has
 * `vpp-api/client/stat_client.h`, VPP_LIBRARIES the one that has `libvppapiclient.so`.
 */
export function startC() {
  const { VPP_SOURCE: source, VPP_LIBRARIES: libraries } = process.env
  if (source === undefined || libraries === undefined) {
    console.error('VPP_SOURCE and VPP_LIBRARIES are not set; the figures of the C client are left out')
    return undefined
  }
  const header = join(source, 'vpp-api', 'client', 'stat_client.h')
  if (!existsSync(header)) throw new Error(`VPP_SOURCE: ${header} does not exist`)
  const folder = join(root, '.cache', 'bench')
  mkdirSync(folder, { recursive: true })
  const program = join(folder, 'stats-c')
  const flags = ['-O2', `-I${source}`, SOURCE, '-o', program, `-L${libraries}`, `-Wl,-rpath,${libraries}`]
  const { status } = spawnSync('cc', [...flags, '-lvppapiclient', '-lvppinfra'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the C client does not compile')
  return new CPeer(program)
}

/** A process per socket that answers `CASE MILLISECONDS` with `OPERATIONS SECONDS`. */
class CPeer {
  #program
  #processes = new Map()

  constructor(program) {
    this.#program = program
  }

  async measure({ case: name, milliseconds, socket }) {
    const { child, lines } = this.#process(socket)
    child.stdin.write(`${name} ${milliseconds}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error(`the C client ended during ${name}`)
    const [operations, seconds] = value.split(' ').map(Number)
    return { operations, seconds }
  }

  async close() {
    for (const { child } of this.#processes.values()) {
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
    }
    this.#processes.clear()
  }

  #process(socket) {
    let it = this.#processes.get(socket)
    if (it === undefined) {
      const child = spawn(this.#program, [socket], { stdio: ['pipe', 'pipe', 'inherit'] })
      it = { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
      this.#processes.set(socket, it)
    }
    return it
  }
}
