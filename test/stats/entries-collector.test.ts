import { gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { MetricsServer, StatsClient } from '@vpp-ts/stats'
import { rawSample, RawServer, socketFolder } from './raw-segment.ts'

/** A segment with something of every kind: routes by column, a histogram, a gauge, names. */
function routes() {
  const segment = rawSample()
  const counts = segment.words(0xc208, [7n, 70n, 0n, 0n, 9n, 90n])
  segment.view.setUint32(0xc200, 3, true)
  segment.entry(3, segment.words(0xc008, [counts]), '/net/route/to')
  segment.entry(9, 5n, '/bfd/udp4/sessions')
  segment.entry(7, segment.words(0xd008, [segment.words(0xd108, [3n, 5n, 6n, 7n])]), '/vector/size')
  segment.entry(2, segment.words(0xe008, [segment.words(0xe108, [4n, 8n])]), '/xstats/memif1_0/bad')
  return segment
}

const ENTRIES = [
  { pattern: '^/net/route/to$', name: 'route', columns: { label: 'load_balance' } },
  { pattern: '^/bfd/(udp[46])/(.*)$', name: 'bfd_$2', labels: { family: '$1' }, help: 'BFD.' },
  '^/vector/size$',
  {
    pattern: '^/xstats/([^/]+)/(.*)$',
    name: 'xstats_$2',
    labels: { device: '$1' },
    columns: { label: 'interface', names: '/if/names' },
  },
  { pattern: '^/if/names$', name: 'interface' },
]

test('entries by pattern have the names and labels of their rules, histograms are histograms', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, routes())
  await using client = await StatsClient.connect(folder.socket)
  await using metrics = await MetricsServer.listen(client, { port: 0, entries: ENTRIES })
  const lines = (await (await fetch(metrics.url)).text()).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE vpp_route_packets_total counter',
      'vpp_route_packets_total{load_balance="0"} 7',
      'vpp_route_bytes_total{load_balance="2"} 90',
      '# HELP vpp_bfd_sessions BFD.',
      'vpp_bfd_sessions{family="udp4"} 5',
      '# TYPE vpp_vector_size histogram',
      'vpp_vector_size_bucket{le="15"} 5',
      'vpp_vector_size_bucket{le="31"} 11',
      'vpp_vector_size_bucket{le="+Inf"} 18',
      'vpp_vector_size_count 18',
      'vpp_xstats_bad_total{device="memif1_0",interface="memif1/0"} 8',
      'vpp_interface_info{index="1",name="memif1/0"} 1',
    ]),
  )
  // What has counted nothing is left out.
  expect(lines.some((line) => line.includes('load_balance="1"'))).toBe(false)
  expect(lines.filter((line) => line.startsWith('# TYPE vpp_route_packets_total'))).toHaveLength(1)
  expect(server.connections).toBe(1)
})

test('OpenMetrics and gzip come on demand, and / leads to /metrics', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, routes())
  await using client = await StatsClient.connect(folder.socket)
  await using metrics = await MetricsServer.listen(client, { port: 0, entries: ENTRIES })
  const open = await fetch(metrics.url, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } })
  expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/)
  const text = await open.text()
  expect(text.endsWith('# EOF\n')).toBe(true)
  expect(text).toContain('# TYPE vpp_route_packets counter\nvpp_route_packets_total{load_balance="0"} 7')
  // The other form is not changed by it.
  expect(await (await fetch(metrics.url)).text()).toContain('# TYPE vpp_route_packets_total counter')
  const packed = await new Promise<Buffer>((resolve, reject) => {
    get(metrics.url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      expect(answer.headers['content-encoding']).toBe('gzip')
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => resolve(Buffer.concat(parts)))
    }).on('error', reject)
  })
  expect(gunzipSync(packed).toString()).toContain('vpp_up 1')
  const page = await fetch(new URL('/', metrics.url))
  expect(await page.text()).toContain('href="/metrics"')
  expect(server.connections).toBe(1)
})

test('an invalid rule is refused before anything listens', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, routes())
  await using client = await StatsClient.connect(folder.socket)
  for (const entries of [['('], [{ pattern: 'x', labels: { 'a-b': '' } }]]) {
    await expect(MetricsServer.listen(client, { port: 0, entries })).rejects.toMatchObject({
      code: 'STATS_ARGUMENT',
    })
  }
  expect(server.connections).toBe(1)
})
