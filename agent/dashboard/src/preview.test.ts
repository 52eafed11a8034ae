import { describe, expect, it } from 'vitest'
import { previewOf, type ProposedChange } from './preview.ts'

const NOTHING: ProposedChange = {
  changes: [],
  created: 0,
  changed: 0,
  removed: 0,
  items: [],
  conflicts: [],
  held: null,
}

describe('a preview', () => {
  it('tells changes of the items apart from those that are due anyway', () => {
    const change = (key: string) =>
      ({
        action: 'create',
        kind: 'neighbour',
        key,
        item: { kind: 'neighbour', key },
        fields: [],
        waitsFor: null,
        refusedBecause: null,
      }) as const
    const preview = previewOf({
      ...NOTHING,
      created: 1,
      changes: [change('lan/192.0.2.1'), change('wan/192.0.2.2')],
      items: [{ kind: 'neighbour', key: 'lan/192.0.2.1', diff: '@@ neighbour lan/192.0.2.1 @@\n+mac: x\n' }],
    })
    expect(preview).toEqual({
      summary: '1 item changed, 2 changes in VPP.',
      warnings: [],
      diff: [
        '@@ neighbour lan/192.0.2.1 @@',
        '+mac: x',
        '@@ In VPP @@',
        '+ neighbour lan/192.0.2.1',
        '@@ In VPP, due for other items @@',
        '+ neighbour wan/192.0.2.2',
        '',
      ].join('\n'),
    })
  })

  it('says what stands in the way', () => {
    const conflicts = [{ kind: 'vrf', key: '7', keeper: 'site' }]
    expect(previewOf({ ...NOTHING, conflicts, held: 'too many' })).toEqual({
      summary: 'No item is changed.',
      warnings: ['vrf 7 is declared by site.', 'too many'],
      diff: '',
    })
  })
})
