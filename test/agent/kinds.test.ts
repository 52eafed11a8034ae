import { OBJECT_MESSAGES, keyOf, refOf } from '@vpp-ts/agent'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator, knownReleases } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { items, managedAlone, resynced } from './managed.ts'
import { stateOf } from './model-state.ts'
import { topology } from './topology.ts'

/** What the agent asks VPP for itself, whatever the kinds. */
const OF_THE_AGENT = [
  'control_ping',
  'fib_source_dump',
  'sockclnt_create',
  'want_interface_events',
  'fib_source_add',
]

/** What the topology has no place for. */
const OTHER_TRANSLATIONS = items(
  { kind: 'interface', type: 'loopback', name: 'in' },
  { kind: 'interface', type: 'loopback', name: 'out' },
  {
    kind: 'nat64',
    inside: ['in'],
    outside: ['out'],
    pools: [{ first: '192.0.2.50' }],
    prefixes: [{ prefix: '64:ff9b::/96' }],
    timeouts: { udp: 7 },
  },
  {
    kind: 'nat64-static',
    insideAddress: '2001:db8::5',
    insidePort: 80,
    outsideAddress: '192.0.2.50',
    outsidePort: 80,
  },
  { kind: 'nat66', inside: ['in'], outside: ['out'] },
  { kind: 'nat66-static', localAddress: 'fd00::5', externalAddress: '2001:db8::5' },
  { kind: 'det44', inside: ['in'], outside: ['out'], timeouts: { icmp: 7 } },
  { kind: 'det44-mapping', inside: '10.9.0.0/24', outside: '192.0.2.64/30' },
)

/** Messages that were sent to a VPP, and that no kind names. */
function unknownMessages(vpp: Simulator): string[] {
  const known = new Set([...OBJECT_MESSAGES, ...OF_THE_AGENT])
  return [...new Set([...vpp.requests].map(({ message }) => message))].filter((name) => !known.has(name))
}

describe('items of every kind', () => {
  it('are made, stay, come back after a restart of VPP, and go', async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    const all = topology('/run/vpp/test.sock', 'vppts42')
    await instance.put(all)
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect(instance.statuses()).toHaveLength(all.length)
    expect((await instance.plan()).changes).toEqual([])
    expect(vpp.model.interfaces.byName('loop7')?.tag).toMatch(/^vpp-ts-agent\/[\da-f]{8}\/seven$/)
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0, problems: [] })

    const again = resynced(instance)
    await vpp.restart()
    await again
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])

    await instance.delete(all.map(refOf))
    await instance.settled()
    expect(instance.statuses()).toEqual([])
    expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
    expect([...vpp.model.interfaces].map(({ name }) => name)).toEqual(['local0'])
    expect([...vpp.model.acls]).toEqual([])
    expect([...vpp.model.bridges].filter(({ bdId }) => bdId !== 0)).toEqual([])
    expect(vpp.model.memifs.sockets()).toHaveLength(1)
    expect([...vpp.model.neighbors]).toEqual([])
    expect(vpp.model.nat44.mappings()).toEqual([])
    const state = stateOf(vpp) as Record<string, unknown[]>
    const parts = [
      'clamps',
      'checks',
      'ranges',
      'answering',
      'macips',
      'dhcp',
      'policers',
      'policed',
      'policies',
      'attached',
      'marking',
      'recording',
      'maps',
      'relays',
      'control',
      'sessions',
      'resolving',
      'nameServers',
    ]
    expect(parts.flatMap((it) => state[it])).toEqual([])

    expect(unknownMessages(vpp)).toEqual([])
  })

  // Candidates have the messages of what they become.
  it.each(knownReleases().filter((release) => !release.includes('-')))(
    'are made and go on VPP %s',
    async (release) => {
      await using vpp = await Simulator.start({ release })
      await using managed = await managedAlone(vpp.path)
      const { instance } = managed
      const all = [...topology('/run/vpp/test.sock', 'vppts42'), ...OTHER_TRANSLATIONS]
      await instance.put(all)
      await instance.settled()
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0, problems: [] })
      expect(unknownMessages(vpp)).toEqual([])
      await instance.delete(all.map(refOf))
      await instance.settled()
      expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
    },
  )

  it('are known again and tagged when the agent died between making and tagging them', async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    const all = topology('/run/vpp/test.sock', undefined)
    await instance.put(all)
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    const before = stateOf(vpp)
    await using connection = await VppConnection.connect(vpp.path)
    const client = new InterfaceClient(connection)
    const made = [...vpp.model.interfaces].filter(({ tag }) => tag !== '')
    expect(made).toHaveLength(all.filter(({ kind }) => kind === 'interface').length)
    for (const { swIfIndex } of made) await client.swInterfaceTagAddDel({ isAdd: false, swIfIndex })
    expect(stateOf(vpp)).not.toEqual(before)

    expect(await instance.resync()).toMatchObject({ failed: 0, waiting: 0, problems: [] })
    expect(stateOf(vpp)).toEqual(before)
    expect((await instance.plan()).changes).toEqual([])
  })

  it('leaves alone what it did not make', async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    await instance.put(items({ kind: 'interface', type: 'loopback', name: 'loop0', instance: 3 }))
    await instance.settled()
    expect(keyOf((await instance.desired())[0]!)).toBe('loop0')
    expect([...vpp.model.interfaces].map(({ name }) => name)).toEqual(['local0', 'loop3'])
  })
})
