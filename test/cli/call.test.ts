import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, vppTs } from './command.ts'

let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
})
afterAll(() => simulator.close())
beforeEach(() => {
  simulator.requests.clear()
})

const run = (args: readonly string[], input?: string) =>
  vppTs(['--socket', simulator.path, ...args], input === undefined ? {} : { input })
const lastRequest = (message: string) => simulator.requests.of(message).at(-1)?.request

describe('vpp-ts call', () => {
  it('prints the fields of the reply', async () => {
    const { stdout, status } = await run(['call', 'show_version'])
    expect(status).toBe(0)
    expect(lines(stdout)).toContain('program          vpe')
  })

  it('sets nested fields by path, in either spelling of their names', async () => {
    const args = ['isAdd=yes', 'route.prefix=10.1.0.0/16', 'route.paths[0].weight=0x10', 'route.table_id=0']
    const { status, stderr } = await run(['call', 'ip_route_add_del', ...args, 'route.paths[0].swIfIndex=~0'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(lastRequest('ip_route_add_del')).toMatchObject({
      isAdd: true,
      route: { prefix: '10.1.0.0/16', paths: [{ weight: 16, swIfIndex: 0xffff_ffff }] },
    })
  })

  it('takes interfaces by name and enum members by their end', async () => {
    await run(['call', 'create_loopback', 'mac_address=02:00:00:00:00:0a'])
    const { stdout } = await run(['dump', 'sw_interface_dump', '-o', 'json'])
    const loopback = (JSON.parse(stdout) as { interface_name: string; sw_if_index: number }[]).find((it) =>
      it.interface_name.startsWith('loop'),
    )
    const name = loopback?.interface_name ?? ''
    expect(
      (await run(['call', 'sw_interface_set_flags', `sw_if_index=${name}`, 'flags=admin_up'])).status,
    ).toBe(0)
    expect(lastRequest('sw_interface_set_flags')).toMatchObject({
      swIfIndex: loopback?.sw_if_index,
      flags: 1,
    })
    const unknown = await run(['call', 'sw_interface_set_flags', `sw_if_index=${name}x`])
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toContain(name)
  })

  it('reads JSON from stdin: one object, a list, or one a line, with fields that count for each', async () => {
    const table = (id: number) => ({ table: { table_id: id, is_ip6: false, name: 't' } })
    for (const input of [
      JSON.stringify([table(7), table(8)], undefined, 2),
      `${JSON.stringify(table(9))}\n\n${JSON.stringify(table(10))}\n`,
      JSON.stringify(table(11)),
    ]) {
      const { status, stderr } = await run(['call', 'ip_table_add_del', 'is_add=true', '-'], input)
      expect([status, stderr]).toEqual([0, ''])
    }
    const made = simulator.requests.of('ip_table_add_del').map(({ request }) => request)
    expect(made).toHaveLength(5)
    expect(made[4]).toMatchObject({ isAdd: true, table: { tableId: 11, name: 't' } })
    expect((await run(['call', 'ip_table_add_del', '-'], '{"is_add":\nnonsense')).stderr).toMatch(
      /line 1 .*not JSON/,
    )
    expect((await run(['call', 'ip_table_add_del', '-'], '[7]')).status).toBe(2)
  })

  it('prints JSON that is a request again', async () => {
    const { stdout } = await run(['call', 'show_version', '-o', 'ndjson'])
    expect(JSON.parse(stdout)).toMatchObject({ retval: 0, build_directory: '/build/vpp' })
    expect(lines(stdout)).toHaveLength(1)
  })

  it('takes addresses in short, as bindings do, and words for all bits', async () => {
    const asked = simulator.requests.next('ip_route_add_del')
    const { status, stderr } = await run([
      ...['call', 'ip_route_add_del', 'is_add=true', 'route.prefix=10.3.0.0/16'],
      ...[
        'route.paths[0].nh.address=192.0.2.9',
        'route.paths[0].sw_if_index=none',
        'route.paths[0].table_id=0',
      ],
    ])
    expect([status, stderr]).toEqual([0, ''])
    expect((await asked).request).toMatchObject({
      route: { paths: [{ nh: { address: { ip4: '192.0.2.9' } }, swIfIndex: 0xffffffff }] },
    })
  })

  it('takes the newest version of a message', async () => {
    const { status } = await run([
      'call',
      '--newest',
      'ip_route_add_del',
      'is_add=true',
      'route.prefix=10.2.0.0/16',
      'route.paths[0].type=drop',
      'route.paths[0].sw_if_index=none',
    ])
    expect(status).toBe(0)
    expect(simulator.requests.count('ip_route_add_del_v2')).toBe(1)
  })

  it('takes keys as wg prints them', async () => {
    const key = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
    const { status, stderr } = await run([
      ...['call', 'wireguard_peer_add', 'peer.sw_if_index=1', `peer.public_key=${key}`],
    ])
    expect(stderr).not.toContain('public_key')
    expect([0, 1]).toContain(status)
    expect(lastRequest('wireguard_peer_add')).toMatchObject({
      peer: { publicKey: new Uint8Array(Buffer.from(key, 'base64')) },
    })
  })

  it('says that VPP refused, with exit code 1, and that is_add was left out', async () => {
    const wrong = await run(['call', 'delete_loopback', 'sw_if_index=99'])
    expect(wrong.status).toBe(1)
    expect(wrong.stderr).toContain('delete_loopback: INVALID_SW_IF_INDEX (-2)')
    const removed = await run(['call', 'ip_table_add_del', 'table.table_id=4711'])
    simulator.on('ip_table_add_del', () => ({ retval: -6 }))
    const hinted = await run(['call', 'ip_table_add_del', 'table.table_id=4711', 'isAdd=false'])
    expect(hinted.stderr).not.toContain('is_add=true adds')
    expect(removed.stderr.includes('is_add=true adds')).toBe(removed.status === 1)
  })

  it.each([
    [['call', 'create_loopbak'], /did you mean 'create_loopback'/],
    [['call', 'create_loopback', 'mac'], /'mac' is not of the form FIELD=VALUE/],
    [['call', 'create_loopback', 'mac_adress=1'], /did you mean mac_address\?/],
    [['call', 'create_loopback', 'mac_address=1'], /expected .*MAC address/i],
    [['call', 'ip_route_add_del', 'route=1'], /route is a ip_route and has fields/],
    [['call', 'ip_route_add_del', 'route.paths.weight=1'], /name one of its elements: route\.paths\[0\]/],
    [['call', 'ip_route_add_del', 'route.paths[1].weight=1'], /route\.paths\[0\] is not set/],
    [
      ['call', 'ip_route_add_del', 'route.paths[0].sw_if_index=none', 'route.paths[0].weight=256'],
      /0 to 255, received 256/,
    ],
    [['call', 'delete_loopback'], /swIfIndex: expected an interface index \(NONE where none is meant/],
    [['call', 'ip_route_add_del', 'is_add[0]=1'], /is_add is not a list/],
    [['call', 'ip_route_add_del', 'is_add=maybe'], /expected true or false/],
    [['call', 'ip_route_add_del', 'route.table_id=x'], /expected a whole number/],
    [['call', 'sw_interface_set_flags', 'flags=ADMIN'], /IF_STATUS_API_FLAG_ADMIN_UP/],
    [['call', 'sw_interface_dump'], /use dump/],
    [['call', 'sw_interface_details'], /VPP sends it after sw_interface_dump/],
    [['dump', 'show_version'], /use call/],
    [['nonsense'], /unknown command/],
    [['--output', 'xml', 'info'], /Allowed choices/],
    [['call', 'show_version', '--timeout', '0'], /must be a number of seconds/],
  ])('refuses %j with exit code 2 and a reason', async (args, reason) => {
    const { status, stderr, stdout } = await run(args)
    expect(stderr).toMatch(reason)
    expect(status).toBe(2)
    expect(stdout).toBe('')
  })
})
