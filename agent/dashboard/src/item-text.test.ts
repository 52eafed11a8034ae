import { describe, expect, it } from 'vitest'
import { summaryOf, valueText } from './item-text.ts'

describe('items as text', () => {
  it('read like YAML', () => {
    const item = {
      name: 'web',
      rules: [{ action: 'permit', sourcePorts: { first: 0, last: 7 } }, { action: 'deny' }],
      ingress: ['lan', 'wan'],
      egress: [],
      tag: null,
    }
    expect(valueText(item)).toBe(
      [
        'name: web',
        'rules:',
        '  - action: permit',
        '    sourcePorts:',
        '      first: 0',
        '      last: 7',
        '  - action: deny',
        'ingress: [lan, wan]',
        'egress: []',
        '',
      ].join('\n'),
    )
  })

  it('say in a line what is not nothing, without the key', () => {
    const item = {
      kind: 'route',
      table: 0,
      prefix: '10.0.0.0/8',
      drop: false,
      local: true,
      paths: [{ nextHop: '192.0.2.1', weight: 1, preference: 0 }],
    }
    expect(summaryOf(item, ['table', 'prefix'])).toBe('local, paths nextHop 192.0.2.1, weight 1')
  })
})
