import { once } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { StatsClient } from '@vpp-ts/stats'
import { OwnVpp, statsVppMissing } from './stats-vpp.ts'

const own = process.env['VPP_BINARY'] === undefined ? 'VPP_BINARY is not set' : statsVppMissing
if (own !== undefined) console.warn(`names and restarts of a real VPP are not tried: ${own}`)

describe.skipIf(own !== undefined)('names and restarts of a real VPP', () => {
  test('a slot that gets another interface shows its name, through every reader that was there before', async () => {
    await using vpp = await OwnVpp.start()
    await using client = await StatsClient.connect(vpp.statsSocket)
    const set = await client.prepare('^/if/names$')
    const names = async () => (await client.interfaces()).map(({ name }) => name)
    const prepared = async () => {
      const entry = (await set.update()).get('/if/names')
      return entry?.type === 'names' ? entry.names.filter((name) => name !== 'deleted') : []
    }
    await vpp.cli('create memif socket id 1 filename /tmp/vpp-ts-names-1.sock')
    await vpp.cli('create memif socket id 2 filename /tmp/vpp-ts-names-2.sock')
    await vpp.cli('create interface memif id 0 socket-id 1 master')
    expect(await names()).toEqual(['local0', 'memif1/0'])
    expect(await prepared()).toEqual(['local0', 'memif1/0'])
    await vpp.cli('delete interface memif memif1/0')
    expect(await names()).toEqual(['local0'])
    await vpp.cli('create interface memif id 0 socket-id 2 master')
    expect(await names()).toEqual(['local0', 'memif2/0'])
    expect(await prepared()).toEqual(['local0', 'memif2/0'])
    // Its slot said `deleted` to readers of before: another kind of interface takes it.
    await vpp.cli('delete interface memif memif2/0')
    expect(await names()).toEqual(['local0'])
    await vpp.cli('create loopback interface')
    expect(await names()).toEqual(['local0', 'loop0'])
    expect(await prepared()).toEqual(['local0', 'loop0'])
  }, 60_000)

  test('errors of a node with slashes in its name are of that node', async () => {
    await using vpp = await OwnVpp.start()
    await using client = await StatsClient.connect(vpp.statsSocket)
    await vpp.cli('create interface memif id 0 master')
    await vpp.cli('create packet-generator interface pg0')
    const all = await client.errors({ zeros: true })
    const memif = all.filter(({ node }) => node.startsWith('memif0'))
    expect(new Set(memif.map(({ node }) => node))).toEqual(new Set(['memif0/0-tx', 'memif0/0-output']))
    expect(memif.map(({ reason }) => reason)).toContain('no_free_slots')
    // VPP brings the list of nodes up to date once per update-interval.
    const unknown = async () => {
      const nodes = new Set((await client.nodes()).map(({ name }) => name))
      return all.filter(({ node }) => !nodes.has(node)).map(({ node }) => node)
    }
    await expect.poll(unknown, { timeout: 20_000 }).toEqual([])
  }, 60_000)

  test('a VPP that is killed is noticed at once, the next one is followed, none is called stalled', async () => {
    await using vpp = await OwnVpp.start()
    await using client = await StatsClient.connect(vpp.statsSocket)
    const stalled = vi.fn()
    client.on('stalled', stalled)
    for (let round = 0; round < 2; round++) {
      const lost = once(client, 'disconnected')
      await vpp.kill('SIGKILL')
      expect(await lost).toEqual(['process-gone'])
      const connected = once(client, 'connected')
      await vpp.launch()
      await connected
      expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0'])
    }
    expect(stalled).not.toHaveBeenCalled()
  }, 90_000)
})
