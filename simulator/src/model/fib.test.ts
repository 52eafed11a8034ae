import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SOURCE } from './fib-sources.ts'
import { Fib } from './fib.ts'
import { makePath } from './route.ts'

const drop = makePath({ type: 2 })

function text(bits: number): string {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.')
}

function mask(bits: number, length: number): number {
  return length === 0 ? 0 : (bits & (-1 << (32 - length))) >>> 0
}

describe('the routing tables', () => {
  it('find the longest prefix, as a search through all routes does', () => {
    const prefixes = fc.array(fc.tuple(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 32 })), {
      maxLength: 50,
    })
    fc.assert(
      fc.property(
        prefixes,
        fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 20 }),
        (routes, addresses) => {
          const fib = new Fib()
          for (const [bits, length] of routes) fib.add(0, `${text(bits)}/${length}`, [drop])
          const near = routes.map(([bits]) => bits)
          for (const address of [...addresses, ...near]) {
            const found = fib.table(4, 0).lookup(text(address))
            const candidates = [...fib.table(4, 0)].filter(({ prefix }) => {
              const [network = '', length] = prefix.split('/')
              return text(mask(address, Number(length))) === network
            })
            const longest = candidates.sort(
              (a, b) => Number(b.prefix.split('/')[1]) - Number(a.prefix.split('/')[1]),
            )
            expect(found).toBe(longest[0])
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('let the best source win, and fall back to the next', () => {
    const fib = new Fib()
    const api = makePath({ nextHop: '10.0.0.1', swIfIndex: 1 })
    fib.add(0, '10.1.0.0/16', [drop], { source: SOURCE.CLI })
    const route = fib.add(0, '10.1.0.0/16', [api])
    expect(fib.pathsInForce(4, route)).toEqual([api])
    fib.remove(0, '10.1.0.0/16', [])
    expect(fib.pathsInForce(4, route)).toEqual([drop])
    fib.remove(0, '10.1.0.0/16', [], { source: SOURCE.CLI })
    expect(fib.table(4, 0).get('10.1.0.0/16')).toBeUndefined()
  })

  it('give the counters of removed routes to new ones', () => {
    const fib = new Fib()
    const { statsIndex } = fib.add(0, '10.1.0.0/16', [drop])
    fib.remove(0, '10.1.0.0/16', [])
    expect(fib.add(0, '10.2.0.0/16', [drop]).statsIndex).toBe(statsIndex)
  })

  it('leave nothing behind of 1,000 recursive routes', () => {
    const fib = new Fib()
    const before = fib.table(4, 0).size
    const paths = [makePath({ nextHop: '192.0.2.1' }), makePath({ nextHop: '192.0.2.2' })]
    for (let i = 0; i < 1000; i++) fib.add(0, `10.${i >> 8}.${i & 255}.0/24`, paths)
    expect(fib.table(4, 0).size).toBe(before + 1002)
    for (let i = 0; i < 1000; i++) fib.remove(0, `10.${i >> 8}.${i & 255}.0/24`, [])
    expect(fib.table(4, 0).size).toBe(before)
  })
})
