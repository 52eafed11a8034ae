import { describe, expect, it } from 'vitest'
import { schemaOfApi } from '../../testing/api-text.ts'
import { diffSchemas, filterByImpact } from './diff.ts'
import { differencesOf, type DiffReport } from './report.ts'

async function diff(before: string, after: string): Promise<DiffReport> {
  const files = (text: string) => ({ 'plugins/demo/demo.api': text })
  return diffSchemas(await schemaOfApi(files(before)), await schemaOfApi(files(after)))
}

const poke = (fields: string, options = '') =>
  `autoreply define poke { ${options} u32 client_index; u32 context; ${fields} };`

/** Changes of the message `poke`: kind, impact, text. */
async function changesOfPoke(before: string, after: string): Promise<(readonly string[])[]> {
  const { messages } = await diff(before, after)
  const found = messages.find(({ name }) => name === 'poke')
  return found?.changes.map(({ kind, impact, text }) => [kind, impact, text]) ?? []
}

describe('fields of a message', () => {
  it.each([
    ['u8 a;', 'u8 a; u32 b;', ['field-added', 'wire', 'field u32 b added behind a']],
    ['u8 a; u32 b;', 'u32 b;', ['field-removed', 'wire', 'field u8 a removed']],
    ['u8 a; u32 b;', 'u8 c; u32 b;', ['field-renamed', 'wire', 'field a is now called c']],
    ['u8 a; u32 b;', 'u16 a; u32 b;', ['field-type', 'wire', 'type of a: u8 is now u16']],
    ['u8 a; u32 b; u16 c;', 'u32 b; u16 c; u8 a;', ['field-order', 'wire', 'field a moved']],
    ['u8 a[4];', 'u8 a[6];', ['field-length', 'wire', 'length of a: u8[4] is now u8[6]']],
    ['string a[32];', 'string a[64];', ['field-length', 'wire', 'length of a: string[32] is now string[64]']],
    ['string a[32];', 'string a[];', ['field-length', 'wire', 'length of a: string[32] is now string[]']],
    [
      'u8 n; u8 m; u8 a[n];',
      'u8 n; u8 m; u8 a[m];',
      ['field-length', 'wire', 'length of a: u8[n] is now u8[m]'],
    ],
    ['u8 a [default=1];', 'u8 a [default=2];', ['field-default', 'compile', 'default of a: 1 is now 2']],
    ['u8 a;', 'u8 a [default=2];', ['field-default', 'compile', 'default of a: none is now 2']],
    ['u8 a [limit=8];', 'u8 a [limit=4];', ['field-limit', 'compile', 'limit of a: 8 is now 4']],
    ['u8 a [limit=4];', 'u8 a [limit=8];', ['field-limit', 'compatible', 'limit of a: 4 is now 8']],
    ['u8 a [limit=4];', 'u8 a;', ['field-limit', 'compatible', 'limit of a: 4 is now none']],
    ['u8 a;', 'u8 a [hint=3];', ['field-option', 'compatible', 'hint of a: none is now 3']],
  ])('from "%s" to "%s"', async (before, after, expected) => {
    expect(await changesOfPoke(poke(before), poke(after))).toEqual([expected])
  })

  it('knows a type of the same bytes', async () => {
    const type = 'typedef u32 index;'
    const text = 'type of a: u32 is now index, the same bytes'
    expect(await changesOfPoke(type + poke('u32 a;'), type + poke('vl_api_index_t a;'))).toEqual([
      ['field-type', 'wire', text],
    ])
  })

  it('knows a count field that only has another name', async () => {
    const changes = await changesOfPoke(poke('u8 n; u8 a[n];'), poke('u8 count; u8 a[count];'))
    expect(changes.map(([kind]) => kind)).toEqual(['field-renamed', 'field-length'])
  })

  it('does not take a removed and an added field of different types for one', async () => {
    const changes = await changesOfPoke(poke('u8 a; u32 z;'), poke('u64 b; u32 z;'))
    expect(changes.map(([kind]) => kind)).toEqual(['field-removed', 'field-added'])
  })
})

describe('a message as a whole', () => {
  it.each([
    ['', 'option deprecated;', ['status', 'compatible', 'stable is now deprecated']],
    ['option in_progress;', '', ['status', 'compatible', 'in progress is now stable']],
    ['', 'option replaced_by="poke_v2";', ['status', 'compatible', 'stable is now replaced by poke_v2']],
    ['', 'option vat_help="x";', ['option', 'compatible', 'option vat_help: none is now x']],
  ])('from "%s" to "%s"', async (before, after, expected) => {
    expect(await changesOfPoke(poke('u8 a;', before), poke('u8 a;', after))).toEqual([expected])
  })

  it('tells what came and what went', async () => {
    const other = 'autoreply define other { u32 client_index; u32 context; };'
    const { messages } = await diff(poke('u8 a;'), other)
    expect(
      messages.map(({ name, impact, crc }) => [name, impact, typeof crc.before, typeof crc.after]),
    ).toEqual([
      ['other', 'compatible', 'undefined', 'string'],
      ['other_reply', 'compatible', 'undefined', 'string'],
      ['poke', 'wire', 'string', 'undefined'],
      ['poke_reply', 'wire', 'string', 'undefined'],
    ])
  })

  it('knows a renamed message by its shape', async () => {
    const named = (name: string) =>
      `autoreply define ${name} { u32 client_index; u32 context; u8 is_add; u64 cookie; };`
    const { messages } = await diff(named('poke'), named('prod'))
    const prod = messages.find(({ name }) => name === 'prod')
    expect(prod?.changes).toMatchObject([{ kind: 'renamed', impact: 'wire', before: 'poke', after: 'prod' }])
    expect(messages.map(({ name }) => name)).not.toContain('poke')
  })
})

describe('types', () => {
  const use = (type: string) => `${type} ${poke('vl_api_it_t it;')}`

  it.each([
    ['enum it : u8 { A, };', 'enum it : u8 { A, B, };', 'member-added', 'wire'],
    ['enum it : u8 { A, };', 'enum it : u8 { A, B [backwards_compatible], };', 'member-added', 'compatible'],
    ['enum it : u8 { A, B, };', 'enum it : u8 { A, };', 'member-removed', 'wire'],
    ['enum it : u8 { A, B, };', 'enum it : u8 { A, C, };', 'member-renamed', 'wire'],
    ['enum it : u8 { A, B = 1, };', 'enum it : u8 { A, B = 2, };', 'member-value', 'wire'],
    ['enum it : u8 { A = 0, B = 1, };', 'enum it : u8 { B = 1, A = 0, };', 'enum-order', 'wire'],
    ['enum it : u8 { A, B, };', 'enum it : u8 { A, B [backwards_compatible], };', 'enum-crc', 'wire'],
    ['enum it : u8 { A, };', 'enum it : u32 { A, };', 'enum-base', 'wire'],
    ['enum it : u8 { A, };', 'enumflag it : u8 { A, };', 'enum-flags', 'compile'],
    ['typedef u32 it;', 'typedef u64 it;', 'alias-target', 'wire'],
    [
      'typedef u32 idx; typedef u32 it;',
      'typedef u32 idx; typedef vl_api_idx_t it;',
      'alias-target',
      'compile',
    ],
    ['typedef it { u8 a; };', 'typedef it { u8 a; u8 b; };', 'field-added', 'wire'],
    ['typedef it { u8 a [default=1]; };', 'typedef it { u8 a [default=2]; };', 'field-default', 'compile'],
    ['union it { u8 a; u32 b; };', 'union it { u8 a; u64 b; };', 'field-type', 'wire'],
    ['typedef it { u8 a; };', 'union it { u8 a; };', 'kind', 'wire'],
  ])('from "%s" to "%s"', async (before, after, kind, impact) => {
    const { types, messages } = await diff(use(before), use(after))
    const changes = types.find(({ name }) => name === 'it')?.changes
    expect(changes?.map((item) => [item.kind, item.impact])).toEqual([[kind, impact]])
    const via = messages.find(({ name }) => name === 'poke')?.via ?? []
    const expected = impact === 'compatible' ? [] : [{ type: 'it', path: 'it', impact, behindAlias: false }]
    expect(via).toMatchObject(expected)
    expect(via).toHaveLength(expected.length)
  })

  it('are found through nested types and behind aliases, where CRCs show less', async () => {
    const text = (field: string) => `
      typedef inner { u8 ${field}; };
      typedef outer { u32 x; vl_api_inner_t deep; };
      typedef vl_api_inner_t other;
      autoreply define direct { u32 client_index; u32 context; vl_api_outer_t o; };
      autoreply define hidden { u32 client_index; u32 context; vl_api_other_t o; };`
    const { messages } = await diff(text('a'), text('b'))
    expect(messages.map(({ name, impact, via }) => [name, impact, via.map(({ path }) => path)])).toEqual([
      ['direct', 'wire', ['o.deep']],
      ['hidden', 'compile', ['o']],
    ])
    const hidden = messages.find(({ name }) => name === 'hidden')
    expect(hidden?.via).toMatchObject([{ behindAlias: true }])
    expect(hidden?.crc.before).toBe(hidden?.crc.after)
  })

  it('keep their identity when they get another name, or move to another file', async () => {
    const renamed = await diff(
      'typedef pair { u8 left; u32 right; };',
      'typedef couple { u8 left; u32 right; };',
    )
    expect(renamed.types).toMatchObject([{ name: 'couple', changes: [{ kind: 'renamed', before: 'pair' }] }])
    const type = 'typedef pair { u8 left; u32 right; };'
    const moved = diffSchemas(
      await schemaOfApi({ 'plugins/a/a.api': type, 'plugins/b/b.api': 'option version="1.0.0";' }),
      await schemaOfApi({ 'plugins/a/a.api': 'option version="1.0.0";', 'plugins/b/b.api': type }),
    )
    expect(moved.types).toMatchObject([
      { name: 'pair', module: 'b', impact: 'compile', changes: [{ kind: 'moved', before: 'a', after: 'b' }] },
    ])
  })

  it('of a file that one side only imports are compared where they are used', async () => {
    const user =
      'import "vnet/pair.api"; autoreply define poke { u32 client_index; u32 context; vl_api_pair_t p; };'
    const whole = await schemaOfApi({ 'vnet/pair.api': 'typedef pair { u8 a; };', 'vnet/user.api': user })
    const part = { ...whole, modules: new Map([...whole.modules].filter(([name]) => name === 'user')) }
    expect(differencesOf(diffSchemas(whole, part))).toEqual([])
    expect(differencesOf(diffSchemas(part, whole))).toEqual([])
  })
})

describe('services and modules', () => {
  const messages = `
    define a_dump { u32 client_index; u32 context; };
    define b_dump { u32 client_index; u32 context; };
    define a_details { u32 context; u8 x; };
    define b_details { u32 context; u8 y; };
    define want { u32 client_index; u32 context; u8 pid; };
    define want_reply { u32 context; i32 retval; };
    define e1 { u32 client_index; u8 x; };`
  const services = (details: string, events: string) => `${messages}
    ${events.includes('e2') ? 'define e2 { u32 client_index; u8 y; };' : ''}
    service { rpc a_dump returns stream ${details}; rpc want returns want_reply events ${events}; };`

  it('are told by what the generated method returns', async () => {
    const { services: found } = await diff(services('a_details', 'e1, e2'), services('b_details', 'e1'))
    expect(
      found.map(({ name, impact, changes }) => [name, impact, ...changes.map(({ text }) => text)]),
    ).toEqual([
      ['a_dump', 'compile', 'returned a_details, now b_details'],
      ['want', 'compile', 'event e2 no longer declared'],
    ])
  })

  it('are told with their versions, counters and paths', async () => {
    const counters = (name: string) =>
      `counters c { ${name} { severity error; type counter64; units "packets"; description "d"; }; };`
    const text = (version: string, name: string) =>
      `option version = "${version}"; ${counters(name)} paths { "/err/c" "c"; };`
    const { modules } = await diff(text('1.0.0', 'old'), text('1.1.0', 'new'))
    expect(modules).toMatchObject([
      {
        name: 'demo',
        impact: 'compile',
        changes: [
          { kind: 'version', before: '1.0.0', after: '1.1.0', impact: 'compatible' },
          { kind: 'counter', impact: 'compile', path: 'c.old error counter64 packets' },
          { kind: 'counter', impact: 'compatible', path: 'c.new error counter64 packets' },
        ],
      },
    ])
  })
})

it('filters by impact', async () => {
  const report = await diff(
    poke('u8 a [default=1]; u8 b;'),
    poke('u8 a [default=2]; u8 b;', 'option deprecated;'),
  )
  const kinds = (limit: 'wire' | 'compile' | 'compatible') =>
    differencesOf(filterByImpact(report, limit)).map(({ name }) => name)
  expect(kinds('compatible')).toEqual(['poke', 'poke_reply'])
  expect(kinds('compile')).toEqual(['poke'])
  expect(kinds('wire')).toEqual([])
})

it('says so when nothing explains a CRC', async () => {
  const schema = await schemaOfApi({ 'plugins/demo/demo.api': poke('u8 a;') })
  const [module] = schema.modules.values()
  if (module === undefined) throw new Error('no module')
  const odd = { ...module, messages: module.messages.map((item) => ({ ...item, crc: 'deadbeef' })) }
  const { messages } = diffSchemas(schema, { ...schema, modules: new Map([['demo', odd]]) })
  expect(messages.map(({ impact, changes }) => [impact, changes.map(({ kind }) => kind)])).toEqual([
    ['wire', ['crc']],
    ['wire', ['crc']],
  ])
})

it('tells when a module leaves the core for a plugin, which a VPP may not load', async () => {
  const define = 'autoreply define poke { u32 client_index; u32 context; };'
  const [core, plugin] = await Promise.all(
    ['vnet/x/x.api', 'plugins/x/x.api'].map((path) => schemaOfApi({ [path]: define })),
  )
  if (core === undefined || plugin === undefined) throw new Error('no definitions')
  const kinds = (report: ReturnType<typeof diffSchemas>) =>
    report.modules.flatMap(({ changes }) => changes.map(({ kind, impact }) => [kind, impact]))
  expect(kinds(diffSchemas(core, plugin))).toEqual([['origin', 'compile']])
  expect(kinds(diffSchemas(plugin, core))).toEqual([['origin', 'compatible']])
  expect(kinds(diffSchemas(core, core))).toEqual([])
})
