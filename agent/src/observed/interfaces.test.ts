import type { RpcConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../kinds/built-in.ts'
import type { RouteValue } from '../kinds/route/value.ts'
import { loseInterfaces } from './interfaces.ts'
import { Observed } from './observed.ts'

const COUNT = 20_000

async function routes(): Promise<Observed> {
  const observed = new Observed({} as RpcConnection, 'test')
  const all = Array.from({ length: COUNT }, (_, at) => {
    const prefix = `20.${at >> 8}.${at & 255}.0/24`
    const paths = [{ nextHop: '10.0.0.2', interface: `wan${at % 10}`, weight: 1, preference: 0 }]
    const value: RouteValue = { table: 0, prefix, paths, action: 'forward' }
    return { kind: 'route', key: `0/${prefix}`, value }
  })
  await observed.replace('route', [all])
  return observed
}

describe('interfaces that have gone', () => {
  it('leave the routes through them dead, gone through one by one', async () => {
    const observed = await routes()
    const names = new Set(['wan3', 'wan7'])
    let steps = 0
    let lost = 0
    for (const actual of loseInterfaces(observed, KINDS, names, 'route')) {
      steps++
      if (actual === undefined) continue
      lost++
      // As it was, for whoever wants to know what is concerned.
      expect((actual.value as RouteValue).dead).toBeUndefined()
    }
    // Whoever asks may pause after each.
    expect(steps).toBe(COUNT)
    expect(lost).toBe(COUNT / 5)
    const dead = [...observed.of<RouteValue>('route')].filter(({ value }) => value.dead === true)
    expect(dead).toHaveLength(COUNT / 5)
    expect(new Set(dead.map(({ value }) => value.paths[0]?.interface))).toEqual(names)
  })
})
