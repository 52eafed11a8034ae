import { BUILT_IN, Kinds, describeKind, type ObjectDescriptor } from '@vpp-ts/agent'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serve } from './served.ts'

interface Lamp {
  readonly name: string
  readonly password: string
}

const schema = z.strictObject({
  kind: z.literal('lamp'),
  name: z.string(),
  password: z.string().default('none'),
})

/** A kind whose objects are in a map instead of a VPP. */
function lampsIn(lamps: Map<string, string>) {
  const object: ObjectDescriptor<Lamp> = {
    kind: 'lamp',
    itemsOf: ({ key }) => [{ kind: 'lamp', key }],
    dependsOn: () => [],
    look: () =>
      Promise.resolve(
        Array.from(lamps, ([name, password]) => ({ kind: 'lamp', key: name, value: { name, password } })),
      ),
    create(_vpp, { value: { name, password } }) {
      lamps.set(name, password)
      return Promise.resolve(undefined)
    },
    remove(_vpp, { key }) {
      lamps.delete(key)
      return Promise.resolve()
    },
    view: ({ name }) => ({ name }),
  }
  return describeKind<z.infer<typeof schema>, 'lamp'>({
    kind: 'lamp',
    schema,
    keyOf: ({ name }) => name,
    collection: { path: 'lamps', key: 'name', keyOfPath: (text) => text, fieldsOf: (name) => ({ name }) },
    secrets: ['password'],
    objects: [object],
    dump: { none: 'nobody asks' },
    *decompose({ name, password }, key) {
      yield { kind: 'lamp', key, value: { name, password } }
    },
  })
}

describe('a kind from outside', () => {
  it('has its paths, its schema and its place in the store like those that come with the agent', async () => {
    const lamps = new Map<string, string>()
    await using served = await serve({ kinds: new Kinds([...BUILT_IN, lampsIn(lamps)]) })
    const { ask, agent } = served
    const put = await ask('POST', '/lamps?wait=true', { name: 'hall', password: 'swordfish' })
    expect(put.status).toBe(201)
    expect(new URL(put.headers.get('location') ?? '', served.url).pathname).toMatch(/\/lamps\/hall$/)
    expect(Object.fromEntries(lamps)).toEqual({ hall: 'swordfish' })
    expect((await ask('POST', '/desired?wait=true', [{ kind: 'lamp', name: 'door' }])).status).toBe(200)
    expect((await ask('GET', '/lamps')).body).toMatchObject({ total: 2 })
    const told = await ask('GET', '/lamps/hall')
    expect(told.body).toMatchObject({
      item: { kind: 'lamp', password: '********' },
      status: { state: 'applied' },
    })
    expect((await ask('GET', '/revisions/1/diff')).text).not.toContain('swordfish')
    expect((await ask('GET', '/actual?kind=lamp')).body).toMatchObject({ total: 2 })
    const wrong = await ask('POST', '/lamps', { name: 'hall', colour: 'red' })
    expect(wrong.body).toMatchObject({ code: 'AGENT_INVALID_ITEM' })
    const document = (await ask('GET', '/openapi.json')).body as { paths: Record<string, unknown> }
    expect(Object.keys(document.paths)).toContain('/api/v1/instances/{instance}/lamps/{key}')
    expect((await ask('DELETE', '/lamps/door?wait=true')).status).toBe(204)
    expect([...lamps.keys()]).toEqual(['hall'])
    await agent.close()
    // An agent that does not know the kind leaves it alone.
    await using without = await serve({ store: { kind: 'lmdb', path: `${served.folder}/store` } })
    expect((await without.ask('GET', '/frozen')).body).toMatchObject({
      items: [{ kind: 'lamp', key: 'hall' }],
    })
    expect([...lamps.keys()]).toEqual(['hall'])
  })
})
