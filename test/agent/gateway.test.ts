import { Simulator, addLoopback } from '@vpp-ts/simulator'
import { describe, expect, it, vi } from 'vitest'
import { Gateway, LAN, gateway } from './gateway.ts'

describe('kinds of gateways, on the simulator', () => {
  gateway(() => Simulator.start())
})

describe('an address from DHCP', () => {
  const LEASE = { address: '203.0.113.5/24', router: '203.0.113.1', servers: ['203.0.113.53'] }

  it('is shown, belongs to VPP, and is never removed by the agent', async () => {
    await using vpp = await Simulator.start()
    await using it = await Gateway.on(vpp.path)
    await it.put(LAN, { kind: 'dhcp-client', interface: 'lan', hostname: 'edge' })
    const swIfIndex = await it.index('lan')
    const addresses = (): string[] => [...(vpp.model.interfaces.find(swIfIndex)?.addresses ?? [])].sort()
    vpp.model.dhcp.grant(swIfIndex, LEASE)
    await it.isQuiet()
    expect(addresses()).toEqual(['192.0.2.1/24', '203.0.113.5/24'])
    expect(await it.actual('dhcp-client')).toMatchObject([
      {
        owned: true,
        value: {
          lease: {
            state: 'bound',
            address: '203.0.113.5/24',
            router: '203.0.113.1',
            domainServers: ['203.0.113.53'],
          },
        },
      },
    ])
    const leased = (await it.actual('address')).find(({ key }) => key === 'lan/203.0.113.5/24')
    expect(leased).toMatchObject({ owned: false })
    // A change of the item's addresses, or of other fields, leaves it.
    await it.put({ ...LAN, addresses: ['192.0.2.2/24'], mtu: 1400 } as typeof LAN)
    expect(addresses()).toEqual(['192.0.2.2/24', '203.0.113.5/24'])
    // One that an item declares as well is the server's.
    const states = await it.put({ ...LAN, addresses: ['203.0.113.5/24'] } as typeof LAN)
    expect(states['interface lan']).toBe('blocked: FOREIGN')
    await it.put(LAN)
    expect(addresses()).toEqual(['192.0.2.1/24', '203.0.113.5/24'])
    await it.delete({ kind: 'dhcp-client', interface: 'lan' })
    expect(addresses()).toEqual(['192.0.2.1/24'])
    await it.isQuiet()
  })

  it('is gone with its interface, and the client is made again on the new one', async () => {
    await using vpp = await Simulator.start()
    await using it = await Gateway.on(vpp.path)
    await it.put(LAN, { kind: 'dhcp-client', interface: 'lan' })
    const before = await it.index('lan')
    vpp.model.dhcp.grant(before, LEASE)
    vpp.model.interfaces.delete(before)
    await vi.waitFor(async () => {
      await it.settled()
      expect(it.instance.status({ kind: 'dhcp-client', key: 'lan' })).toMatchObject({ state: 'applied' })
      expect([...vpp.model.dhcp].map(({ lease }) => lease)).toEqual([undefined])
    })
    await it.isQuiet()
  })

  it('is asked for again on a sub-interface that comes back with another index, and no longer on the old one', async () => {
    await using vpp = await Simulator.start()
    await using it = await Gateway.on(vpp.path)
    const sub = { kind: 'interface', type: 'vlan', name: 'lan.5', parent: 'lan', vlan: 5 } as const
    await it.put(LAN, sub, { kind: 'dhcp-client', interface: 'lan.5' })
    const before = await it.index('lan.5')
    const { interfaces } = vpp.model
    interfaces.delete(before)
    // Somebody else gets the index, with the client that VPP has kept there.
    expect(addLoopback(interfaces, { instance: 90 }).swIfIndex).toBe(before)
    await vi.waitFor(async () => {
      await it.settled()
      expect(it.instance.status({ kind: 'dhcp-client', key: 'lan.5' })).toMatchObject({ state: 'applied' })
    })
    await it.instance.resync()
    const index = await it.index('lan.5')
    expect(index).not.toBe(before)
    expect([...vpp.model.dhcp].map(({ config }) => config.swIfIndex)).toEqual([index])
    await it.isQuiet()
  })
})

describe('a session of PPPoE', () => {
  const mac = '02:00:00:00:00:31'
  const session = { kind: 'pppoe-session', mac, session: 7, address: '198.51.100.7' } as const

  it('is made once its client was heard, changes by another one, and goes', async () => {
    await using vpp = await Simulator.start()
    await using it = await Gateway.on(vpp.path)
    const states = await it.put(LAN, session)
    expect(states[`pppoe-session ${mac}/7`]).toBe('failed: VPP_API_ERROR')
    vpp.model.pppoe.hear(mac, await it.index('lan'))
    await vi.waitFor(
      () =>
        expect(it.instance.status({ kind: 'pppoe-session', key: `${mac}/7` })).toMatchObject({
          state: 'applied',
        }),
      { timeout: 10_000 },
    )
    await it.isQuiet()
    await it.put({ ...session, address: '198.51.100.8', table: 10 })
    await it.isQuiet()
    expect([...vpp.model.pppoe.sessions()]).toMatchObject([{ address: '198.51.100.8', tableId: 10 }])
    await it.delete(session)
    expect([...vpp.model.pppoe.sessions()]).toEqual([])
    await it.isQuiet()
  })

  it('of somebody else blocks the item, and stays as it is', async () => {
    await using vpp = await Simulator.start()
    await using it = await Gateway.on(vpp.path)
    await it.put(LAN)
    vpp.model.pppoe.hear(mac, await it.index('lan'))
    vpp.model.pppoe.add({ mac, sessionId: 7, address: '198.51.100.9', tableId: 0 })
    await it.instance.resync()
    expect(await it.put(session)).toMatchObject({ [`pppoe-session ${mac}/7`]: 'blocked: FOREIGN' })
    await it.delete(session)
    expect([...vpp.model.pppoe.sessions()]).toMatchObject([{ address: '198.51.100.9' }])
  })
})
