import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDefinition } from '@vpp-ts/binapi-generator'
import { VppApiError, VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { addLoopback, Simulator } from '@vpp-ts/simulator'
import { API_DIR, Example, ROOT, type LinkWatchBindings } from './example.ts'

const ADMIN = 1
const LINK = 2

let example: Example
let bindings: LinkWatchBindings

beforeAll(async () => {
  example = await Example.build()
  bindings = await example.bindings()
}, 120_000)
afterAll(() => example[Symbol.asyncDispose]())

async function startSimulator(): Promise<Simulator> {
  const definition = await readDefinition(join(example.folder, 'api/link_watch.api'), { input: API_DIR })
  const simulator = await Simulator.start({ plugins: [definition] })
  await example.simulate(simulator)
  return simulator
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '')
}

it('bindings have what the .api file says, and what it imports', async () => {
  expect(example.output).toMatch(/modules {3}3\n/)
  for (const module of ['link_watch', 'interface_types', 'ip_types']) {
    expect((await stat(join(example.folder, 'src/binapi', module))).isDirectory()).toBe(true)
  }
  const messages = await readFile(join(example.folder, 'src/binapi/link_watch/messages.ts'), 'utf8')
  expect(messages).toContain("import { Address } from '../ip_types/messages.js'")
  expect(messages).toContain(' * A watched interface went up or down.')
})

it('the guide shows what the example has', async () => {
  const page = await readFile(join(ROOT, 'docs/your-own-plugin.md'), 'utf8')
  const files = ['api/link_watch.api', 'src/watch.ts', 'src/simulate.ts', 'src/simulated.ts']
  const sources = await Promise.all(files.map((file) => readFile(join(example.folder, file), 'utf8')))
  const blocks = [...page.matchAll(/```(?:ts|c)\n([^]*?)```/g)].map(([, code = '']) => code)
  expect(blocks.length).toBeGreaterThan(8)
  for (const block of blocks) {
    expect(
      sources.some((text) => withoutSpace(text).includes(withoutSpace(block))),
      block,
    ).toBe(true)
  }
  const summary = /^VPP 26\.06, api\/link_watch\.api[^]*?methods.*$/m.exec(page)?.[0]
  expect(example.output).toContain(summary)
})

it('events come with their raw bytes, of any length and content', async () => {
  await using simulator = await startSimulator()
  await using vpp = await VppConnection.connect(simulator.path)
  const client = new bindings.LinkWatchClient(vpp)
  const { swIfIndex } = addLoopback(simulator.model.interfaces)
  const target = { swIfIndex, gateway: '2001:db8::1' }
  const events = client.linkWatchEvents()
  await events.ready
  const reader = events[Symbol.asyncIterator]()
  for (let length = 0; length <= 255; length++) {
    const note = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 0xff)
    await client.linkWatchAddDel({ target, note })
    simulator.model.interfaces.setLinkUp(swIfIndex, length % 2 === 0)
    const { value } = await reader.next()
    expect(value).toMatchObject({ target, cause: LINK, flags: length % 2 === 0 ? LINK : 0, pid: process.pid })
    expect(value?.rawMsgData).toEqual(note)
  }
  expect(await client.linkWatchDump().toArray()).toMatchObject([{ target, flags: 0, eventCount: 256n }])
})

it('leaving the loop unsubscribes; another loop subscribes again', async () => {
  await using simulator = await startSimulator()
  await using vpp = await VppConnection.connect(simulator.path)
  const client = new bindings.LinkWatchClient(vpp)
  const { swIfIndex } = addLoopback(simulator.model.interfaces)
  await client.linkWatchAddDel({ target: { swIfIndex } })
  for (const up of [true, false]) {
    const events = client.linkWatchEvents()
    await events.ready
    simulator.model.interfaces.setAdminUp(swIfIndex, up)
    const seen: number[] = []
    for await (const { cause } of events) {
      seen.push(cause)
      if (seen.length === 2) break
    }
    expect(new Set(seen)).toEqual(new Set([ADMIN, LINK]))
  }
  const wants = simulator.requests.of('want_link_watch_events').map(({ request }) => request['enableDisable'])
  expect(wants).toEqual([true, false, true, false])
  expect(simulator.sendEvent('link_watch_event')).toBe(0)
})

it('the program goes on after VPP was restarted, and unsubscribes when it is interrupted', async () => {
  await using simulator = await startSimulator()
  addLoopback(simulator.model.interfaces)
  await using watch = example.start('watch', simulator.path, '1', '192.0.2.1', 'to the east')
  expect(await watch.line()).toBe('watching 1: down')
  simulator.model.interfaces.setLinkUp(1, true)
  expect(await watch.line()).toBe(
    'to the east (1, 192.0.2.1): LINK_WATCH_API_CAUSE_LINK IF_STATUS_API_FLAG_LINK_UP',
  )

  const subscribed = simulator.requests.next('want_link_watch_events')
  const watched = simulator.requests.next('link_watch_add_del')
  await simulator.restart()
  addLoopback(simulator.model.interfaces)
  await Promise.all([subscribed, watched])
  simulator.model.interfaces.setLinkUp(1, true)
  expect(await watch.line()).toContain('to the east (1, 192.0.2.1)')

  const left = simulator.requests.next('want_link_watch_events')
  expect(await watch.interrupt()).toBe(0)
  expect((await left).request).toMatchObject({ enableDisable: false })
  expect(await watch.line()).toBe('no longer watching')
})

it('the program works with the simulator that comes with the example', async () => {
  const path = join(example.folder, 'api.sock')
  await using simulate = example.start('simulate', path, '20')
  expect(await simulate.line()).toBe(`a VPP with interface 1 on ${path}`)
  await using watch = example.start('watch', path)
  expect(await watch.line()).toMatch(/^watching 1: /)
  for (let i = 0; i < 6; i++)
    expect(await watch.line()).toMatch(/^uplink \(1, 192\.0\.2\.1\): LINK_WATCH_API/)
  expect(await watch.interrupt()).toBe(0)
  expect(await simulate.interrupt()).toBe(0)
})

it('refusals have their names, and a VPP without the plugin is told of', async () => {
  await using simulator = await startSimulator()
  await using vpp = await VppConnection.connect(simulator.path)
  const client = new bindings.LinkWatchClient(vpp)
  const refused = await client.linkWatchAddDel({ target: { swIfIndex: 7 } }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(VppApiError)
  expect(refused).toMatchObject({ apiName: 'INVALID_SW_IF_INDEX', retval: -2 })
  await expect(client.linkWatchAddDel({ isAdd: false, target: { swIfIndex: 0 } })).rejects.toMatchObject({
    retval: -6,
  })

  await using plain = await Simulator.start()
  await using other = await VppConnection.connect(plain.path)
  const absent = new bindings.LinkWatchClient(other)
  const unavailable = { code: 'VPP_MESSAGE_UNAVAILABLE' }
  await expect(absent.linkWatchDump().toArray()).rejects.toMatchObject(unavailable)
  await expect(absent.linkWatchEvents().ready).rejects.toMatchObject(unavailable)
})

it('can be called without bindings: the simulator tells of the plugin', async () => {
  await using simulator = await startSimulator()
  await using vpp = await VppConnection.connect(simulator.path)
  const api = await DynamicApi.fromVpp(vpp)
  const { swIfIndex } = addLoopback(simulator.model.interfaces)
  await api.call('link_watch_add_del', { target: { swIfIndex, gateway: '192.0.2.1' } })
  expect(await api.dump('link_watch_dump').toArray()).toMatchObject([{ target: { gateway: '192.0.2.1' } }])
})
