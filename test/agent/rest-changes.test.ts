import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { LmdbStore } from '@vpp-ts/agent'
import { describe, expect, it, vi } from 'vitest'
import { Running } from './running.ts'
import { ask, serve, type Served } from './served.ts'

const MEMIF = { type: 'memif', name: 'peer', role: 'master', secret: 'hunter2-hunter2-hunter2' }

function drops(...prefixes: string[]): object[] {
  return prefixes.map((prefix) => ({ kind: 'route', prefix, drop: true }))
}

async function prefixesOf(served: Served): Promise<string[]> {
  const { body } = await served.ask('GET', '/routes')
  return (body as { items: { item: { prefix: string } }[] }).items.map(({ item }) => item.prefix).sort()
}

describe('requests that change items', () => {
  it('a path names the item: the body need not, and prefixes and names need not be encoded', async () => {
    await using served = await serve()
    const put = await served.ask('PUT', '/routes/10.0.0.0/8?table=5&wait=true', { drop: true })
    expect([put.status, put.headers.get('location'), put.body]).toMatchObject([
      201,
      '/api/v1/instances/one/routes/10.0.0.0%2F8?table=5',
      { key: '5/10.0.0.0/8' },
    ])
    expect((await served.ask('GET', '/api/v1/instances/one/routes/10.0.0.0/8?table=5')).status).toBe(200)
    expect((await served.ask('PUT', '/interfaces/a/b?wait=true', { type: 'loopback' })).status).toBe(201)
    expect((await served.ask('POST', '/interfaces/a/b/state', { adminUp: false })).status).toBe(202)
    const bodies = [
      ['bridge-domains/7', {}],
      ['memif-sockets/7', { path: '/run/vpp/7.sock' }],
      ['acls/web', { rules: [{ action: 'permit' }] }],
      ['neighbours/a/b/192.0.2.9', { mac: '02:00:00:00:00:09' }],
      ['nat44-statics/tcp/203.0.113.5/80/0', { localAddress: '10.0.0.5', localPort: 80 }],
    ] as const
    for (const [path, body] of bodies) {
      expect([path, (await served.ask('PUT', `/${path}`, body)).status]).toEqual([path, 202])
      expect([path, (await served.ask('GET', `/${path}`)).status]).toEqual([path, 200])
    }
    const other = await served.ask('PUT', '/routes/10.0.0.0/8', { prefix: '11.0.0.0/8', drop: true })
    expect([other.status, other.body]).toMatchObject([400, { code: 'AGENT_INVALID_ITEM' }])
  })

  it('methods that a path does not take are told, with those that it does', async () => {
    await using served = await serve()
    for (const [method, path, allow] of [
      ['DELETE', '/plan', 'GET, HEAD, POST'],
      ['PATCH', '/routes/10.0.0.0/8', 'DELETE, GET, HEAD, PUT'],
      ['PUT', '/api/v1/instances/one/resync', 'POST'],
    ] as const) {
      const answer = await served.ask(method, path)
      expect([path, answer.status, answer.headers.get('allow'), answer.body]).toMatchObject([
        path,
        405,
        allow,
        { code: 'AGENT_METHOD' },
      ])
    }
    expect((await served.ask('GET', '/nowhere')).body).toMatchObject({ code: 'AGENT_NOT_FOUND' })
  })

  it('a change happens only while the item is what the caller takes it for', async () => {
    await using served = await serve()
    const url = `${served.url}/routes/10.0.0.0/8`
    const body = { drop: true }
    const first = await ask(url, 'PUT', body, { 'if-none-match': '*' })
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"\w+"$/)
    expect((await ask(url)).headers.get('etag')).toBe(tag)
    const again = await ask(url, 'PUT', body, { 'if-none-match': '*' })
    expect([again.status, again.body]).toMatchObject([412, { code: 'AGENT_PRECONDITION' }])
    const other = { paths: [{ nextHop: '192.0.2.9' }] }
    const second = await ask(url, 'PUT', other, { 'if-match': tag })
    expect(second.status).toBe(202)
    expect(second.headers.get('etag')).not.toBe(tag)
    expect((await ask(url, 'DELETE', undefined, { 'if-match': tag })).status).toBe(412)
    expect((await ask(url, 'DELETE', undefined, { 'if-match': '*' })).status).toBe(202)
    expect((await ask(url, 'PUT', body, { 'if-match': '*' })).status).toBe(412)
  })

  it('secrets are in no answer, and an answer can be put back', async () => {
    await using served = await serve()
    const url = '/interfaces/peer'
    const put = await served.ask('PUT', `${url}?wait=true`, MEMIF)
    const found = await served.ask('GET', url)
    const { item } = (found.body as { desired: { item: Record<string, unknown> } }).desired
    expect(item['secret']).toBe('********')
    const back = await served.ask('PUT', `${url}?wait=true`, { ...item, mtu: 1400 })
    expect(back.status).toBe(200)
    const { declared } = served.agent.instance('one')
    expect(await declared.given({ kind: 'interface', key: 'peer' })).toMatchObject({
      secret: MEMIF.secret,
      mtu: 1400,
    })
    const none = await served.ask('PUT', '/interfaces/other', { ...item, name: 'other', id: 2 })
    expect([none.status, none.body]).toMatchObject([400, { problems: [{ field: 'secret' }] }])
    const paths = [
      '/desired',
      '/plan',
      '/actual',
      '/events',
      '/revisions',
      '/revisions/1',
      '/revisions/2',
      url,
      '/interfaces',
      '/trace',
      '/conflicts',
    ]
    const answers = await Promise.all(paths.map(async (path) => (await served.ask('GET', path)).text))
    const wrong = await served.ask('PUT', url, { ...MEMIF, secret: `${MEMIF.secret}x`, role: 'none' })
    expect([put.text, found.text, back.text, none.text, wrong.text, ...answers].join('\n')).not.toContain(
      'hunter2',
    )
  })

  it('revisions are told with author, comment and difference, and can be gone back to', async () => {
    await using served = await serve()
    await served.ask('POST', '/desired?author=ann&comment=first', drops('10.0.0.0/8', '11.0.0.0/8'))
    await served.ask('PUT', '/routes/10.0.0.0/8?author=bob', { paths: [{ nextHop: '192.0.2.9' }] })
    expect((await served.ask('GET', '/revisions')).body).toMatchObject({
      last: 2,
      revisions: [
        { number: 2, author: 'bob', comment: null, created: 0, changed: 1, removed: 0 },
        { number: 1, author: 'ann', comment: 'first', created: 2 },
      ],
    })
    const { diff } = (await served.ask('GET', '/revisions/2')).body as { diff: string }
    expect(diff).toMatch(/^@@ route 0\/10\.0\.0\.0\/8 @@\n origin: api\n kind: route\n/)
    expect(diff).toContain('-drop: true\n')
    expect(diff).toContain('+  - nextHop: 192.0.2.9\n')
    const back = await served.ask('POST', '/revisions/1/rollback?author=eve')
    expect([back.status, back.body]).toEqual([
      202,
      { revision: 3, created: 0, changed: 1, removed: 0, problems: [] },
    ])
    expect((await served.ask('GET', '/routes/10.0.0.0/8')).body).toMatchObject({ item: { drop: true } })
    await served.ask('POST', '/revisions/0/rollback')
    expect(await prefixesOf(served)).toEqual([])
    expect((await served.ask('GET', '/revisions/77')).body).toMatchObject({ code: 'AGENT_UNKNOWN_REVISION' })
  })

  it('a change that is not confirmed goes back by itself, and can be undone before', async () => {
    await using served = await serve()
    const { declared } = served.agent.instance('one')
    await served.ask('POST', '/desired', drops('10.0.0.0/8'))
    await served.ask('POST', '/desired?confirm=1s', drops('11.0.0.0/8'))
    expect((await served.ask('GET', '/confirmation')).body).toMatchObject({ confirmation: { revision: 2 } })
    while (declared.confirmation !== undefined) await declared.state.changes.wait(1000)
    expect(await prefixesOf(served)).toEqual(['10.0.0.0/8'])
    await served.ask('POST', '/desired?confirm=10m', drops('12.0.0.0/8'))
    expect((await served.ask('POST', '/confirmation')).body).toMatchObject({ revision: 4 })
    await served.ask('POST', '/desired?confirm=10m', drops('13.0.0.0/8'))
    expect((await served.ask('DELETE', '/confirmation')).body).toEqual({ revision: 6 })
    expect((await served.ask('DELETE', '/confirmation')).body).toMatchObject({ code: 'AGENT_CONFIRMATION' })
    expect(await prefixesOf(served)).toEqual(['10.0.0.0/8', '12.0.0.0/8'])
    // So can a way back.
    await served.ask('POST', '/revisions/1/rollback?confirm=10m')
    expect(await prefixesOf(served)).toEqual(['10.0.0.0/8'])
    expect((await served.ask('POST', '/revisions/0/rollback?confirm=1m')).body).toMatchObject({
      code: 'AGENT_CONFIRMATION',
    })
    expect((await served.ask('DELETE', '/confirmation')).body).toEqual({ revision: 8 })
    expect(await prefixesOf(served)).toEqual(['10.0.0.0/8', '12.0.0.0/8'])
    expect((await served.ask('POST', '/desired?confirm=soon', [])).body).toMatchObject({
      code: 'AGENT_REQUEST',
    })
  })

  it('all or nothing: what VPP refuses undoes the whole change', async () => {
    await using served = await serve()
    served.vpp.faults.add({ message: 'create_loopback_instance', effect: { kind: 'retval', retval: -56 } })
    served.vpp.faults.add({ message: 'create_loopback', effect: { kind: 'retval', retval: -56 } })
    const items = [...drops('10.0.0.0/8'), { kind: 'interface', type: 'loopback', name: 'lan' }]
    const refused = await served.ask('POST', '/desired?allOrNothing=true&timeout=10000', items)
    expect([refused.status, refused.body]).toMatchObject([
      422,
      {
        code: 'AGENT_REFUSED',
        problems: [
          { field: 'interface lan', message: expect.stringContaining('VLAN_ALREADY_EXISTS') as string },
        ],
      },
    ])
    expect((await served.ask('GET', '/desired')).body).toMatchObject({ total: 0 })
    await served.agent.instance('one').settled()
    expect([...(served.vpp.model.fib.tables()[0] ?? [])].map(({ prefix }) => prefix)).not.toContain(
      '10.0.0.0/8',
    )
    const done = await served.ask('POST', '/desired?allOrNothing=true', drops('10.0.0.0/8', '11.0.0.0/8'))
    expect([done.status, done.body]).toMatchObject([200, { accepted: 2 }])
    expect((await served.ask('GET', '/confirmation')).body).toEqual({ confirmation: null })
    const wrong = await served.ask('POST', '/desired?allOrNothing=true', [
      ...drops('12.0.0.0/8'),
      { kind: 'moon' },
    ])
    expect([wrong.status, (await served.ask('GET', '/desired')).body]).toMatchObject([400, { total: 2 }])
  })

  it(
    'all or nothing: an agent that is killed amid it leaves nothing of it',
    { timeout: 60_000 },
    async () => {
      await using running = await Running.start()
      expect((await running.ask('POST', '/desired?wait=true', drops('10.0.0.0/8'))).status).toBe(200)
      // One part is in VPP while another one is never answered.
      const hung = running.vpp.faults.add({ message: 'create_loopback_instance', effect: { kind: 'ignore' } })
      const items = [...drops('11.0.0.0/8'), { kind: 'interface', type: 'loopback', name: 'lan' }]
      const asked = running.ask('POST', '/desired?allOrNothing=true&timeout=30000', items)
      const lost = expect(asked).rejects.toThrow('fetch failed')
      const prefixes = (): string[] =>
        [...(running.vpp.model.fib.tables()[0] ?? [])].map(({ prefix }) => prefix)
      await vi.waitFor(() => expect(prefixes()).toContain('11.0.0.0/8'), 20_000)
      await running.kill()
      await lost
      hung.remove()
      // Its time is over before the next one comes.
      const store = new LmdbStore(join(running.folder, 'store'))
      const { key, value } = (await store.list('one/confirm')).entries[0] ?? { key: '', value: '{}' }
      await store.put(key, JSON.stringify({ ...(JSON.parse(value) as object), until: Date.now() - 1 }))
      await store.close()
      await running.again()
      await vi.waitFor(async () => {
        const { body } = await running.ask('GET', '/desired')
        expect(body).toMatchObject({ total: 1, items: [{ item: { prefix: '10.0.0.0/8' } }] })
        expect(prefixes()).not.toContain('11.0.0.0/8')
      }, 20_000)
      expect(prefixes()).toContain('10.0.0.0/8')
      expect([...running.vpp.model.interfaces].map(({ name }) => name)).toEqual(['local0'])
      expect((await running.ask('GET', '/confirmation')).body).toEqual({ confirmation: null })
    },
  )

  it('an item of another origin is refused, taken over explicitly, and given back', async () => {
    await using served = await serve()
    await served.ask('PUT', '/desired?origin=netbox', drops('10.0.0.0/8', '11.0.0.0/8'))
    const other = { paths: [{ nextHop: '192.0.2.9' }] }
    const refused = await served.ask('PUT', '/routes/10.0.0.0/8', other)
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'AGENT_CONFLICT', detail: expect.stringContaining('"netbox"') as string },
    ])
    const many = await served.ask('POST', '/routes', [
      { prefix: '10.0.0.0/8', ...other },
      { prefix: '12.0.0.0/8', drop: true },
    ])
    expect([many.status, many.body]).toMatchObject([
      207,
      { items: [{ problem: { code: 'AGENT_CONFLICT' } }, { accepted: true }] },
    ])
    expect((await served.ask('DELETE', '/routes/10.0.0.0/8')).body).toMatchObject({ code: 'AGENT_CONFLICT' })
    await served.ask('PUT', '/routes/10.0.0.0/8?takeOver=true', other)
    expect((await served.ask('GET', '/routes/10.0.0.0/8')).body).toMatchObject({
      origin: 'api',
      others: [{ origin: 'netbox', agrees: false }],
    })
    expect((await served.ask('GET', '/origins')).body).toMatchObject({
      origins: expect.arrayContaining([
        { origin: 'netbox', items: 1 },
        { origin: 'api', items: 2 },
      ]) as unknown,
    })
    await served.ask('DELETE', '/routes/10.0.0.0/8')
    expect((await served.ask('GET', '/routes/10.0.0.0/8')).body).toMatchObject({
      origin: 'netbox',
      others: [],
    })
  })

  it("Redocly's linter has nothing to say of the OpenAPI document", async () => {
    await using served = await serve()
    const source = (await served.ask('GET', '/openapi.json')).text
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source, config })
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
  })
})
