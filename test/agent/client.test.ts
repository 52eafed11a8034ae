import { OPERATIONS, agentClient } from '@vpp-ts/agent/client'
import { describe, expect, it } from 'vitest'
import { serve } from './served.ts'

interface Parameter {
  readonly in: string
  readonly name: string
}
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>
  >
}

describe('the typed client', () => {
  it('has every operation of the OpenAPI document, with the parameters of its query, and no other', async () => {
    await using served = await serve()
    const { paths } = (await served.ask('GET', '/openapi.json')).body as Document
    const collections = [...served.agent.kinds.items.values()].map(({ collection }) => collection.path)
    const documented = new Map<string, string[]>()
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { parameters = [] }] of Object.entries(operations)) {
        const names = parameters.filter((it) => it.in === 'query' && it.name !== 'instance')
        documented.set(`${method.toUpperCase()} ${path}`, names.map(({ name }) => name).sort())
      }
    }
    for (const { method, path, query, ofInstance } of Object.values(OPERATIONS)) {
      const whole = ofInstance ? `/api/v1/instances/{instance}${path}` : `/api/v1${path}`
      const isOfKind = path.startsWith('/{collection}')
      const wanted = isOfKind ? collections.map((it) => whole.replace('{collection}', it)) : [whole]
      let known = 0
      const allowed = new Set<string>(query)
      for (const one of wanted) {
        const name = `${method} ${one}`
        const names = documented.get(name)
        if (names === undefined) continue
        known++
        // Of kinds, those alone that have tables take one.
        if (isOfKind) expect([name, names.filter((it) => !allowed.has(it))]).toEqual([name, []])
        else expect([name, names]).toEqual([name, [...query].sort()])
        documented.delete(name)
      }
      expect([path, known > 0]).toEqual([path, true])
    }
    expect([...documented.keys()]).toEqual([])
  })

  it('calls by name, and refusals are typed: code, remedy, the answer', async () => {
    await using served = await serve()
    const client = agentClient({ url: served.url })
    const { instances } = await client.instances()
    expect(instances.map(({ name }) => name)).toEqual(['one'])
    const body = { type: 'loopback' }
    const put = await client.putItem({ collection: 'interfaces', key: 'a/b', body, wait: true })
    expect(put).toMatchObject({ key: 'a/b', state: 'applied' })
    await expect(client.revision({ number: 9 })).rejects.toMatchObject({
      name: 'AgentClientError',
      code: 'AGENT_UNKNOWN_REVISION',
      status: 404,
      remedy: 'see GET /revisions',
    })
    await expect(client.plan({ instance: 'two' })).rejects.toMatchObject({ code: 'AGENT_UNKNOWN_INSTANCE' })
    const nowhere = agentClient({ url: 'http://127.0.0.1:1' })
    await expect(nowhere.info()).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE', problem: undefined })
    expect(() => agentClient({ url: 'ftp://x' })).toThrow('expected http://HOST:PORT')
  })

  it('follows events', async () => {
    await using served = await serve()
    const client = agentClient({ url: served.url })
    const stop = new AbortController()
    const events = client.follow({ kind: 'item', lastEventId: 'none', signal: stop.signal })
    const first = events.next()
    await client.putItems({ body: [{ kind: 'interface', type: 'loopback', name: 'lan' }], wait: true })
    expect((await first).value).toMatchObject({ type: 'item', data: { item: { key: 'lan' } } })
    stop.abort()
    expect((await events.next()).done).toBe(true)
  })
})
