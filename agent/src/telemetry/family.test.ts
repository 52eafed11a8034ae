import { describe, expect, it } from 'vitest'
import { textOf } from './family.ts'

describe('text of a family', () => {
  it('escapes what labels may have in them', () => {
    const samples = [{ labels: { a: 'x"\\\ny', b: '1' }, value: 1.5 }]
    expect(textOf({ name: 'f', help: 'What it is.', type: 'gauge', samples })).toBe(
      '# HELP f What it is.\n# TYPE f gauge\nf{a="x\\"\\\\\\ny",b="1"} 1.5\n',
    )
  })

  it('is empty without samples, and has no braces without labels', () => {
    expect(textOf({ name: 'f', help: '', type: 'gauge', samples: [] })).toBe('')
    expect(textOf({ name: 'f', help: 'h', type: 'counter', samples: [{ labels: {}, value: 2 }] })).toContain(
      '\nf 2\n',
    )
  })
})
