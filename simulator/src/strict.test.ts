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
      message: 'policer_input_v2',
      effect: { kind: 'reply-as', name: 'policer_input_reply' },
    })
    client.send('policer_input_v2')
    expect(client.decode('policer_input_reply', await client.raw.next())).toMatchObject({ retval: -9 })
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
