import { join } from 'node:path'
import type { ItemInput } from '@vpp-ts/agent'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { describe, expect, it, vi } from 'vitest'
import { items, managedAlone } from '../agent/managed.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: bonds and sub-interfaces carry no packets')

/** Something that comes about by itself: links, LACP. */
const SOON = { timeout: 60_000, interval: 200 }
const PINGS = 5

/** One end of two memifs, bonded, with a sub-interface of two tags on it. */
function end(socket: (leg: number) => string, role: 'master' | 'slave', host: number): ItemInput[] {
  const legs = [1, 2].flatMap((leg): ItemInput[] => [
    { kind: 'memif-socket', id: leg, path: socket(leg) },
    { kind: 'interface', type: 'memif', name: `leg${leg}`, role, socket: leg, id: 0 },
  ])
  return [
    ...legs,
    {
      kind: 'interface',
      type: 'bond',
      name: 'lag',
      mode: 'lacp',
      loadBalance: 'l34',
      addresses: [`192.0.2.${host}/24`],
      members: [{ interface: 'leg1' }, { interface: 'leg2' }],
    },
    {
      kind: 'interface',
      type: 'vlan',
      name: 'customer',
      parent: 'lag',
      number: 1234,
      vlan: 200,
      inner: 30,
      ethertype: 'dot1ad',
      addresses: [`198.51.100.${host}/24`, `2001:db8::${host}/64`],
    },
    { kind: 'interface', type: 'loopback', name: 'lo', addresses: [`203.0.113.${host}/32`] },
    {
      kind: 'interface',
      type: 'vlan',
      name: 'borrowed',
      parent: 'lag',
      vlan: 300,
      unnumbered: 'lo',
    },
    {
      kind: 'route',
      prefix: `203.0.113.${3 - host}/32`,
      paths: [{ nextHop: `203.0.113.${3 - host}`, interface: 'borrowed' }],
    },
  ]
}

describe.runIf(vppBinary !== undefined)('two real VPPs', () => {
  it('reach each other over a bond with LACP, QinQ on it, and an unnumbered VLAN', async () => {
    await using left = await VppProcess.start(vppBinary ?? '', vppPlugins)
    await using right = await VppProcess.start(vppBinary ?? '', vppPlugins)
    await using one = await managedAlone(left.apiSocket)
    await using two = await managedAlone(right.apiSocket)
    const socket = (leg: number): string => join(left.folder, `leg${leg}.sock`)
    await one.instance.put(items(...end(socket, 'master', 1)))
    await two.instance.put(items(...end(socket, 'slave', 2)))
    for (const { instance } of [one, two]) {
      await instance.settled()
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    }

    const vlib = new VlibClient(one.instance.connection)
    const cli = async (cmd: string): Promise<string> => (await vlib.cliInband({ cmd })).reply
    const pings = async (target: string): Promise<void> => {
      await vi.waitFor(async () => {
        const text = await cli(`ping ${target} repeat ${PINGS} interval 0.1`)
        expect(text).toContain(`${PINGS} sent, ${PINGS} received`)
      }, SOON)
    }
    await vi.waitFor(async () => {
      const state = await cli('show bond details')
      expect(state).toMatch(/number of active members: 2/)
    }, SOON)
    for (const target of ['192.0.2.2', '198.51.100.2', '2001:db8::2', '203.0.113.2']) await pings(target)

    // A leg that goes leaves the other one.
    await one.instance.delete([{ kind: 'interface', key: 'leg2' }])
    await one.instance.settled()
    await pings('198.51.100.2')
    for (const { instance } of [one, two]) {
      const left = (await instance.plan()).changes
      expect(left.filter(({ waitsFor }) => waitsFor === undefined)).toEqual([])
    }
  }, 240_000)
})
