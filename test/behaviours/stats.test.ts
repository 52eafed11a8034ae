import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { StatsClient } from '@vpp-ts/stats'
import { rawSample, RawServer, socketFolder } from '../stats/raw-segment.ts'

const NAME_1 = 0x8108

describe('#38 the stats reader is right about everything in the segment', () => {
  it('#38 checks every vector length against the mapping, a bounded number of times', async () => {
    using folder = socketFolder()
    const segment = rawSample()
    using server = new RawServer(folder.socket, segment)
    await using client = await StatsClient.connect(folder.socket)
    segment.view.setUint32(0xa000, 0x7fff_ffff, true)
    await expect(client.dump('^/if/rx$')).rejects.toMatchObject({ code: 'STATS_SEGMENT_INVALID' })
    segment.view.setUint32(0xa000, 2, true)
    expect(await client.dump('^/if/rx$')).toHaveLength(1)
    expect(server.connections).toBe(1)
  })

  it('#38 reads symlinks, gauges, histograms, renamed interfaces and freed entries; what it gives are copies', async () => {
    using folder = socketFolder()
    const segment = rawSample()
    segment.entry(9, 42n, '/gauge')
    segment.entry(7, segment.words(0xc008, [segment.words(0xc108, [3n, 5n, 6n])]), '/histogram')
    segment.entry(6, (1n << 32n) | 2n, '/interfaces/memif1_0/rx')
    const freed = segment.entry(5, 0n, '/freed')
    using server = new RawServer(folder.socket, segment)
    const client = await StatsClient.connect(folder.socket)
    const entries = new Map((await client.dump()).map((entry) => [entry.name, entry]))
    expect(entries.get('/gauge')).toMatchObject({ type: 'gauge', value: 42n })
    expect(entries.get('/histogram')?.type).toBe('histogram')
    const link = entries.get('/interfaces/memif1_0/rx')
    expect(link?.type === 'combined' && [link.packets(0), link.bytes(0)]).toEqual([2n, 20n])
    expect([...entries.values()].some(({ index }) => index === freed)).toBe(false)
    segment.change(() => segment.text(NAME_1, 'renamed'))
    expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'renamed'])
    await client.close()
    segment.bytes.fill(0)
    expect(link?.type === 'combined' && link.packets(0)).toBe(2n)
    expect(server.connections).toBe(1)
  })

  it('#38 never gives what was read while VPP changed the structure', async () => {
    using folder = socketFolder()
    const segment = rawSample()
    using server = new RawServer(folder.socket, segment)
    await using client = await StatsClient.connect(folder.socket)
    const set = await client.prepare('^/if/rx$')
    segment.view.setBigUint64(24, 1n, true)
    segment.view.setBigUint64(0xa008, 666n, true)
    expect(set.updateNow()).toBe(false)
    const entry = set.get('/if/rx')
    expect(entry?.type === 'combined' && entry.packets(0, 0)).toBe(1n)
    expect(server.connections).toBe(1)
  })
})

describe('#39 stats survive a restart of VPP', () => {
  it('#39 the new mapping is taken, with names and numbers of one epoch, and the generation grows', async () => {
    using folder = socketFolder()
    const first = new RawServer(folder.socket, rawSample())
    await using client = await StatsClient.connect(folder.socket, { livenessInterval: 5 })
    const set = await client.prepare('^/if/')
    const next = rawSample()
    next.text(NAME_1, 'after')
    next.view.setBigUint64(0xa008 + 16, 777n, true)
    const connected = once(client, 'connected')
    first.close()
    first.segment.close()
    using second = new RawServer(folder.socket, next)
    expect(await connected).toMatchObject([{ generation: 2 }])
    expect(await client.interfaces()).toMatchObject([
      { name: 'local0' },
      { name: 'after', rx: { packets: 777n } },
    ])
    await set.update()
    const rx = set.get('/if/rx')
    expect(rx?.type === 'combined' && rx.packets(0, 1)).toBe(777n)
    expect(second.connections).toBe(1)
  })
})
