import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MISNAMED_REPLIES, UNANSWERED } from './faults/misnamed.ts'
import { DANGEROUS } from './server/strict.ts'
import { Simulator } from './simulator.ts'
import { CallingClient, newestRelease } from './testing/calling-client.ts'
import { RawClient } from './testing/raw-client.ts'

let simulator: Simulator
let client: CallingClient
beforeEach(async () => {
  simulator = await Simulator.start({ strict: true, longestBacklog: 1 << 20 })
  client = await CallingClient.connect(simulator.path)
})
afterEach(() => client[Symbol.asyncDispose]())

function seen(): string[] {
  return simulator.strict.violations.map(({ what }) => what)
}

describe('strict mode', () => {
  it('has nothing to say about ordinary clients', async () => {
    await client.call('create_loopback')
    expect(await client.retval('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })).toBe(0)
    const path = { swIfIndex: 1, proto: 0, weight: 1 }
    await client.call('ip_route_add_del', { isAdd: true, route: { prefix: '10.0.0.0/8', paths: [path] } })
    await client.call('sockclnt_delete', { index: client.raw.clientIndex })
    await simulator.close()
    expect(seen()).toEqual([])
  })

  it('fails when a request would have crashed VPP, with the reason', async () => {
    const path = { type: 4, swIfIndex: 0xffff_ffff, weight: 1 }
    await client.call('ip_route_add_del', { isAdd: true, route: { prefix: '10.0.0.0/8', paths: [path] } })
    await client.call('memif_create_v2', { mode: 2, ringSize: 1024 })
    await client.call('l2_patch_add_del', { isAdd: false })
    await client.call('create_loopback')
    const linkLocal = { isAdd: false, swIfIndex: 1, prefix: 'fe80::1/128' }
    expect(await client.retval('sw_interface_add_del_address', linkLocal)).toBe(-60)
    expect(seen()).toEqual([
      'ip_route_add_del',
      'memif_create_v2',
      'l2_patch_add_del',
      'sw_interface_add_del_address',
    ])
    await expect(simulator.close()).rejects.toMatchObject({
      code: 'SIMULATOR_VIOLATION',
      message: expect.stringContaining('client 1, ip_route_add_del: VPP crashes on a BIER path') as unknown,
    })
  })

  it('knows what VPP does not bear of policers, ABF and proxies, and lets the rest pass', async () => {
    await client.call('create_loopback')
    await client.call('policer_add', { name: 'p', infos: { cir: 100, cb: 1000n } })
    const policer = { policerIndex: 0, swIfIndex: 1 }
    await client.retval('policer_output', { name: 'p', swIfIndex: 1, apply: false })
    expect(seen()).toEqual(['policer_output'])
    client.send('policer_input_v2', { ...policer, apply: true })
    client.send('policer_input_v2', { ...policer, apply: false })
    client.send('policer_input_v2', { ...policer, swIfIndex: 9, apply: false })
    await client.raw.untilPing()
    expect(seen()).toHaveLength(1)

    const path = { swIfIndex: 1, proto: 0, weight: 1, nh: { address: { ip4: '192.0.2.2' } } }
    const policy = { policyId: 7, aclIndex: 0, nPaths: 1, paths: [path] }
    const attach = (isAdd: boolean, policyId: number, isIpv6 = false): Promise<unknown> =>
      client.retval('abf_itf_attach_add_del', { isAdd, attach: { policyId, swIfIndex: 1, isIpv6 } })
    expect(await client.retval('abf_policy_add_del', { isAdd: true, policy })).toBe(0)
    expect(await attach(true, 7)).toBe(0)
    expect(seen()).toHaveLength(1)
    await client.retval('abf_policy_add_del', { isAdd: true, policy })
    await attach(true, 8)
    await attach(false, 7, true)
    await attach(true, 7)
    await client.retval('abf_policy_add_del', { isAdd: false, policy })
    expect(seen().slice(1)).toEqual([
      'abf_policy_add_del',
      'abf_itf_attach_add_del',
      'abf_itf_attach_add_del',
      'abf_policy_add_del',
    ])

    const answer = { isAdd: true, swIfIndex: 1, ip: '2001:db8::7' }
    expect(await client.retval('ip6nd_proxy_enable_disable', { swIfIndex: 1, isEnable: true })).toBe(0)
    expect(await client.retval('ip6nd_proxy_add_del', answer)).toBe(0)
    expect(seen()).toHaveLength(5)
    await client.retval('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })
    await client.retval('ip6nd_proxy_add_del', answer)
    expect(seen()).toHaveLength(6)
    await expect(simulator.close()).rejects.toMatchObject({ code: 'SIMULATOR_VIOLATION' })
  })

  it('knows that a BVI needs a MAC address', async () => {
    await client.call('create_loopback')
    const ends = { src: '10.0.0.1', dst: '10.0.0.2' }
    await client.call('gre_tunnel_add_del', { isAdd: true, tunnel: { instance: 0xffff_ffff, ...ends } })
    await client.call('bridge_domain_add_del_v2', { isAdd: true, bdId: 5 })
    const bvi = { bdId: 5, portType: 1, enable: true }
    await client.retval('sw_interface_set_l2_bridge', { ...bvi, rxSwIfIndex: 1 })
    await client.call('create_vlan_subif', { swIfIndex: 1, vlanId: 5 })
    await client.retval('sw_interface_set_l2_bridge', { ...bvi, bdId: 6, rxSwIfIndex: 3 })
    expect(seen()).toEqual([])
    await client.retval('sw_interface_set_l2_bridge', { ...bvi, rxSwIfIndex: 2 })
    expect(seen()).toEqual(['sw_interface_set_l2_bridge'])
    await expect(simulator.close()).rejects.toMatchObject({ code: 'SIMULATOR_VIOLATION' })
  })

  it('knows requests by names that VPP has', () => {
    const { schema } = newestRelease()
    const names = [...Object.keys(DANGEROUS), ...Object.entries(MISNAMED_REPLIES).flat(), ...UNANSWERED]
    expect(names.filter((name) => !schema.has(name))).toEqual([])
  })

  it('notes frames that are too long, and clients that do not read', async () => {
    const long = await RawClient.open(simulator.path)
    const header = Buffer.alloc(16)
    header.writeUInt32BE(0xffff_fff0, 8)
    long.write(header)
    await long.closed()
    expect(seen()).toEqual(['frame'])
    await using deaf = await CallingClient.connect(simulator.path)
    deaf.raw.socket.pause()
    for (let i = 0; i < 20; i++) deaf.send('get_api_json')
    while (seen().length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(seen()).toEqual(['frame', 'backlog'])
    await expect(simulator.close()).rejects.toMatchObject({ code: 'SIMULATOR_VIOLATION' })
  })

  it('counts closes without a word', async () => {
    for (let i = 0; i < 16; i++) await (await CallingClient.connect(simulator.path))[Symbol.asyncDispose]()
    while (simulator.clients.length > 1) await new Promise((resolve) => setImmediate(resolve))
    expect(seen()).toEqual(['close'])
    await expect(simulator.close()).rejects.toThrow(/sixteen closes/)
  })
})

describe('faults of VPP itself', () => {
  it('answer under the name of another reply', async () => {
    simulator.faults.add({
      message: 'policer_input',
      effect: { kind: 'reply-as', name: 'policer_output_reply' },
    })
    for (const [request, reply] of [
      ['policer_input', 'policer_output_reply'],
      ['policer_input_v2', 'policer_input_reply'],
    ] as const) {
      client.send(request, { swIfIndex: 0 })
      expect(client.decode(reply, await client.raw.next())).toMatchObject({ retval: -6 })
    }
    await simulator.close()
  })

  it('put five bytes into the stream', async () => {
    simulator.faults.add({ message: 'show_version', effect: { kind: 'fdmsg' } })
    const chunks: Buffer[] = []
    client.raw.socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.send('show_version')
    while (chunks.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe('fdmsg')
    await simulator.close()
  })

  it('crash VPP: nobody answers until it is started again', async () => {
    simulator.faults.add({ message: 'show_version', times: 1, effect: { kind: 'crash' } })
    client.send('show_version')
    await client.raw.closed()
    await expect(RawClient.open(simulator.path)).rejects.toThrow(/ECONNREFUSED/)
    await simulator.restart()
    await using next = await CallingClient.connect(simulator.path)
    expect(await next.retval('show_version')).toBe(0)
    await simulator.close()
  })
})
