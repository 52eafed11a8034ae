import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lines, vppTs } from '../cli/command.ts'
import { build } from '../linux/child.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

let folder: string
let trace: string
const running: VppProcess[] = []

async function start(): Promise<string> {
  if (vppBinary === undefined) throw new Error('no real VPP: set VPP_BINARY and VPP_PLUGIN_PATH')
  const vpp = await VppProcess.start(vppBinary, vppPlugins)
  running.push(vpp)
  return vpp.apiSocket
}

const run = (socket: string, ...args: string[]) => vppTs(args, { env: { VPP_API_SOCKET: socket } })
async function ok(socket: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(socket, ...args)
  expect([args.join(' '), status, stderr]).toEqual([args.join(' '), 0, ''])
  return stdout
}

describe('a trace that VPP itself has saved', () => {
  let first: string
  beforeAll(async () => {
    build('cli')
    folder = await mkdtemp(join(tmpdir(), 'vpp-ts-trace-'))
    trace = join(folder, 'api.trace')
    first = await start()
    await ok(first, 'cli', 'api', 'trace', 'on')
    await ok(first, 'call', 'create_loopback_instance', 'is_specified=true', 'user_instance=7')
    await ok(first, 'call', 'sw_interface_set_flags', 'sw_if_index=1', 'flags=admin_up')
    await ok(
      first,
      'call',
      'sw_interface_add_del_address',
      'is_add=true',
      'sw_if_index=1',
      'prefix=192.0.2.1/24',
    )
    await run(first, 'call', 'delete_loopback', 'sw_if_index=99')
    // VPP takes a name, not a path, and writes to /tmp.
    const name = `vpp-ts-${randomUUID()}`
    await ok(first, 'cli', 'api', 'trace', 'save', name)
    await copyFile(join('/tmp', name), trace)
    await rm(join('/tmp', name))
  }, 240_000)
  afterAll(async () => {
    for (const vpp of running) await vpp[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  it('is printed, with every field', async () => {
    const printed = lines(await ok(first, 'trace', trace))
    expect(printed.find((line) => line.includes(' create_loopback_instance '))).toMatch(
      /is_specified=true user_instance=7/,
    )
    expect(printed.find((line) => line.includes(' sw_interface_add_del_address '))).toMatch(
      /sw_if_index=1 is_add=true del_all=false prefix=192\.0\.2\.1\/24/,
    )
    const rows = JSON.parse(await ok(first, 'trace', trace, '-o', 'json')) as {
      message: string
      problem?: string
    }[]
    expect(rows.filter(({ problem }) => problem !== undefined)).toEqual([])
  })

  it('is replayed on another VPP, which then has the same', async () => {
    const second = await start()
    const { status, stdout, stderr } = await run(second, 'trace', trace, '--replay')
    expect(stdout).toMatch(/sw_interface_add_del_address: done/)
    expect(stdout).toMatch(/delete_loopback: failed \(.*INVALID_SW_IF_INDEX/)
    expect(stderr).toMatch(/1 of \d+ messages failed/)
    expect(status).toBe(1)
    const interfaces = (socket: string) =>
      ok(socket, 'dump', 'sw_interface_dump', '-f', 'sw_if_index,interface_name,flags')
    expect(await interfaces(second)).toBe(await interfaces(first))
    const addresses = (socket: string) =>
      ok(socket, 'dump', 'ip_address_dump', 'sw_if_index=1', 'is_ipv6=false')
    expect(await addresses(second)).toBe(await addresses(first))
  })
})
