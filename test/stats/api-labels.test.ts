import { VppConnection } from '@vpp-ts/runtime'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { Simulator } from '@vpp-ts/simulator'
import { MetricsServer, StatsClient } from '@vpp-ts/stats'
import { InterfaceFactsSource } from '@vpp-ts/stats/api'
import { expect, test, vi } from 'vitest'
import { interfaceTag } from '../../agent/src/kinds/mark.ts'
import { publishSample, SocketFolder } from './fixture.ts'

/** However busy the machine is. */
const PATIENT = { connectTimeout: 60_000, timeout: 60_000 }

/** A VPP with the API: loop0 is the agent's, loop1 has a tag and a device in Linux. */
async function startApi() {
  const simulator = await Simulator.start()
  const vpp = VppConnection.managed(simulator.path, PATIENT)
  const interfaces = new InterfaceClient(vpp)
  const { swIfIndex: ours } = await interfaces.createLoopback({})
  const { swIfIndex: other } = await interfaces.createLoopback({})
  await interfaces.swInterfaceTagAddDel({ isAdd: true, swIfIndex: ours, tag: interfaceTag('lan/a', '0a1b') })
  await interfaces.swInterfaceTagAddDel({ isAdd: true, swIfIndex: other, tag: 'to "core"' })
  await new LcpClient(vpp).lcpItfPairAddDel({ isAdd: true, swIfIndex: other, hostIfName: 'be1' })
  return { simulator, vpp, ours, other }
}

const lineOf = (text: string, family: string, index: number) =>
  text.split('\n').find((line) => line.startsWith(`${family}{`) && line.includes(`sw_if_index="${index}"`))

test('series of interfaces carry tag, item and LCP host name by sw_if_index', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  const { simulator, vpp, ours, other } = await startApi()
  expect([ours, other]).toEqual([1, 2])
  await using client = await StatsClient.connect(folder.socket)
  const source = new InterfaceFactsSource(vpp, { timeout: 60_000 })
  const entries = [
    { pattern: '^/if/rx$', name: 'raw', zeros: true, columns: { label: 'interface', names: '/if/names' } },
  ]
  await using server = await MetricsServer.listen(client, {
    port: 0,
    entries,
    interfaceLabels: source.labels,
  })
  const scrape = async () => (await fetch(server.url)).text()
  const text = await scrape()
  const family = 'vpp_interface_receive_packets_total'
  const plain = 'interface="GigabitEthernet0/8/0",sw_if_index="1"'
  const labels = 'tag="vpp-ts-agent/0a1b/lan/a",item="lan/a"'
  expect(lineOf(text, family, 0)).toBe(`${family}{interface="local0",sw_if_index="0"} 0`)
  expect(lineOf(text, family, 1)).toBe(`${family}{${plain},${labels}} 0`)
  expect(lineOf(text, family, 2)).toBe(
    `${family}{interface="loop0",sw_if_index="2",tag="to \\"core\\"",lcp="be1"} 0`,
  )
  expect(text).toContain(`vpp_raw_packets_total{${labels},interface="GigabitEthernet0/8/0"} 0`)

  // Without the API the counters stay; labels that may belong to other interfaces by now do not.
  await simulator.close()
  await vi.waitFor(() => expect(vpp.state.status).not.toBe('connected'), 60_000)
  expect(lineOf(await scrape(), family, 1)).toBe(`${family}{${plain}} 0`)
  await vpp.close()
  publisher.close()
})

test('a source cannot replace the labels that tell series apart, and its failure costs no counter', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const scrape = async (interfaceLabels: () => Promise<Map<number, Record<string, string>>>) => {
    await using server = await MetricsServer.listen(client, { port: 0, interfaceLabels })
    const response = await fetch(server.url)
    return { status: response.status, text: await response.text() }
  }
  const hostile = await scrape(() =>
    Promise.resolve(new Map([[1, { interface: 'x', sw_if_index: '7', site: 'a' }]])),
  )
  expect(hostile.text).toContain(
    'vpp_interface_drop_packets_total{interface="GigabitEthernet0/8/0",sw_if_index="1",site="a"} 0',
  )
  const failing = await scrape(() => Promise.reject(new Error('no API')))
  expect(lineOf(failing.text, 'vpp_interface_drop_packets_total', 1)).toMatch(/sw_if_index="1"\} 0$/)
  const invalid = await scrape(() => Promise.resolve(new Map([[1, { 'a-b': 'x' }]])))
  expect(invalid).toMatchObject({ status: 500, text: expect.stringContaining("'a-b' cannot be a label") })
  publisher.close()
})
