import { beforeAll, describe, expect, it } from 'vitest'
import { loadSchema } from '../../input/load.ts'
import { schemaOfApi } from '../../testing/api-text.ts'
import { bundled } from '../../testing/folder.ts'
import { Catalog } from '../catalog/catalog.ts'
import { yamlText } from '../print/yaml.ts'
import { matcher } from '../../schema/glob.ts'
import { listDefinitions } from './list.ts'
import { listText } from './print.ts'

let catalog: Catalog
beforeAll(async () => {
  catalog = new Catalog(await loadSchema({ input: bundled('26.06') }))
})

describe('listDefinitions', () => {
  it('lists everything once', () => {
    const counts = (['modules', 'messages', 'types', 'services'] as const).map((what) => {
      const items = listDefinitions(catalog, what)
      expect(new Set(items.map(({ module, name }) => `${module} ${name}`)).size, what).toBe(items.length)
      return items.length
    })
    expect(counts).toEqual([152, 2123, 168 + 134 + 10 + 7 + 9, 1044])
  })

  it('filters by name, module, state and type', () => {
    const names = (
      ...args: Parameters<typeof listDefinitions> extends [unknown, ...infer Rest] ? Rest : never
    ) => listDefinitions(catalog, ...args).map(({ name }) => name)
    expect(names('messages', { names: ['ip_route_*dump', 'control_ping'] })).toEqual([
      'ip_route_dump',
      'ip_route_v2_dump',
      'control_ping',
    ])
    expect(names('modules', { modules: ['nat??'] })).toEqual(['nat64', 'nat66'])
    expect(names('messages', { modules: ['tapv2'], state: 'deprecated' })).toEqual([
      'tap_create_v2',
      'tap_create_v2_reply',
    ])
    expect(names('messages', { uses: 'fib_path', modules: ['abf'] })).toEqual([
      'abf_policy_add_del',
      'abf_policy_details',
    ])
    expect(names('types', { uses: 'address', modules: ['ip_types'] })).toContain('prefix')
    expect(names('services', { names: ['want_interface_events'] })).toEqual(['want_interface_events'])
  })

  it('says what each is', () => {
    const one = (what: Parameters<typeof listDefinitions>[1], name: string) =>
      listDefinitions(catalog, what, { names: [name] })[0]
    expect(one('messages', 'sw_interface_details')).toMatchObject({
      role: 'details',
      state: 'stable',
      module: 'interface',
    })
    expect(one('messages', 'sw_interface_event')).toMatchObject({ role: 'event' })
    expect(one('types', 'if_status_flags')).toMatchObject({ kind: 'enum', of: 'u32', parts: 2 })
    expect(one('types', 'af_xdp_flag')).toMatchObject({ kind: 'enumflag', of: 'u8', parts: 2 })
    expect(one('types', 'ip4_address')).toMatchObject({ kind: 'alias', of: 'u8' })
    expect(one('services', 'want_interface_events')).toMatchObject({
      reply: 'want_interface_events_reply',
      details: null,
      events: ['sw_interface_event'],
    })
    expect(one('services', 'sw_interface_dump')).toMatchObject({
      reply: null,
      details: 'sw_interface_details',
    })
    expect(one('modules', 'ip')).toMatchObject({ version: '3.2.0', source: 'core/ip.api.json', messages: 95 })
  })
})

describe('listText', () => {
  it('prints columns, JSON and YAML', async () => {
    const small = new Catalog(
      await schemaOfApi({
        'plugins/demo/demo.api':
          'option version="1.0.0"; autoreply define it { u32 client_index; u32 context; };',
      }),
    )
    const items = listDefinitions(small, 'services')
    expect(listText(items, 'table')).toBe(
      'NAME  MODULE  REPLY     DETAILS  EVENTS\nit    demo    it_reply  -        -\n',
    )
    expect(JSON.parse(listText(items, 'json'))).toEqual(items)
    expect(listText(items, 'yaml')).toBe(
      '- name: it\n  module: demo\n  reply: it_reply\n  details: null\n  events: []\n',
    )
    expect(listText([], 'table')).toBe('')
    expect(listText(listDefinitions(small, 'modules'), 'table').split('\n')[0]).not.toContain('MODULE ')
  })

  it('quotes in YAML what could be read as something else', () => {
    const value = {
      a: 'true',
      b: '1.0',
      c: 'x: y',
      d: ['no', 2, null],
      e: { f: [] },
      g: {},
      h: [{ i: 1, j: [1] }],
      k: '',
    }
    expect(yamlText(value)).toBe(
      [
        'a: "true"',
        'b: "1.0"',
        'c: "x: y"',
        'd:',
        '  - "no"',
        '  - 2',
        '  - null',
        'e:',
        '  f: []',
        'g: {}',
        'h:',
        '  - i: 1',
        '    j:',
        '      - 1',
        'k: ""',
        '',
      ].join('\n'),
    )
  })
})

describe('matcher', () => {
  it.each([
    [[], 'anything', true],
    [['ip_*'], 'ip_dump', true],
    [['ip_*'], 'xip_dump', false],
    [['nat??'], 'nat64', true],
    [['nat??'], 'nat44_ed', false],
    [['a', 'b'], 'b', true],
    [['a.c'], 'abc', false],
  ])('%j and %s: %s', (patterns, name, expected) => {
    expect(matcher(patterns)(name)).toBe(expected)
  })
})
