import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { lines, start, vppTs } from '../cli/command.ts'
import { API_FOLDER } from '../conformance/bindings.ts'
import { build } from '../linux/child.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

let vpp: VppProcess | undefined
const env = () => ({ VPP_API_SOCKET: vpp?.apiSocket })
const run = (...args: string[]) => vppTs(args, { env: env() })
const json = async (...args: string[]) => JSON.parse((await run(...args, '-o', 'json')).stdout) as unknown

describe('vpp-ts with a real VPP, as its help says', () => {
  beforeAll(async () => {
    if (vppBinary === undefined) throw new Error('no real VPP: set VPP_BINARY and VPP_PLUGIN_PATH')
    build('cli')
    vpp = await VppProcess.start(vppBinary, vppPlugins)
  })
  afterAll(() => vpp?.[Symbol.asyncDispose]())

  it('info tells which VPP it is', async () => {
    const info = (await json('info')) as { pid: number; version: string; messages: number }
    expect(info.version).toMatch(/^\d\d\.\d\d/)
    expect(info.pid).toBe(vpp?.pid)
    expect(info.messages).toBeGreaterThan(1000)
  })

  it('call, dump and watch work together', async () => {
    const watch = start(['watch', 'sw_interface_event', '-c', '1', '-o', 'ndjson'], { env: env() })
    const made = (await json('call', 'create_loopback', 'mac_address=02:00:00:00:0c:11')) as {
      sw_if_index: number
    }
    const up = () => run('call', 'sw_interface_set_flags', 'sw_if_index=loop0', 'flags=admin_up')
    expect((await up()).status).toBe(0)
    // The watcher may have subscribed only afterwards.
    const downAndUp = async () => {
      await run('call', 'sw_interface_set_flags', 'sw_if_index=loop0', 'flags=')
      await up()
    }
    let ended = false
    const event = watch.ended.finally(() => (ended = true))
    while (!ended) await downAndUp()
    expect(JSON.parse((await event).stdout)).toMatchObject({ sw_if_index: made.sw_if_index })
    const added = await run(
      'call',
      'sw_interface_add_del_address',
      'is_add=true',
      'sw_if_index=loop0',
      'prefix=192.0.2.1/24',
    )
    expect([added.status, added.stderr]).toEqual([0, ''])
    expect(await json('dump', 'ip_address_dump', 'sw_if_index=loop0')).toEqual([
      { sw_if_index: made.sw_if_index, prefix: '192.0.2.1/24' },
    ])
    const table = await run('dump', 'sw_interface_dump', '--fields', 'sw_if_index,interface_name')
    expect(lines(table.stdout).at(-1)?.trim()).toMatch(/^1 {2}loop0$/)
  })

  it('routes are added by path and listed', async () => {
    const { status, stderr } = await run(
      ...['call', 'ip_route_add_del', 'is_add=true', 'route.prefix=10.0.0.0/24'],
      ...['route.paths[0].nh.address.ip4=192.0.2.9', 'route.paths[0].sw_if_index=loop0'],
    )
    expect([status, stderr]).toEqual([0, ''])
    const routes = await run(
      'dump',
      'ip_route_v2_dump',
      'table.table_id=0',
      '-o',
      'ndjson',
      '-f',
      'route.prefix',
    )
    expect(routes.stdout).toContain('{"route.prefix":"10.0.0.0/24"}\n')
  })

  it("cli runs VPP's own commands, with its text and its errors", async () => {
    expect((await run('cli', 'show', 'version')).stdout).toMatch(/^vpp v/)
    expect((await vppTs(['cli'], { env: env(), input: 'show version\nshow interface\n' })).stdout).toContain(
      'loop0',
    )
    const wrong = await run('cli', 'show', 'nonsense')
    expect([wrong.status, wrong.stderr]).toEqual([1, "vpp-ts: show: unknown input `nonsense'\n"])
  })

  it('messages, show, ping, trace, compat and checks look at it', async () => {
    expect((await run('messages', 'loopback')).stdout).toContain('create_loopback_instance')
    expect((await run('show', 'ip_route_add_del')).stdout).toContain('route.paths[0].nh.address.ip4')
    expect(await json('ping', '-c', '100')).toMatchObject({ count: 100, pid: vpp?.pid })
    expect(await json('trace', 'show_version')).toMatchObject([
      { direction: 'sent' },
      { direction: 'received' },
    ])
    // A VPP of another release than the bindings has changed messages: those whose definitions differ.
    await using own = await VppConnection.connect(vpp?.apiSocket)
    const { schema } = await DynamicApi.fromFiles(API_FOLDER, own)
    const { changed } = own.checkCompatibility(schema.messages().map((name) => schema.message(name)))
    const packages = JSON.parse((await run('compat', 'packages', '-o', 'json')).stdout) as {
      changed: { message: string }[]
    }
    expect(packages.changed.map(({ message }) => message).sort()).toEqual(
      changed.map(({ name }) => name).sort(),
    )
    const older = await run('compat', 'api-json/25.02')
    expect(older.status).toBe(1)
    const found = (await json('checks')) as { check: string; result: string; finding: string }[]
    expect(found.filter((it) => it.result === 'unknown')).toEqual([])
    expect(found.find((it) => it.check === 'pages of the buffers')).toMatchObject({ result: 'look' })
    expect(found.find((it) => it.check === 'buffers in use')?.finding).toMatch(/^default-numa-0: \d+ of \d+/)
  })

  it('a stopped VPP is told from one that is not there', async () => {
    const pid = String(vpp?.pid)
    spawnSync('kill', ['-STOP', pid])
    const stopped = await run('-t', '1', 'info')
    spawnSync('kill', ['-CONT', pid])
    expect(stopped.status).toBe(4)
    expect((await run('info')).status).toBe(0)
    await vpp?.kill()
    const gone = await run('info')
    expect(gone.status).toBe(3)
    expect(gone.stderr).toMatch(/no listener|no such socket/)
  })
})
