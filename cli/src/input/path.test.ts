import { describe, expect, it } from 'vitest'
import { formatSteps, parsePath } from './path.ts'

describe('paths', () => {
  it.each([
    ['sw_if_index', ['sw_if_index']],
    ['route.paths[0].nh.address.ip4', ['route', 'paths', 0, 'nh', 'address', 'ip4']],
    ['a[1][2].b', ['a', 1, 2, 'b']],
    ['swIfIndex', ['swIfIndex']],
  ])('%s', (text, steps) => {
    expect(parsePath(text)).toEqual(steps)
    expect(formatSteps(steps)).toBe(text)
  })

  it.each(['[0]', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a[65536]', 'a b', '1a', 'a.[0]'])(
    'refuses %s',
    (text) => {
      expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'CLI_USAGE' }) as Error)
    },
  )
})
