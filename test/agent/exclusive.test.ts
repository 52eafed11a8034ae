import type { ItemInput } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { items, managedAlone } from './managed.ts'

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan' }
const WAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'wan' }

function memif(name: string, id: number): ItemInput {
  return { kind: 'interface', type: 'memif', name, role: 'master', id }
}

interface Case {
  readonly what: string
  /** The request that makes it. */
  readonly message: string
  /** Two items that claim it. */
  readonly claimants: readonly [ItemInput, ItemInput]
  /** What they need. */
  readonly needs?: readonly ItemInput[]
}

const EXCLUSIVE: readonly Case[] = [
  {
    what: 'VLAN of a parent',
    message: 'create_subif',
    claimants: [
      { kind: 'interface', type: 'vlan', name: 'a', parent: 'lan', vlan: 5 },
      { kind: 'interface', type: 'vlan', name: 'b', parent: 'lan', vlan: 5, number: 7 },
    ],
    needs: [LAN],
  },
  { what: 'id of a memif', message: 'memif_create_v2', claimants: [memif('a', 3), memif('b', 3)] },
  {
    what: 'number of a loopback',
    message: 'create_loopback_instance',
    claimants: [
      { kind: 'interface', type: 'loopback', name: 'a', instance: 7 },
      { kind: 'interface', type: 'loopback', name: 'b', instance: 7 },
    ],
  },
  {
    what: 'number of a tap',
    message: 'tap_create_v3',
    claimants: [
      { kind: 'interface', type: 'tap', name: 'a', id: 7 },
      { kind: 'interface', type: 'tap', name: 'b', id: 7 },
    ],
  },
  {
    what: 'device in Linux',
    message: 'tap_create_v3',
    claimants: [
      { kind: 'interface', type: 'tap', name: 'a', hostName: 'vpp7' },
      { kind: 'interface', type: 'tap', name: 'b', hostName: 'vpp7' },
    ],
  },
  {
    what: 'number of a bond',
    message: 'bond_create2',
    claimants: [
      { kind: 'interface', type: 'bond', name: 'a', id: 7 },
      { kind: 'interface', type: 'bond', name: 'b', id: 7 },
    ],
  },
  {
    what: 'address in a table',
    message: 'sw_interface_add_del_address',
    claimants: [
      { ...LAN, addresses: ['192.0.2.1/24'] },
      { ...WAN, addresses: ['192.0.2.1/25'] },
    ],
  },
  {
    what: 'place in a bridge domain',
    message: 'sw_interface_set_l2_bridge',
    claimants: [
      { kind: 'bridge-domain', id: 5, members: [{ interface: 'lan' }] },
      { kind: 'bridge-domain', id: 6, members: [{ interface: 'lan' }] },
    ],
    needs: [LAN],
  },
  {
    what: 'local side of NAT44',
    message: 'nat44_add_del_static_mapping_v2',
    claimants: [
      { kind: 'nat44-static', localAddress: '10.0.0.1', externalAddress: '203.0.113.1' },
      { kind: 'nat44-static', localAddress: '10.0.0.1', externalAddress: '203.0.113.2' },
    ],
  },
]

describe('what only one can have', () => {
  it.each(EXCLUSIVE)(
    '$what: the second is told whose it is, and VPP is not asked',
    async ({ message, claimants, needs = [] }) => {
      await using vpp = await Simulator.start()
      await using managed = await managedAlone(vpp.path)
      const { instance } = managed
      await instance.put(items(...needs, ...claimants))
      await instance.settled()
      expect(vpp.requests.count(message)).toBe(1)
      const conflicts = instance.statuses().filter(({ state }) => state === 'conflict')
      expect(conflicts).toHaveLength(1)
      expect(conflicts[0]?.error?.message).toMatch(/belongs to .+; remove it from one of them/)
      expect(await instance.resync()).toMatchObject({ applied: 0 })
      expect(vpp.requests.count(message)).toBe(1)
    },
  )
})
