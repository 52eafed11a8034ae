import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { Simulator } from '@vpp-ts/simulator'
import { API_FOLDER, RELEASE } from '../conformance/bindings.ts'

/** Requests that VPP does not answer on a socket, and the one that ends the connection. */
const SILENT: ReadonlySet<string> = new Set([
  'memclnt_create',
  'memclnt_create_v2',
  'memclnt_delete',
  'memclnt_keepalive',
  'rpc_call',
  'sock_init_shm',
  'sockclnt_create',
  'sockclnt_delete',
])

/** Modules of test programs, which no VPP has. */
const NOT_IN_VPP: ReadonlySet<string> = new Set(['sample', 'vat2_test'])

let simulator: Simulator
let vpp: VppConnection
let api: DynamicApi
beforeAll(async () => {
  simulator = await Simulator.start({ release: RELEASE, unmodelled: 'succeed', requestLog: 5000 })
  vpp = await VppConnection.connect(simulator.path)
  api = await DynamicApi.fromFiles(API_FOLDER, vpp, { names: 'vpp' })
})
afterAll(async () => {
  await vpp.close()
  await simulator.close()
})

const servicesOfVpp = () => api.schema.services().filter(({ module }) => !NOT_IN_VPP.has(module))

describe(`every message of VPP ${RELEASE} by name`, () => {
  it('calls every request that has one reply, or none', async () => {
    const services = servicesOfVpp().filter(({ request }) => !SILENT.has(request))
    const counts = { unary: 0, 'one-way': 0 }
    for (const { kind, request, reply } of services) {
      if (kind !== 'unary' && kind !== 'one-way') continue
      counts[kind]++
      const answer = await api
        .call(request, api.defaults(request), { force: true })
        .catch((error: unknown) => {
          // The model says no to defaults of some; the error is typed and names the request.
          expect(error).toMatchObject({ code: 'VPP_API_ERROR', messageName: request })
          return 'refused'
        })
      if (kind === 'one-way') expect(answer, request).toBeUndefined()
      else if (answer !== 'refused') {
        expect(Object.keys(answer ?? {}), request).toEqual(Object.keys(api.defaults(reply ?? '')))
      }
      await api.call('control_ping')
      expect(simulator.requests.count(request), request).toBeGreaterThan(0)
    }
    expect(counts.unary).toBeGreaterThan(700)
    expect(counts['one-way']).toBeGreaterThan(0)
  })

  it('dumps every request that details answer', async () => {
    let dumped = 0
    for (const { kind, request, details } of servicesOfVpp()) {
      if (kind !== 'dump' && kind !== 'stream') continue
      const fields = api.defaults(details ?? '')
      simulator.on(request, () => (kind === 'dump' ? [{}, {}] : { details: [{}, {}], reply: {} }))
      const dump = api.dump(request, api.defaults(request), { force: true })
      const found = await dump.toArray()
      expect(found, request).toEqual([fields, fields])
      expect(await dump.reply, request).toEqual(
        kind === 'dump' ? undefined : (expect.objectContaining({ retval: 0 }) as object),
      )
      dumped++
    }
    expect(dumped).toBeGreaterThan(150)
  })

  it('hands out every event that a request asks for', async () => {
    let received = 0
    for (const name of api.schema.events()) {
      await using events = api.events(name)
      await events.ready
      await api.call('control_ping')
      // Those that no standing subscription is for go to whoever has caused them.
      const isWanted = api.schema.event(name).want !== undefined
      expect(simulator.sendEvent(name, {}, isWanted ? {} : { connection: 1 }), name).toBe(1)
      for await (const event of events) {
        expect(Object.keys(event), name).toEqual(Object.keys(api.defaults(name)))
        received++
        break
      }
    }
    expect(received).toBe(16)
  })

  it('encodes and decodes every message at its defaults', () => {
    for (const name of api.schema.messages()) {
      const plain = api.defaults(name)
      expect(api.decode(name, api.encode(name, plain)), name).toEqual(plain)
    }
  })
})

describe('calls by name', () => {
  it('take and give plain objects, enum values by name', async () => {
    await using plain = await Simulator.start()
    await using connection = await VppConnection.connect(plain.path)
    const own = api.on(connection)
    await own.call('create_loopback')
    await own.call('sw_interface_set_flags', { sw_if_index: 1, flags: ['IF_STATUS_API_FLAG_ADMIN_UP'] })
    const found: unknown[] = []
    for await (const { interface_name, flags } of own.dump('sw_interface_dump'))
      found.push([interface_name, flags])
    expect(found).toEqual([
      ['local0', []],
      ['loop0', ['IF_STATUS_API_FLAG_ADMIN_UP', 'IF_STATUS_API_FLAG_LINK_UP']],
    ])
  })

  it('fail as those of generated bindings do', async () => {
    await expect(api.call('delete_loopback', { sw_if_index: 4711 })).rejects.toMatchObject({
      code: 'VPP_API_ERROR',
      retval: -2,
      messageName: 'delete_loopback',
    })
    const route = (path: object) => api.call('ip_route_add_del', { route: { paths: [path] } })
    await expect(route({ sw_if_index: 1, weight: 300 })).rejects.toMatchObject({
      code: 'VPP_ENCODE',
      path: 'route.paths[0].weight',
    })
    await expect(route({ weight: 1 })).rejects.toMatchObject({
      code: 'VPP_ENCODE',
      path: 'route.paths[0].swIfIndex',
      expected: 'an interface index (NONE where none is meant, 0 for local0)',
    })
    expect(() => api.dump('ip_address_dump')).toThrow(
      /ip_address_dump: swIfIndex: expected an interface index/,
    )
    await expect(api.call('nonsense')).rejects.toMatchObject({ code: 'VPP_SCHEMA' })
    await expect(api.call('sw_interface_dump')).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
    expect(() => api.dump('show_version')).toThrow(/use call/)
    expect(() => api.dump('sw_interface_dump', { nonsense: 1 })).toThrow(/did you mean|a field of/)
  })

  it('time out and abort', async () => {
    using fault = simulator.faults.add({ message: 'show_version', effect: { kind: 'ignore' } })
    expect(fault).toBeDefined()
    await expect(api.call('show_version', {}, { timeout: 20 })).rejects.toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
    })
    await expect(api.call('show_version', {}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
  })

  it('leave a dump early, and events end with their subscription', async () => {
    await using other = await Simulator.start()
    await using connection = await VppConnection.connect(other.path)
    const own = await DynamicApi.fromVpp(connection)
    for await (const details of own.dump('sw_interface_dump')) {
      expect(details).toMatchObject({ interfaceName: 'local0' })
      break
    }
    const events = own.events('sw_interface_event')
    await events.ready
    await events.close()
    for await (const event of events) expect.fail(JSON.stringify(event))
    expect(events.dropped).toBe(0)
    await connection.close()
    await expect(own.call('show_version')).rejects.toMatchObject({ code: 'VPP_CLOSED' })
  })

  it('page through a get by its cursor', async () => {
    await using paged = await Simulator.start({ pageSize: 7 })
    await using connection = await VppConnection.connect(paged.path)
    paged.on('map_domains_get', () => Array.from({ length: 30 }, (_, domainIndex) => ({ domainIndex })))
    const own = await DynamicApi.fromVpp(connection, { names: 'vpp' })
    const dump = own.dump('map_domains_get')
    expect((await dump.toArray()).map((it) => it['domain_index'])).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    )
    expect(await dump.reply).toMatchObject({ retval: 0 })
    expect(paged.requests.count('map_domains_get')).toBe(5)
  })
})

describe('the definitions of VPP itself', () => {
  it('are those of the files, and memclnt where VPP leaves it out', async () => {
    const live = await DynamicApi.fromVpp(vpp)
    const missing = api.schema.messages().filter((name) => !live.schema.has(name))
    const modules = new Set(missing.map((name) => api.schema.moduleOf(name)))
    expect([...modules].sort()).toEqual(['memclnt', ...NOT_IN_VPP].sort())
    for (const name of live.schema.messages())
      expect(live.schema.crcOf(name), name).toBe(api.schema.crcOf(name))
    expect(await live.call('control_ping')).toMatchObject({ vpePid: process.pid })
  })
})
