import { describe, expect, it } from 'vitest'
import { KINDS } from '../kinds/built-in.ts'
import { parseItems } from './bulk.ts'

const NOTHING = { kinds: KINDS, given: () => Promise.resolve(undefined) }

describe('items of a request', () => {
  it('stay in their places, each with what is wrong with it', async () => {
    const { count, put, problems } = await parseItems(
      NOTHING,
      [
        { prefix: '10.0.0.0/8', drop: true },
        7,
        { prefix: '10.1.1.1/8', drop: true },
        { prefix: '::/0', drop: true },
      ],
      'route',
    )
    expect(count).toBe(4)
    expect(Array.from(put, ({ ref }) => ref.key)).toEqual(['0/10.0.0.0/8', '0/::/0'])
    expect(problems.get(1)).toMatchObject({ status: 400, code: 'AGENT_INVALID_ITEM' })
    expect(problems.get(2)?.detail).toContain('the same as item 0')
  })

  it('let others have their turn while many are looked at', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({
      prefix: `10.0.${i >> 8}.${i & 255}/32`,
      drop: true,
    }))
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const { put } = await parseItems(NOTHING, many, 'route')
    clearInterval(timer)
    expect(put).toHaveLength(5000)
    expect(turns).toBeGreaterThan(1)
  })
})
