import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { publishSample, SocketFolder } from '../stats/fixture.ts'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const has = (command: string, args: string[]) =>
  run(command, args).then(
    () => true,
    () => false,
  )

const papi = await has('python3', ['-c', 'import vpp_papi'])
/** The reader of ours on GoVPP's client, built; its module comes from Go's proxy the first time. */
const build = mkdtempSync(join(tmpdir(), 'govpp-stats-'))
const program = join(build, 'govpp-stats')
const goMissing = await run('go', ['build', '-o', program, '.'], { cwd: join(here, 'govpp-stats') }).then(
  () => undefined,
  (error: Error) => error.message,
)
const getStats = join(dirname(process.env['VPP_BINARY'] ?? ''), 'vpp_get_stats')
const c = process.env['VPP_BINARY'] !== undefined && existsSync(getStats)
if (!papi) console.warn('vpp_papi does not read our publisher: python3 with vpp_papi is not there')
if (goMissing !== undefined) console.warn(`GoVPP does not read our publisher: ${goMissing}`)
if (!c) console.warn('vpp_get_stats does not read our publisher: VPP_BINARY does not name a built VPP')

const folder = new SocketFolder()
const sample = publishSample(folder.socket)
const { vpp, segment } = sample
vpp.counter('rx').set(1, 2, 5n, 500n)
vpp.counter('drops').set(2, 1, 2n ** 63n + 1n)
vpp.errorCounter.set(1, 1, 6n)
vpp.deleteInterface(vpp.addInterface('short-lived'))
segment.addHistogram('/histogram', 3, 4, 5).record(1, 100n)
afterAll(() => {
  sample.publisher.close()
  rmSync(build, { recursive: true })
  folder[Symbol.dispose]()
})

describe.skipIf(!papi)('vpp_papi reads our publisher', () => {
  test('every type', async () => {
    const script = fileURLToPath(new URL('../vpp/papi-stats.py', import.meta.url))
    const { stdout } = await run('python3', [script, folder.socket, ''])
    const stats = JSON.parse(stdout) as Record<string, unknown>
    expect(stats).toMatchObject({
      '/sys/heartbeat': 1,
      '/sys/input_rate': 12_345,
      '/if/names': ['local0', 'GigabitEthernet0/8/0', 'loop0', 'deleted'],
      '/err/arp-input/bad/odd reason': [0, 6, 0],
      '/interfaces/loop0/rx': [
        [0, 0],
        [5, 500],
        [0, 0],
      ],
      '/mem/main heap': [[1000, 300, 700, 0, 1000, 1, 700]],
      '/histogram': { minExponent: 4 },
    })
    expect((stats['/if/rx'] as number[][][])[1]?.[2]).toEqual([5, 500])
    expect(Object.keys(stats).some((name) => name.includes('short-lived'))).toBe(false)
  })
})

describe.skipIf(goMissing !== undefined)('GoVPP reads our publisher', () => {
  test('every type that GoVPP knows', async () => {
    const { stdout } = await run(program, ['-socket', folder.socket, '^/(sys|if|err|mem)/'])
    const lines = stdout.trim().split('\n')
    const stats = new Map(
      lines.map((line) => {
        const entry = JSON.parse(line) as Record<string, unknown> & { name: string }
        return [entry.name, entry]
      }),
    )
    const zeros = [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]
    expect(stats.get('/sys/heartbeat')).toMatchObject({ scalar: 1 })
    expect(stats.get('/if/names')).toMatchObject({
      names: ['local0', 'GigabitEthernet0/8/0', 'loop0', 'deleted'],
    })
    expect(stats.get('/if/rx')).toMatchObject({
      combined: [
        zeros,
        [
          [0, 0],
          [0, 0],
          [5, 500],
          [0, 0],
        ],
        zeros,
      ],
    })
    expect(stats.get('/err/arp-input/bad/odd reason')).toMatchObject({ simple: [[0], [6], [0]] })
    expect(stats.get('/mem/main heap')).toMatchObject({ simple: [[1000, 300, 700, 0, 1000, 1, 700]] })
  })
})

describe.skipIf(!c)('vpp_get_stats reads our publisher', () => {
  test('dumps counters, symlinks and names', async () => {
    const { stdout } = await run(getStats, [
      'socket-name',
      folder.socket,
      'dump',
      '^/if/rx$',
      '^/if/names',
      '^/err',
      '^/interfaces/loop0/rx',
    ])
    const lines = stdout.split('\n')
    expect(lines).toContain('[2 @ 1]: 5 packets, 500 bytes /if/rx')
    expect(lines).toContain('[1]: GigabitEthernet0/8/0 /if/names')
    expect(lines).toContain('[0 @ 1]: 6 packets /err/arp-input/bad/odd reason')
    expect(lines).toContain('[0 @ 1]: 5 packets, 500 bytes /interfaces/loop0/rx')
  })
})
