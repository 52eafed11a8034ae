import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import { comparable } from '../simulator/play.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

type Fields = Record<string, unknown>

/** The reply to a request, whatever its name: VPP answers some under that of another. */
async function answer(client: CallingClient, message: string, fields: Fields): Promise<unknown> {
  client.send(message, fields)
  const body = await client.raw.next()
  return client.decode(client.nameOf(body), body)
}

/** Sessions that VPP makes from packets of its generator, and the simulator when it is told of them. */
describe('sessions of translations are dumped alike', () => {
  let vpp: VppProcess
  let simulator: Simulator
  let real: CallingClient
  let simulated: CallingClient

  beforeAll(async () => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP to start')
    vpp = await VppProcess.start(vppBinary, vppPlugins)
    simulator = await Simulator.start()
    real = await CallingClient.connect(vpp.apiSocket)
    simulated = await CallingClient.connect(simulator.path)
    // Two interfaces: inside and outside, where a neighbour answers for what packets go to.
    for (const swIfIndex of [1, 2]) {
      await both('create_loopback')
      await both('sw_interface_set_flags', { swIfIndex, flags: 1 })
    }
    await both('sw_interface_add_del_address', { swIfIndex: 1, isAdd: true, prefix: '10.0.0.1/24' })
    await both('sw_interface_add_del_address', { swIfIndex: 1, isAdd: true, prefix: '2001:db8::1/64' })
    await both('sw_interface_add_del_address', { swIfIndex: 2, isAdd: true, prefix: '198.51.100.1/24' })
    for (const ipAddress of ['198.51.100.8', '198.51.100.9']) {
      const neighbor = { swIfIndex: 2, macAddress: '02:00:00:00:00:09', ipAddress }
      await both('ip_neighbor_add_del', { isAdd: true, neighbor })
    }
  })

  afterAll(async () => {
    for (const it of [real, simulated]) await it[Symbol.asyncDispose]()
    await simulator.close()
    await vpp[Symbol.asyncDispose]()
  })

  async function both(message: string, fields: Fields = {}): Promise<void> {
    const [of, like] = [await answer(real, message, fields), await answer(simulated, message, fields)]
    expect({ message, reply: comparable(like) }).toEqual({ message, reply: comparable(of) })
  }

  /** What both dump but for the clock; it has to be the same. */
  async function bothDump(message: string, fields: Fields = {}): Promise<Fields[]> {
    const [of, like] = await Promise.all(
      [real, simulated].map(async (client) =>
        (await client.dump(message, fields)).map(({ expire: _clock, ...rest }) => rest),
      ),
    )
    expect({ message, details: like }).toEqual({ message, details: of })
    return of ?? []
  }

  /** Has a packet come in on the inside interface, and waits until VPP has handled it. */
  async function receive(node: string, data: string): Promise<void> {
    const stream = `{ name s limit 1 size 64-64 interface loop0 node ${node} data { ${data} } }`
    for (const cmd of [`packet-generator new ${stream}`, 'packet-generator enable-stream s']) {
      expect(await real.call('cli_inband', { cmd })).toMatchObject({ retval: 0 })
    }
    await expect
      .poll(async () => String((await real.call('cli_inband', { cmd: 'show packet-generator' }))['reply']))
      .toMatch(/^s +No +1 /m)
    await real.call('cli_inband', { cmd: 'packet-generator delete s' })
  }

  it('of DET44, and closed alike', async () => {
    const map = { inAddr: '10.0.0.0', inPlen: 24, outAddr: '192.0.2.64', outPlen: 30 }
    await both('det44_plugin_enable_disable', { enable: true })
    await both('det44_interface_add_del_feature', { isAdd: true, isInside: true, swIfIndex: 1 })
    await both('det44_interface_add_del_feature', { isAdd: true, isInside: false, swIfIndex: 2 })
    await both('det44_add_del_map', { isAdd: true, ...map })
    const flow = { inAddr: '10.0.0.7', extAddr: '198.51.100.9', extPort: 53 }
    for (const inPort of [1234, 5000, 1234 + 1008]) {
      await receive(
        'ip4-input',
        `UDP: 10.0.0.7 -> 198.51.100.9 UDP: ${inPort} -> 53 length 44 checksum 0 incrementing 8`,
      )
      simulator.model.det44.open({ ...flow, inPort })
    }
    const user = { userAddr: '10.0.0.7' }
    expect(await bothDump('det44_session_dump', user)).toHaveLength(3)
    await bothDump('det44_map_dump')
    await both('det44_close_session_in', { ...flow, inPort: 1234 })
    expect(await bothDump('det44_session_dump', user)).toHaveLength(2)
    // The next session takes its slot.
    const other = { ...flow, extAddr: '198.51.100.8' }
    await receive('ip4-input', `UDP: 10.0.0.7 -> 198.51.100.8 UDP: 77 -> 53 incrementing 8`)
    const { outPort } = simulator.model.det44.open({ ...other, inPort: 77 })
    expect(await bothDump('det44_session_dump', user)).toHaveLength(3)
    // VPP looks for the external address, and finds a session only where its last bits are those of the inside one.
    for (const { extAddr, port } of [
      { extAddr: '198.51.100.9', port: 9048 },
      { extAddr: '198.51.100.8', port: outPort },
    ]) {
      const closed = { outAddr: '192.0.2.64', outPort: port, extAddr, extPort: 53 }
      await both('det44_close_session_out', closed)
    }
    expect(await bothDump('det44_session_dump', user)).toHaveLength(2)
    await both('det44_add_del_map', { isAdd: false, ...map })
    expect(await bothDump('det44_session_dump', user)).toEqual([])
  })

  it('of NAT64, with what they are bound to', async () => {
    const pool = { startAddr: '192.0.2.10', endAddr: '192.0.2.10', vrfId: 0xffff_ffff }
    await both('nat64_plugin_enable_disable', { enable: true })
    await both('nat64_add_del_interface', { isAdd: true, flags: 0x20, swIfIndex: 1 })
    await both('nat64_add_del_interface', { isAdd: true, flags: 0x10, swIfIndex: 2 })
    await both('nat64_add_del_pool_addr_range', { isAdd: true, ...pool })
    const fixed = { iAddr: '2001:db8::6', iPort: 80, oAddr: '192.0.2.10', oPort: 8080, proto: 17, vrfId: 0 }
    await both('nat64_add_del_static_bib', { isAdd: true, ...fixed })
    const all = { proto: 255 }
    const remote = '198.51.100.9'
    for (const [prefix, remote6] of [
      [undefined, '64:ff9b::c633:6409'],
      ['2001:db8:c0::/40', '2001:db8:c6:3364:9::'],
    ] as const) {
      if (prefix !== undefined) await both('nat64_add_del_prefix', { isAdd: true, prefix, vrfId: 0 })
      for (const [inside, insidePort, remotePort] of [
        ['2001:db8::5', 1234, 53],
        ['2001:db8::5', 1234, 54],
        ['2001:db8::6', 80, 55],
      ] as const) {
        await receive(
          'ip6-input',
          `UDP: ${inside} -> ${remote6} UDP: ${insidePort} -> ${remotePort} incrementing 8`,
        )
        // VPP chooses a port by chance.
        const bindings = await real.dump('nat64_bib_dump', all)
        const bound = bindings.find(({ iAddr, iPort }) => iAddr === inside && iPort === insidePort)
        const { oAddr, oPort } = bound as { oAddr: string; oPort: number }
        const flow = { inside, insidePort, outside: oAddr, outsidePort: oPort, vrfId: 0, proto: 17 }
        simulator.model.nat64.open({ ...flow, remote, remotePort })
      }
    }
    expect(await bothDump('nat64_st_dump', all)).toHaveLength(6)
    expect(await bothDump('nat64_bib_dump', all)).toHaveLength(2)
    await both('nat64_add_del_static_bib', { isAdd: false, ...fixed })
    expect(await bothDump('nat64_st_dump', all)).toHaveLength(4)
    await both('nat64_add_del_pool_addr_range', { isAdd: false, ...pool })
    expect(await bothDump('nat64_st_dump', all)).toEqual([])
    expect(await bothDump('nat64_bib_dump', all)).toEqual([])
  })
})
