import { MetricsServer, registerStats, StatsClient } from '@vpp-ts/stats'
import { once } from 'node:events'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { publishSample, SocketFolder } from './fixture.ts'

/** Reads the text format: families with their type, samples by series. Refuses what Prometheus refuses. */
function parse(text: string) {
  const types = new Map<string, string>()
  const series = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
    if (family !== undefined && type !== undefined) {
      if (types.has(family)) throw new Error(`two families ${family}`)
      types.set(family, type)
    }
    if (line === '' || line.startsWith('#')) continue
    const [, key, name, value] =
      /^(([a-zA-Z_:][\w:]*)(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (\S+)$/.exec(line) ?? []
    if (key === undefined || name === undefined || value === undefined)
      throw new Error(`not a sample: ${line}`)
    if (series.has(key)) throw new Error(`two samples of ${key}`)
    if (!types.has(name)) throw new Error(`no type for ${line}`)
    series.set(key, value)
  }
  return { types, series }
}

test('families are named, typed and labelled after the conventions', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  const odd = vpp.addInterface('we"ird\\name')
  vpp.counter('rx').set(1, 1, 5n, 500n)
  vpp.counter('rx').set(2, 1, 1n, 100n)
  vpp.counter('drops').set(0, odd, 3n)
  vpp.nodeCounter('calls').set(0, 0, 7n)
  vpp.errorCounter.set(1, 0, 9n)
  await using client = await StatsClient.connect(folder.socket)
  const registry = new Registry()
  registerStats(registry, client)
  const { types, series } = parse(await registry.metrics())
  for (const [family, type] of types) expect(family.endsWith('_total'), family).toBe(type === 'counter')
  expect(series.get('vpp_up')).toBe('1')
  const labels = 'interface="GigabitEthernet0/8/0",sw_if_index="1"'
  expect(series.get(`vpp_interface_receive_packets_total{${labels}}`)).toBe('6')
  expect(series.get(`vpp_interface_receive_bytes_total{${labels}}`)).toBe('600')
  expect(series.get('vpp_interface_drop_packets_total{interface="we\\"ird\\\\name",sw_if_index="3"}')).toBe(
    '3',
  )
  expect(series.get('vpp_node_calls_total{node="ip4-lookup"}')).toBe('7')
  expect(series.has('vpp_node_calls_total{node="unix-cli-process"}')).toBe(false)
  expect(series.get('vpp_errors_total{node="ip4-input",reason="ip4 ttl <= 1"}')).toBe('9')
  expect(series.get('vpp_buffers{pool="default-numa-0",state="available"}')).toBe('3')
  expect(series.get('vpp_heap_used_bytes{heap="main heap"}')).toBe('300')
  expect(series.get('vpp_boot_time_seconds')).toBe('1700000000')
  expect(series.get('vpp_loops_per_second{thread="2"}')).toBe('300')
  publisher.close()
})

test('series can be split by thread and are bounded', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  vpp.counter('rx').set(2, 1, 1n, 100n)
  await using client = await StatsClient.connect(folder.socket)
  const registry = new Registry()
  registerStats(registry, client, { prefix: 'edge_', perThread: true, maxSeries: 7, nodes: false })
  const { series } = parse(await registry.metrics())
  const rx = [...series.keys()].filter((key) => key.startsWith('edge_interface_receive_packets_total'))
  expect(rx).toHaveLength(7)
  expect(
    series.get(
      'edge_interface_receive_packets_total{interface="GigabitEthernet0/8/0",sw_if_index="1",thread="2"}',
    ),
  ).toBe('1')
  expect(series.get('edge_series_dropped{family="edge_interface_receive_packets_total"}')).toBe('2')
  expect([...series.keys()].some((key) => key.startsWith('edge_node'))).toBe(false)
  publisher.close()
})

test('the server answers at /metrics on loopback, also while VPP is away', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 20 })
  await using server = await MetricsServer.listen(client, { port: 0 })
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`)
  const answer = await fetch(server.url)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(parse(await answer.text()).series.get('vpp_up')).toBe('1')
  expect((await fetch(new URL('/other', server.url))).status).toBe(404)
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(405)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(server.url)).text()))
  for (const text of answers) expect(parse(text).series.size).toBeGreaterThan(40)
  publisher.abandon()
  const next = publishSample(folder.socket)
  next.publisher.abandon()
  await once(client, 'disconnected')
  expect([...parse(await (await fetch(server.url)).text()).series]).toEqual([['vpp_up', '0']])
})
