import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'
import { build, run } from '../linux/child.ts'
import { publishSample, SocketFolder } from './fixture.ts'

const bin = fileURLToPath(new URL('../../stats/bin/vpp-ts-stats.js', import.meta.url))

beforeAll(() => build('stats'))

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[]
  readonly asDouble?: number
  readonly asInt?: number
}

interface Metric {
  readonly name: string
  readonly unit: string
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly Point[] }
  readonly gauge?: { readonly dataPoints: readonly Point[] }
}

/** Metrics of an export request of OTLP over HTTP in JSON. */
async function metricsOf(request: IncomingMessage): Promise<Metric[]> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { resourceMetrics } = JSON.parse(Buffer.concat(chunks).toString()) as {
    resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[]
  }
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
}

const pointsOf = (metric: Metric | undefined) =>
  (metric?.sum ?? metric?.gauge)?.dataPoints.map(({ attributes, asDouble, asInt }) => ({
    ...Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])),
    value: Number(asDouble ?? asInt),
  }))

test('otlp sends the counters to a collector, with the labels of the API', { timeout: 120_000 }, async () => {
  using folder = new SocketFolder()
  const { publisher, vpp: counters } = publishSample(folder.socket)
  counters.counter('rx').set(1, 1, 6n, 600n)
  await using simulator = await Simulator.start()
  await using vpp = await VppConnection.connect(simulator.path, { connectTimeout: 60_000, timeout: 60_000 })
  const interfaces = new InterfaceClient(vpp)
  await interfaces.createLoopback({})
  await interfaces.swInterfaceTagAddDel({ isAdd: true, swIfIndex: 1, tag: 'uplink' })
  const collector = createServer().listen(0, '127.0.0.1')
  const received = new Promise<Metric[]>((resolve, reject) => {
    collector.on('request', (request: IncomingMessage, response) => {
      metricsOf(request).then(resolve, reject)
      response.setHeader('Content-Type', 'application/json').end('{}')
    })
  })
  await once(collector, 'listening')
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/metrics`
  const program = spawn(
    process.execPath,
    [bin, '--socket', folder.socket, '--timeout', '60', 'otlp', '--url', url, '--interval', '1'].concat(
      '--api-socket',
      simulator.path,
    ),
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const exit = once(program, 'exit')
  try {
    const metrics = new Map((await received).map((metric) => [metric.name, metric]))
    const packets = metrics.get('vpp.interface_receive_packets')
    expect(packets).toMatchObject({ unit: '{packet}', sum: { isMonotonic: true } })
    expect(pointsOf(packets)).toContainEqual({
      interface: 'GigabitEthernet0/8/0',
      sw_if_index: '1',
      tag: 'uplink',
      value: 6,
    })
    expect(metrics.get('vpp.interface_receive_bytes')?.unit).toBe('By')
    expect(pointsOf(metrics.get('vpp.up'))).toEqual([{ value: 1 }])
    expect(pointsOf(metrics.get('vpp.heap_used_bytes'))).toContainEqual({ heap: 'main heap', value: 300 })
  } finally {
    program.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    collector.closeAllConnections()
    collector.close()
    publisher.close()
  }
})

test('an API socket that is not there, and no SNMP daemon, are errors with a reason', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  const command = (...args: string[]) =>
    run(process.execPath, [bin, '--socket', folder.socket, ...args], {}, 0)
  const noApi = await command('serve', '--port', '0', '--api-socket', `${folder.path}/api.sock`)
  expect(noApi).toMatchObject({ status: 3, stderr: expect.stringContaining('api.sock') })
  const noMaster = await command('snmp', '--agentx', `${folder.path}/master`)
  expect(noMaster).toMatchObject({
    status: 3,
    stderr: expect.stringContaining(`no master at ${folder.path}`),
  })
  const bad = await command('snmp', '--priority', '256')
  expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining('from 1 to 255, not 256') })
  publisher.close()
})
