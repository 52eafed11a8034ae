import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { createMemif, type Memif, type MemifOptions } from '@vpp-ts/memif'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'memif-libraries-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Builds a peer. @returns its program, or why there is none */
function build(command: string, args: string[], output: string, cwd: string): Built {
  const { error, status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (error !== undefined) return { missing: error.message }
  return status === 0 ? { program: output } : { missing: stderr }
}
type Built = { readonly program: string } | { readonly missing: string }

/** GOVPP_SOURCE names a checkout of GoVPP: the module proxy does not have its extras. */
function buildGomemif(): Built {
  const source = process.env['GOVPP_SOURCE']
  if (source === undefined) return { missing: 'GOVPP_SOURCE does not name a checkout of GoVPP' }
  const module = join(folder, 'gomemif')
  cpSync(join(here, 'gomemif'), module, { recursive: true })
  cpSync(join(source, 'extras/gomemif/memif'), join(module, 'memif'), { recursive: true })
  writeFileSync(join(module, 'go.mod'), 'module vpp-ts.test/gomemif\n\ngo 1.22\n')
  const output = join(folder, 'gomemif-echo')
  return build('go', ['build', '-o', output, '.'], output, module)
}

/** LIBMEMIF names the folder that has `include/libmemif.h` and `lib/libmemif.so`. */
function buildLibmemif(): Built {
  const prefix = process.env['LIBMEMIF']
  if (prefix === undefined) return { missing: 'LIBMEMIF does not name where it is installed' }
  const lib = join(prefix, 'lib')
  const output = join(folder, 'libmemif-echo')
  const args = ['-I', join(prefix, 'include'), 'libmemif/echo.c', '-o', output]
  return build('cc', [...args, '-L', lib, `-Wl,-rpath,${lib}`, '-lmemif'], output, here)
}

/** How a peer is told what to be. */
type Arguments = (role: string, socket: string, queues: number) => string[]

const PEERS: readonly [name: string, Built, Arguments][] = [
  [
    'gomemif',
    buildGomemif(),
    (role, socket, queues) => [
      `-socket=${socket}`,
      `-server=${String(role === 'server')}`,
      `-pairs=${queues}`,
    ],
  ],
  ['libmemif', buildLibmemif(), (role, socket, queues) => [role, socket, String(queues)]],
]

/** Below the ring of either side, so that a peer need not wait for room. */
const PACKETS = 500

describe.each(PEERS)('memif against %s', (name, built, argumentsFor) => {
  const program = 'program' in built ? built.program : undefined
  if ('missing' in built) console.warn(`memif against ${name} does not run: ${built.missing}`)
  const memifs: Memif[] = []
  const children: ChildProcess[] = []
  let serial = 0

  afterEach(() => {
    for (const memif of memifs.splice(0)) memif.close()
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  function start(role: string, socket: string, queues: number): string[] {
    const child = spawn(program ?? '', argumentsFor(role, socket, queues))
    children.push(child)
    const lines: string[] = []
    createInterface(child.stdout).on('line', (line) => lines.push(line))
    return lines
  }

  function make(options: MemifOptions): Memif {
    const memif = createMemif({ reconnectMs: 50, ...options })
    memifs.push(memif)
    return memif
  }

  async function echoes(memif: Memif, queue: number): Promise<void> {
    const packets = Array.from({ length: PACKETS }, (_, number) =>
      Buffer.from(`packet ${number}`.padEnd(60 + (number % 1400))),
    )
    await memif.send(packets, { queue, signal: AbortSignal.timeout(60_000) })
    const got: Uint8Array[] = []
    for await (const packet of memif.packets({ queues: [queue], signal: AbortSignal.timeout(60_000) })) {
      got.push(packet)
      if (got.length === PACKETS) break
    }
    expect(got.map((packet) => Buffer.from(packet).toString())).toEqual(packets.map(String))
  }

  test.skipIf(program === undefined).each([
    ['client', 1],
    ['client', 2],
    ['server', 1],
    ['server', 2],
  ] as const)(
    'it is the %s, %i queues: all packets come back, in order',
    { timeout: 120_000 },
    async (theirs, queues) => {
      const socket = join(folder, `${name}-${serial++}.sock`)
      const ours = {
        role: theirs === 'server' ? 'client' : 'server',
        rxQueues: queues,
        txQueues: queues,
      } as const
      const server = theirs === 'client' ? make({ ...ours, socket }) : undefined
      const lines = start(theirs, socket, queues)
      const memif = server ?? make({ ...ours, socket })
      const { remote, rxQueues, txQueues } = await memif.ready({ signal: AbortSignal.timeout(60_000) })
      expect(remote).toMatchObject({ appName: `${name}-echo`, interfaceName: 'echo0' })
      expect([rxQueues.length, txQueues.length]).toEqual([queues, queues])
      await vi.waitFor(() => expect(lines).toContain(`connected ${queues}`), 60_000)
      for (let queue = 0; queue < queues; queue++) await echoes(memif, queue)
    },
  )

  test.skipIf(program === undefined)(
    'a client with more rings than the server reads is told, or takes fewer',
    async () => {
      const socket = join(folder, `${name}-${serial++}.sock`)
      const memif = make({ role: 'server', socket, rxQueues: 2, txQueues: 1 })
      const outcome = new Promise((resolve) => {
        memif.once('failure', ({ code, message }) => resolve([code, message]))
        memif.once('connect', ({ rxQueues, txQueues }) => resolve([rxQueues.length, txQueues.length]))
      })
      start('client', socket, 3)
      // gomemif always has pairs.
      if (name === 'gomemif') {
        expect(await outcome).toEqual([
          'MEMIF_RING_INVALID',
          'client-to-server ring 2 is refused: at most 2 are accepted',
        ])
      } else {
        expect(await outcome).toEqual([2, 1])
      }
    },
  )
})
