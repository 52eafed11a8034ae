import { describe, expect, it } from 'vitest'
import { routeObject } from './object.ts'
import type { RoutePath } from './schema.ts'
import type { RouteValue } from './value.ts'

const PATH: RoutePath = {
  nextHop: '10.0.0.2',
  interface: 'wan',
  labels: [{ label: 100, ttl: 0, exp: 0 }],
  weight: 1,
  preference: 0,
}

function routeOver(path: RoutePath): RouteValue {
  return { table: 0, prefix: '20.0.0.0/8', paths: [path], action: 'forward' }
}

describe('a route', () => {
  it('is the same when every path says the same', () => {
    expect(routeObject.compare?.(routeOver(PATH), routeOver(structuredClone(PATH)))).toBe('same')
  })

  it.each<Partial<RoutePath>>([
    { nextHop: '10.0.0.3' },
    { interface: 'lan' },
    { labels: [{ label: 100, ttl: 64, exp: 0 }] },
    { labels: undefined },
    { table: 7 },
    { weight: 2 },
    { preference: 1 },
  ])('is changed with %j', (change) => {
    expect(routeObject.compare?.(routeOver({ ...PATH, ...change }), routeOver(PATH))).toBe('update')
  })
})
