import { Schema } from '@vpp-ts/runtime/dynamic'
import { describe, expect, it } from 'vitest'
import { routeTable } from './route.ts'
import { schemaRoutes } from './schema-routes.ts'
import { DEMO, demoRoutes } from './testing/demo.ts'

describe('routes of a schema', () => {
  it('are the calls and the events, found by module and name', () => {
    const routes = demoRoutes()
    expect(routes.find('demo', 'poke')).toMatchObject({ name: 'poke', method: { kind: 'unary' } })
    expect(routes.find('demo', 'poke_dump')?.method.kind).toBe('dump')
    expect(routes.find('demo', 'poke_event')?.method).toMatchObject({
      kind: 'event',
      want: { enable: 'enable', pid: 'pid' },
    })
    expect(routes.all().map(({ name }) => name)).toEqual(['poke', 'poke_dump', 'want_pokes', 'poke_event'])
    expect(routes.all()).toBe(routes.all())
  })

  it.each([
    ['demo', 'poke_reply'],
    ['demo', 'constructor'],
    ['other', 'poke'],
    ['other', 'poke_event'],
  ])('are none for %s/%s', (module, name) => {
    expect(demoRoutes().find(module, name)).toBe(undefined)
  })

  it('leave out what is broken, and say why to who asks for it', () => {
    const broken = {
      ...DEMO,
      messages: DEMO.messages.map((message) =>
        message[0] === 'poke'
          ? ['poke', ['u16', '_vl_msg_id'], ['no_such_t', 'x'], { crc: '0x00000001' }]
          : message,
      ),
    }
    const routes = schemaRoutes(Schema.fromApiJson([broken]))
    expect(routes.all().map(({ name }) => name)).toEqual(['poke_dump', 'want_pokes', 'poke_event'])
    expect(() => routes.find('demo', 'poke')).toThrow('there is no type no_such_t')
  })
})

it('a table of routes leaves out what ends the connection', () => {
  const [poke] = demoRoutes().all()
  if (poke === undefined) throw new Error('there is a route')
  const table = routeTable([poke, { ...poke, module: 'memclnt', name: 'sockclnt_delete' }])
  expect(table.all()).toEqual([poke])
  expect(table.find('memclnt', 'sockclnt_delete')).toBe(undefined)
})
