import { IfStatusFlags, RxMode } from '@vpp-ts/binapi-interface-types'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it, vi } from 'vitest'
import { items, managedAlone } from './managed.ts'

const NIC = 'GigabitEthernet3/0/0'
const REF = { kind: 'interface', key: NIC }
const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP
const PATIENCE = { timeout: 20_000, interval: 20 }

function withNic() {
  return Simulator.start({ hardware: [{ name: NIC, rxQueues: 2 }] })
}

describe('a network card', () => {
  it('has the rx mode and the placement that an item declares, and keeps them when that is deleted', async () => {
    await using vpp = await withNic()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    const client = new InterfaceClient(instance.connection)
    const queues = async () => {
      const list = await client.swInterfaceRxPlacementDump({ swIfIndex: 0xffff_ffff }).toArray()
      return list.map(({ queueId, workerId, mode }) => ({ queueId, workerId, mode }))
    }
    const nic = { kind: 'interface', type: 'existing', name: NIC, enabled: true } as const
    vpp.model.hardware.workers = 2
    const rxPlacement = [{ queue: 0, worker: 1 }]
    await instance.put(items({ ...nic, rxMode: 'adaptive', rxPlacement }))
    await instance.settled()
    expect(instance.status(REF)).toMatchObject({ state: 'applied' })
    expect(new Set((await queues()).map(({ mode }) => mode))).toEqual(new Set([RxMode.RX_MODE_API_ADAPTIVE]))
    // Workers are counted from 0 in an item, threads in what VPP reports, and the main thread is the first.
    expect((await queues())[0]).toMatchObject({ queueId: 0, workerId: 2 })
    // Somebody else changes it: that is drift, and repaired.
    const swIfIndex = vpp.model.interfaces.byName(NIC)?.swIfIndex ?? 0
    await client.swInterfaceSetRxMode({ swIfIndex, mode: RxMode.RX_MODE_API_POLLING })
    expect(await instance.resync()).toMatchObject({ applied: 1 })
    expect((await queues())[0]?.mode).toBe(RxMode.RX_MODE_API_ADAPTIVE)
    expect(await instance.resync()).toMatchObject({ applied: 0 })
    await instance.delete([REF])
    await instance.settled()
    expect((await queues())[0]?.mode).toBe(RxMode.RX_MODE_API_ADAPTIVE)
  })

  it('tells both states of its link, whatever VPP says of one', async () => {
    await using vpp = await withNic()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    await using stranger = {
      connection: await VppConnection.connect(vpp.path),
      [Symbol.asyncDispose]() {
        return this.connection.close()
      },
    }
    const client = new InterfaceClient(stranger.connection)
    const swIfIndex = vpp.model.interfaces.byName(NIC)?.swIfIndex ?? 0
    await instance.settled()
    const told = () =>
      instance.events
        .after()
        .flatMap(({ event }) =>
          event.type === 'link' && event.interface === NIC ? [`${event.adminUp} ${event.linkUp}`] : [],
        )
    const becomes = async (state: string): Promise<void> => {
      await vi.waitFor(() => expect(told().at(-1)).toBe(state), PATIENCE)
    }
    await client.swInterfaceSetFlags({ swIfIndex, flags: UP })
    await becomes('true true')
    await instance.resync()
    vpp.requests.clear()
    vpp.model.interfaces.setLinkUp(swIfIndex, false)
    await becomes('true false')
    vpp.model.interfaces.setLinkUp(swIfIndex, true)
    await becomes('true true')
    // Only what went down is unclear, and only that is asked for: one interface, once.
    expect(vpp.requests.count('sw_interface_dump')).toBe(1)
    await client.swInterfaceSetFlags({ swIfIndex, flags: 0 })
    await becomes('false true')
  })
})

describe('drift', () => {
  it('is only told where it is not to be repaired, until an item says the same again', async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path, { drift: 'report', resyncInterval: 1000 })
    const { instance } = managed
    const lan = { kind: 'interface', type: 'loopback', name: 'lan' } as const
    await instance.put(items({ ...lan, mtu: 1400 }))
    await instance.settled()
    const client = new InterfaceClient(instance.connection)
    const loopback = [...vpp.model.interfaces].find(({ name }) => name === 'loop0')
    const swIfIndex = loopback?.swIfIndex ?? 0
    await client.swInterfaceSetMtu({ swIfIndex, mtu: [1200, 0, 0, 0] })
    await vi.waitFor(
      () =>
        expect(instance.status({ kind: 'interface', key: 'lan' })).toMatchObject({
          state: 'drifted',
          error: { code: 'DRIFT' },
        }),
      PATIENCE,
    )
    expect(loopback?.mtu[0]).toBe(1200)
    const drifts = instance.events.after().filter(({ event }) => event.type === 'drift')
    expect(drifts.map(({ event }) => event)).toMatchObject([{ item: { key: 'lan' }, repaired: false }])
    // A change of the item is a wish of now.
    await instance.put(items({ ...lan, mtu: 1300 }))
    await instance.settled()
    expect(instance.status({ kind: 'interface', key: 'lan' })).toMatchObject({ state: 'applied' })
    expect(loopback?.mtu[0]).toBe(1300)
  })
})

describe('a sub-interface with two tags', () => {
  it("that carries the agent's tag is removed as a sub-interface, and holds nothing up", async () => {
    await using vpp = await withNic()
    const connection = await VppConnection.connect(vpp.path)
    const client = new InterfaceClient(connection)
    const parent = vpp.model.interfaces.byName(NIC)?.swIfIndex ?? 0
    const { swIfIndex } = await client.createSubif({
      swIfIndex: parent,
      subId: 7,
      subIfFlags: 2 | 4,
      outerVlanId: 7,
      innerVlanId: 8,
    })
    await client.swInterfaceTagAddDel({ isAdd: true, swIfIndex, tag: 'vpp-ts-agent/0/odd' })
    await connection.close()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    await instance.put(items({ kind: 'route', prefix: '10.0.0.0/8', drop: true }))
    await instance.settled()
    expect(instance.statuses().map(({ state }) => state)).toEqual(['applied'])
    await vi.waitFor(() => expect(vpp.model.interfaces.byName(`${NIC}.7`)).toBeUndefined(), PATIENCE)
    expect(vpp.model.interfaces.byName(NIC)).toBeDefined()
  })
})
