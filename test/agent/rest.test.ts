import { join } from 'node:path'
import type { LiveView } from '@vpp-ts/agent'
import { Validator } from '@seriousme/openapi-schema-validator'
import { addEthernet, versionOfRelease } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'
import { EventReader } from './server-sent-events.ts'
import { ask, serve, writeConfig, type Answer } from './served.ts'

const LOOPBACK = { type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }

function stateOf(answer: Answer): string | undefined {
  return (answer.body as { state?: string }).state
}

describe('items', () => {
  it('an interface is put, seen in VPP with counters, changed, and taken out', async () => {
    await using served = await serve()
    const put = await served.ask('POST', '/interfaces?wait=true', LOOPBACK)
    expect([put.status, put.body]).toMatchObject([201, { kind: 'interface', key: 'lan', state: 'applied' }])
    expect(put.headers.get('location')).toBe('/api/v1/instances/one/interfaces/lan')

    served.counters.addInterface('local0')
    const column = served.counters.addInterface('loop0')
    served.counters.counter('rx').add(0, column, 7n, 700n)
    const { body } = await served.ask('GET', '/interfaces?search=LAN')
    expect(body).toMatchObject({
      total: 1,
      interfaces: [
        {
          name: 'lan',
          vppName: 'loop0',
          owned: true,
          adminUp: true,
          counters: { rx: { packets: 7, bytes: 700 } },
        },
      ],
    })

    const other = await served.ask('PUT', '/interfaces/lan?wait=true', { ...LOOPBACK, mtu: 1400 })
    expect(stateOf(other)).toBe('applied')
    expect((await served.ask('GET', '/interfaces/lan')).body).toMatchObject({
      interface: { mtu: 1400 },
      desired: { item: { mtu: 1400, enabled: true }, status: { state: 'applied' } },
    })
    expect((await served.ask('DELETE', '/interfaces/lan?wait=true')).status).toBe(204)
    expect((await served.ask('GET', '/interfaces/lan')).status).toBe(404)
    expect((await served.ask('DELETE', '/interfaces/lan')).body).toMatchObject({ code: 'AGENT_UNKNOWN_ITEM' })
  })

  it('every kind can be put, found under its key, and deleted', async () => {
    await using served = await serve()
    await served.ask('POST', '/interfaces?wait=true', LOOPBACK)
    const kinds = [
      ['memif-sockets', '5', { id: 5, path: '/run/vpp/five.sock' }],
      ['bridge-domains', '7', { id: 7 }],
      ['acls', 'web', { name: 'web', rules: [{ action: 'permit', protocol: 6 }], ingress: ['lan'] }],
      ['neighbours', 'lan%2F192.0.2.9', { interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' }],
      ['routes', '10.0.0.0%2F8', { prefix: '10.0.0.0/8', paths: [{ nextHop: '192.0.2.9' }] }],
      [
        'nat44-statics',
        'tcp%2F203.0.113.1%2F80%2F0',
        {
          protocol: 'tcp',
          localAddress: '10.0.0.1',
          localPort: 80,
          externalAddress: '203.0.113.1',
          externalPort: 80,
        },
      ],
    ] as const
    for (const [path, key, item] of kinds) {
      const put = await served.ask('POST', `/${path}?wait=true`, item)
      expect([path, put.status, stateOf(put)]).toEqual([path, 201, 'applied'])
      const found = await served.ask('GET', put.headers.get('location') ?? '')
      expect([path, found.status, found.headers.get('etag')]).toEqual([path, 200, put.headers.get('etag')])
      expect((await served.ask('GET', `/${path}/${key}`)).body, path).toMatchObject({ item })
      expect((await served.ask('GET', `/${path}`)).body, path).toMatchObject({ total: 1, items: [{ item }] })
    }
    expect((await served.ask('GET', '/desired')).body).toMatchObject({ total: 7 })
    expect((await served.ask('GET', '/plan')).body).toEqual({ changes: [] })
    for (const [path, key] of kinds.toReversed()) {
      expect([path, (await served.ask('DELETE', `/${path}/${key}?wait=true`)).status]).toEqual([path, 204])
    }
    expect((await served.ask('GET', '/actual?owned=true')).body).not.toMatchObject({
      objects: expect.arrayContaining([expect.objectContaining({ kind: 'route' })]) as unknown,
    })
  })

  it('routes by the thousand: an answer for each, those that are wrong told with their fields', async () => {
    await using served = await serve()
    const routes: unknown[] = Array.from({ length: 1000 }, (_, i) => ({
      prefix: `10.${i >> 8}.${i & 255}.0/24`,
      drop: true,
    }))
    const all = await served.ask('POST', '/routes?wait=true', routes)
    expect([all.status, all.body]).toMatchObject([200, { accepted: 1000, refused: 0 }])
    expect((all.body as { items: unknown[] }).items[999]).toMatchObject({
      index: 999,
      accepted: true,
      status: { state: 'applied', key: '0/10.3.231.0/24' },
    })
    const mixed = await served.ask('POST', '/routes', [
      { prefix: '11.0.0.0/8', drop: true },
      { prefix: 'nonsense', drop: true },
      { prefix: '11.0.0.0/8', drop: true },
      { kind: 'acl', name: 'x', rules: [{ action: 'deny' }] },
      null,
    ])
    expect([mixed.status, mixed.body]).toMatchObject([
      207,
      {
        accepted: 1,
        refused: 4,
        items: [
          { accepted: true, status: { state: 'pending' } },
          { accepted: false, problem: { code: 'AGENT_INVALID_ITEM', problems: [{ field: 'prefix' }] } },
          { accepted: false, problem: { detail: expect.stringContaining('same as item 0') as string } },
          { accepted: false, problem: { problems: [{ field: 'kind' }] } },
          { accepted: false },
        ],
      },
    ])
    await served.ask('POST', '/routes', { prefix: '12.0.0.0/8', drop: true, table: 9 })
    expect((await served.ask('GET', '/routes')).body).toMatchObject({ total: 1002 })
    const page = await served.ask('GET', '/routes?search=10.3.2&limit=3&offset=1&table=0')
    expect(page.body).toMatchObject({ total: 43, items: [{}, {}, {}] })
    const guarded = await served.ask('PUT', '/desired', [])
    expect([guarded.status, guarded.body]).toMatchObject([409, { code: 'AGENT_DELETION_GUARD' }])
    const removed = await served.ask('PUT', '/desired?wait=true&confirmDeletions=true', [])
    expect(removed.body).toMatchObject({ items: 0, removed: 1002, problems: [] })
    expect((await served.ask('GET', '/routes')).body).toEqual({ total: 0, items: [] })
    expect([...(served.vpp.model.fib.tables()[0] ?? [])].map(({ prefix }) => prefix)).not.toContain(
      '10.0.0.0/24',
    )
  })

  it('a route of another table is told apart from one of the same prefix', async () => {
    await using served = await serve()
    await served.ask('POST', '/routes?wait=true', [
      { prefix: '10.0.0.0/8', drop: true },
      { prefix: '10.0.0.0/8', drop: true, table: 5 },
    ])
    expect((await served.ask('DELETE', '/routes/10.0.0.0%2F8?table=5&wait=true')).status).toBe(204)
    expect((await served.ask('GET', '/routes/10.0.0.0%2F8?table=5')).status).toBe(404)
    expect((await served.ask('GET', '/routes/10.0.0.0%2F8')).status).toBe(200)
  })

  it("an item that waits says for what, one that VPP refuses says VPP's error by name", async () => {
    await using served = await serve()
    const route = { prefix: '10.0.0.0/8', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] }
    const waiting = await served.ask('POST', '/routes?wait=true', route)
    expect([waiting.status, waiting.body]).toMatchObject([
      202,
      { state: 'waiting', error: { code: 'MISSING' } },
    ])
    expect((await served.ask('GET', '/plan')).body).toMatchObject({
      changes: [{ action: 'create', kind: 'route', waitsFor: 'interface "lan"' }],
    })
    const effect = { kind: 'retval', retval: -56 } as const
    served.vpp.faults.add({ message: 'create_loopback_instance', effect })
    served.vpp.faults.add({ message: 'create_loopback', effect })
    const failed = await served.ask('POST', '/interfaces?wait=true', LOOPBACK)
    expect([failed.status, failed.headers.get('content-type'), failed.body]).toMatchObject([
      422,
      'application/problem+json; charset=utf-8',
      { status: 422, code: 'VPP_API_ERROR', retval: -56, name: 'VLAN_ALREADY_EXISTS' },
    ])
  })
})

describe('the life of an agent', () => {
  it('every endpoint answers, under its whole path and its short one', async () => {
    await using served = await serve({ instance: { name: 'edge.1' } })
    for (const path of ['/health', '/health/live', '/health/ready', '/info', '/instances']) {
      expect([path, (await served.ask('GET', path)).status]).toEqual([path, 200])
      expect([path, (await served.ask('GET', `/api/v1${path}`)).status]).toEqual([path, 200])
    }
    const ofOne = ['/interfaces', '/desired', '/actual', '/plan', '/events', '/trace', '/routes', '/acls']
    for (const path of ofOne) {
      const whole = await served.ask('GET', `/api/v1/instances/edge.1${path}`)
      expect([path, whole.status]).toEqual([path, 200])
      expect([path, (await served.ask('GET', path)).status]).toEqual([path, 200])
    }
    expect((await served.ask('GET', '/api/v1/instances/edge.1')).body).toMatchObject({
      vpp: { version: versionOfRelease() },
    })
    expect((await served.ask('GET', '/routes?instance=other')).body).toMatchObject({
      code: 'AGENT_UNKNOWN_INSTANCE',
      status: 404,
    })
    expect((await served.ask('POST', '/resync')).body).toMatchObject({ applied: 0, failed: 0, problems: [] })
    expect((await served.ask('GET', '/documentation/')).text).toContain('swagger')
  })

  it('the OpenAPI document is valid, and has every path', async () => {
    await using served = await serve()
    const { body } = await served.ask('GET', '/openapi.json')
    const result = await new Validator().validate(body as Record<string, unknown>)
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
    const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, unknown>> }
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths['/api/v1/instances/{instance}/routes/{key}'] ?? {}).sort()).toEqual([
      'delete',
      'get',
      'put',
    ])
    expect(Object.keys(paths).filter((path) => !path.startsWith('/api/v1'))).toEqual([])
  })

  it('an interface is set up and down, and each change of the link is logged and sent', async () => {
    await using served = await serve()
    await served.ask('POST', '/interfaces?wait=true', LOOPBACK)
    const foreign = addEthernet(served.vpp.model.interfaces, 'GigabitEthernet0/8/0', 'dpdk')
    await using events = await EventReader.open(`${served.url}/events?kind=link`)

    await served.ask('POST', '/interfaces/lan/state?wait=true', { adminUp: false })
    let down = await events.next()
    // That the foreign one came is an event too.
    while ((down.data as { interface: string }).interface === foreign.name) down = await events.next()
    expect(down.data).toMatchObject({ kind: 'link', interface: 'lan', adminUp: false })
    expect((await served.ask('GET', '/interfaces/lan')).body).toMatchObject({
      interface: { adminUp: false },
      desired: { item: { enabled: false } },
    })

    const path = `/interfaces/${encodeURIComponent(foreign.name)}/state`
    expect((await served.ask('POST', path, { adminUp: true })).body).toMatchObject({ adminUp: true })
    expect((await events.next()).data).toMatchObject({ adminUp: true, swIfIndex: foreign.swIfIndex })

    const log = await served.ask('GET', '/events?kind=link,connection&limit=2')
    expect(log.body).toMatchObject({
      events: [{ interface: 'lan', adminUp: false }, { swIfIndex: foreign.swIfIndex }],
    })
    const future = new Date(Date.now() + 60_000).toISOString()
    expect((await served.ask('GET', `/events?since=${future}`)).body).toMatchObject({ events: [] })

    await using again = await EventReader.open(`${served.url}/events?kind=link`, {
      'last-event-id': down.id ?? '',
    })
    expect((await again.next()).data).toMatchObject({ swIfIndex: foreign.swIfIndex })
    await using other = await EventReader.open(`${served.url}/events`, { 'last-event-id': '123-9' })
    expect((await other.next()).data).toMatchObject({ id: 1 })
  })

  it('the live feed has all instances, and one with interfaces, rates, nodes and errors', async () => {
    await using served = await serve()
    served.counters.addInterface('local0')
    const node = served.counters.addNode('ip4-lookup')
    served.counters.nodeCounter('calls').set(0, node, 10n)
    served.counters.nodeCounter('vectors').set(0, node, 40n)
    const error = served.counters.addError('ip4-input', 'ip4 ttl <= 1')
    served.counters.errorCounter.set(0, error, 3n)
    await using live = await EventReader.open(`${served.url}/live`)
    const first = (await live.next(({ data }) => (data as LiveView).detail.system !== null)).data as LiveView
    expect(first.instances).toMatchObject([{ name: 'one', status: 'connected', leading: true }])
    expect(first.detail).toMatchObject({
      name: 'one',
      nodes: [{ name: 'ip4-lookup', vectors: 40, vectorsPerCall: 4 }],
      errors: [{ node: 'ip4-input', reason: 'ip4 ttl <= 1', count: 3 }],
    })
    served.counters.counter('rx').add(0, 0, 1000n, 64_000n)
    const { data } = await live.next(({ data: view }) => {
      return ((view as LiveView).detail.interfaces[0]?.rates?.rxPackets ?? 0) > 0
    })
    expect((data as LiveView).detail.interfaces).toMatchObject([
      { name: 'local0', counters: { rxPackets: 1000, rxBytes: 64_000 } },
    ])
  })

  it('however many look, the stats of a VPP have one reader, and its interfaces are asked for once', async () => {
    await using served = await serve()
    await using one = await EventReader.open(`${served.url}/live`)
    await using other = await EventReader.open(`${served.url}/live?instance=one`)
    const first = await Promise.all([one.next(), other.next()])
    expect((first[0].data as LiveView).at).toBe((first[1].data as LiveView).at)
    await served.ask('GET', '/interfaces')
    await ask(served.metrics)
    expect(served.publisher.clients).toBe(1)
    const asked = served.vpp.requests.count('sw_interface_dump')
    const second = await Promise.all([one.next(), other.next()])
    expect((second[0].data as LiveView).at).toBe((second[1].data as LiveView).at)
    expect(served.vpp.requests.count('sw_interface_dump')).toBeLessThanOrEqual(asked + 1)
  })

  it('several VPPs: each has its own items', async () => {
    await using served = await serve({ more: ['two'] })
    const path = '/api/v1/instances/two/routes'
    await served.ask('POST', `${path}?wait=true`, { prefix: '10.0.0.0/8', drop: true })
    expect((await served.ask('GET', path)).body).toMatchObject({ total: 1 })
    expect((await served.ask('GET', '/routes?instance=two')).body).toMatchObject({ total: 1 })
    expect((await served.ask('GET', '/routes')).body).toMatchObject({ total: 0 })
    await using live = await EventReader.open(`${served.url}/live?instance=two`)
    expect((await live.next()).data).toMatchObject({
      instances: [{ name: 'one' }, { name: 'two', items: { applied: 1 } }],
      detail: { name: 'two' },
    })
    expect((await served.ask('GET', '/live?instance=three')).status).toBe(404)
  })

  it('commands of the CLI: those that show something, unless the configuration says otherwise', async () => {
    await using served = await serve()
    const shown = await served.ask('POST', '/vpp/command', { command: 'show version' })
    expect((shown.body as { output: string }).output).toContain(versionOfRelease())
    for (const command of ['create loopback interface', 'exec /etc/passwd', 'showx', ' set interface']) {
      const refused = await served.ask('POST', '/vpp/command', { command })
      expect([command, refused.status]).toEqual([command, 403])
    }
    const lines = await served.ask('POST', '/vpp/command', { command: 'show version\nexec /tmp/x' })
    expect(lines.status).toBe(400)
    await using free = await serve({ rest: { commands: 'all' } })
    // What VPP says of a command that failed is told, and one that takes its time ends the request alone.
    const failed = await free.ask('POST', '/vpp/command', { command: 'set interface state nothing up' })
    const said = free.vpp.cli('set interface state nothing up').reply.trim()
    expect(said).not.toBe('')
    expect(failed.status).toBe(422)
    expect(failed.body).toMatchObject({
      code: 'AGENT_COMMAND',
      detail: expect.stringContaining(said) as string,
    })
    const silent = free.vpp.faults.add({ message: 'cli_inband', effect: { kind: 'ignore' } })
    const late = await free.ask('POST', '/vpp/command?timeout=50', { command: 'show version' })
    expect(late.body).toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    silent.remove()
    await free.ask('POST', '/vpp/command', { command: 'create loopback interface' })
    expect([...free.vpp.model.interfaces].map(({ name }) => name)).toContain('loop0')
  })

  it(
    'VPP is killed and comes back: not ready meanwhile, then all is there again',
    { timeout: 60_000 },
    async () => {
      await using folder = await temporaryFolder()
      const socket = join(folder.path, 'api.sock')
      let vpp = await Program.simulator(socket)
      try {
        await using agent = Program.agent('--config', writeConfig(folder.path, socket))
        const line = await agent.line((text) => text.includes('"msg":"REST"'))
        const { url } = JSON.parse(line) as { url: string }
        const put = await ask(`${url}/desired?wait=true`, 'POST', [
          { kind: 'interface', ...LOOPBACK },
          { kind: 'route', prefix: '10.0.0.0/8', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
        ])
        expect(put.status).toBe(200)
        await using events = await EventReader.open(`${url}/events`)
        await vpp.kill()
        await events.next(({ data }) => (data as { status?: string }).status === 'disconnected')
        const away = await ask(`${url}/health`)
        expect([away.status, away.body]).toMatchObject([503, { live: true, ready: false }])
        expect((await ask(`${url}/health/live`)).status).toBe(200)
        const plan = await ask(`${url}/plan`)
        expect([plan.status, plan.headers.get('retry-after')]).toEqual([503, '1'])

        vpp = await Program.simulator(socket)
        await events.next(({ type }) => type === 'resync')
        expect((await ask(`${url}/health`)).status).toBe(200)
        expect((await ask(`${url}/interfaces/lan`)).body).toMatchObject({ interface: { adminUp: true } })
        expect((await ask(`${url}/desired?state=applied`)).body).toMatchObject({ total: 2 })
      } finally {
        await vpp.kill()
      }
    },
  )
})
