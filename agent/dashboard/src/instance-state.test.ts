import { describe, expect, it } from 'vitest'
import { instanceLook, troublesOf } from './instance-state.ts'
import type { LiveInstance } from './live-view.js'

const ITEMS = {
  applied: 5,
  pending: 0,
  waiting: 0,
  failed: 0,
  blocked: 0,
  conflict: 0,
  drifted: 0,
  frozen: 0,
  removing: 0,
}
const FINE: LiveInstance = {
  name: 'one',
  status: 'connected',
  message: null,
  pid: 7,
  leading: true,
  items: ITEMS,
  sources: [],
  confirmation: null,
  lastResync: null,
  lastEvent: 0,
}

describe('what an instance needs', () => {
  it('is nothing while all is applied', () => {
    expect(troublesOf(FINE)).toEqual([])
    expect(instanceLook(FINE)).toMatchObject({ tone: 'good', words: 'Connected' })
  })

  it.each([
    [{ waiting: 2 }, 'warning', '2 waiting'],
    [{ drifted: 1 }, 'warning', '1 drifted'],
    [{ failed: 1, waiting: 2 }, 'bad', '1 failed'],
    [{ blocked: 1000 }, 'bad', '1,000 blocked'],
  ])('is told in colour, the worst first: %o', (counts, tone, words) => {
    const instance = { ...FINE, items: { ...ITEMS, ...counts } }
    expect(troublesOf(instance)[0]).toMatchObject({ tone, words })
    expect(instanceLook(instance)).toMatchObject({ tone, icon: tone, words: 'Connected' })
  })

  it('counts sources and changes that are not confirmed', () => {
    const instance = {
      ...FINE,
      items: { ...ITEMS, pending: 1 },
      sources: [{ origin: 'folder', state: 'failed', problems: 1 } as const],
      confirmation: { revision: 3, until: '2026-01-01T00:00:00Z' },
    }
    expect(troublesOf(instance).map(({ words }) => words)).toEqual([
      'source folder cannot be read',
      '1 pending',
      'revision 3 not confirmed',
    ])
  })

  it('is less than that VPP is away', () => {
    const away = { ...FINE, status: 'disconnected', items: { ...ITEMS, waiting: 1 } } as const
    expect(instanceLook(away)).toMatchObject({ tone: 'bad', words: 'Disconnected' })
  })
})
