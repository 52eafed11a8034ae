import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator, addLoopback } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, vppTs } from './command.ts'

const RELEASES = fileURLToPath(new URL('../../api-json', import.meta.url))

let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
  addLoopback(simulator.model.interfaces)
})
afterAll(() => simulator.close())

const run = (...args: string[]) => vppTs(['-s', simulator.path, ...args])
const json = async (...args: string[]) => JSON.parse((await run(...args, '-o', 'json')).stdout) as unknown

describe('vpp-ts messages and show', () => {
  it('lists messages by words, kind and module', async () => {
    const found = (await json('messages', 'loopback', 'create')) as { message: string }[]
    expect(found.map((it) => it.message)).toEqual([
      'create_loopback',
      'create_loopback_instance',
      'create_loopback_instance_reply',
      'create_loopback_reply',
    ])
    const events = await json('messages', '--kind', 'event', '--module', 'interface')
    expect(events).toMatchObject([{ message: 'sw_interface_event', kind: 'event', crc: '2d3d95a7' }])
    expect((await run('messages', '-m', 'nonsense')).status).toBe(2)
  })

  it('lists and shows without a VPP', async () => {
    const { stdout, status } = await vppTs([
      '-s',
      '/none',
      '--api',
      `${RELEASES}/25.02`,
      'show',
      'control_ping',
    ])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^control_ping {2}call, module memclnt, CRC 51077d14/)
    const missing = await vppTs(['--api', '/none', 'messages'])
    expect(missing.status).toBe(2)
    expect(missing.stderr).toContain('/none: cannot be read')
  })

  it('shows fields with what they take, and what answers', async () => {
    const { stdout } = await run('show', 'ip_route_add_del')
    expect(stdout).toMatch(/^ {2}is_add +bool +true +true or false$/m)
    expect(stdout).toMatch(/^ {2}route\.paths\[0\]\.nh\.address\.ip6 +ip6_address +2001:db8::1$/m)
    expect(stdout).toMatch(/^ip_route_add_del_reply {2}reply, module ip/m)
    expect(await json('show', 'sw_interface_dump')).toMatchObject({
      message: 'sw_interface_dump',
      kind: 'dump',
      fields: [{ field: 'sw_if_index', default: '4294967295' }, {}, {}],
      answers: [{ message: 'sw_interface_details', kind: 'details' }],
    })
  })
})

describe('vpp-ts ping, trace, compat and checks', () => {
  it('measures pings', async () => {
    expect(await json('ping', '-c', '50')).toMatchObject({ count: 50, pid: process.pid })
    const { stdout } = await run('ping', '--count', '20', '--interval', '1')
    expect(stdout).toMatch(/20 pings, microseconds: min [\d.]+, mean /)
    expect(stdout).toMatch(/ {2}#+$/m)
  })

  it('prints what goes over the socket, also when it fails', async () => {
    const records = await json('trace', 'sw_interface_dump')
    expect(records).toMatchObject([
      { direction: 'sent', message: 'sw_interface_dump' },
      { direction: 'received', message: 'sw_interface_details', fields: { interface_name: 'local0' } },
      { direction: 'received', message: 'sw_interface_details', fields: { interface_name: 'loop0' } },
      { direction: 'received', message: 'control_ping_reply' },
    ])
    const failed = await run('trace', 'delete_loopback', 'sw_if_index=77', '--bytes')
    expect(failed.status).toBe(1)
    expect(failed.stdout).toMatch(/> delete_loopback .* sw_if_index=77\n +0000 {2}/)
    expect(failed.stdout).toMatch(/< delete_loopback_reply .* retval=-2$/m)
  })

  it('compares bindings, releases and other VPPs', async () => {
    const bindings = await run('compat', '@vpp-ts/binapi-ip')
    expect([bindings.status, bindings.stdout]).toEqual([
      0,
      expect.stringMatching(/0 changed, 0 absent of \d+\n$/),
    ])
    expect((await run('compat', 'packages')).stdout).toMatch(/\d+ packages in .*: \d+ same, 0 changed/)
    const older = await run('compat', `${RELEASES}/24.10`, '-o', 'json')
    expect(older.status).toBe(1)
    const report = JSON.parse(older.stdout) as {
      changed: { message: string; crc: string; vpp_crc: string }[]
    }
    expect(report.changed.length).toBeGreaterThan(0)
    expect(report.changed[0]?.crc).not.toBe(report.changed[0]?.vpp_crc)
    await using old = await Simulator.start({ release: '25.10' })
    expect((await run('compat', `vpp:${old.path}`)).stdout).toMatch(/\d+ same/)
    const wrong = await run('compat', '/nonexistent')
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain('/usr/share/vpp/api')
  })

  it('compares bindings without running their code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-compat-'))
    const trace = join(folder, 'ran')
    const file = (name: string, text: string): void => writeFileSync(join(folder, name), text)
    file(
      'package.json',
      JSON.stringify({
        name: '@vpp-ts/binapi-evil',
        type: 'module',
        exports: { '.': { default: './index.js' } },
      }),
    )
    const code = `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(trace)}, '')\n`
    file('index.js', `${code}export * from './messages.js'\n`)
    file(
      'messages.js',
      `${code}export class Gone { static descriptor = defineMessage(Gone, 'gone', '0123abcd', 'request', []) }\n`,
    )
    const { stdout } = await run('compat', folder)
    expect(stdout).toMatch(/gone +absent/)
    expect(stdout).toContain('0 same, 0 changed, 1 absent of 1')
    expect(existsSync(trace)).toBe(false)
    rmSync(folder, { recursive: true })
  })

  it('checks the tuning as far as it can see', async () => {
    const found = (await json('checks')) as { check: string; result: string }[]
    expect(found.length).toBeGreaterThan(10)
    expect(found.find((it) => it.check === 'main thread')?.result).not.toBe('unknown')
    expect(found.find((it) => it.check === 'buffers in use')?.result).toBe('unknown')
    expect(lines((await run('checks')).stdout)[0]).toMatch(/^(good|look|bad) +main thread/)
  })

  it('tells all commands in its help, each with examples', async () => {
    const { stdout, status } = await vppTs(['--help'])
    expect(status).toBe(0)
    const names = [...stdout.matchAll(/^ {2}([a-z]+)\b(?= \[|  | <)/gm)].map(([, name]) => name ?? '')
    const commands = names.filter((name) => name !== 'help' && name !== 'vpp')
    expect(commands).toEqual(
      expect.arrayContaining([
        'info',
        'call',
        'dump',
        'watch',
        'cli',
        'messages',
        'show',
        'compat',
        'checks',
        'ping',
        'trace',
        'completion',
      ]),
    )
    for (const name of commands.filter((it) => it !== 'info')) {
      const help = await vppTs([name, '--help'])
      expect(help.status, name).toBe(0)
      expect(help.stdout, name).toMatch(/Examples:\n {2}/)
    }
  })
})
