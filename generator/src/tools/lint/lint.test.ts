import { describe, expect, it } from 'vitest'
import { loadSchema } from '../../input/load.ts'
import { apiJson } from '../../testing/api-json.ts'
import { schemaOfApi } from '../../testing/api-text.ts'
import { bundled } from '../../testing/folder.ts'
import { schemaOf } from '../../testing/load.ts'
import { countsText, findingsText, lintSchema, RULES, rulesText } from './lint.ts'

const VERSION = 'option version = "1.0.0";'
const HEAD = 'u32 client_index; u32 context;'

/** Findings of one rule in a file of a plugin: name and text. */
async function find(rule: string, text: string): Promise<string[]> {
  const schema = await schemaOfApi({ 'plugins/demo/demo.api': `${VERSION} ${text}` })
  return lintSchema(schema, { rules: [rule] }).map(({ name, message }) => `${name}: ${message}`)
}

/** For each rule what it finds, and what it is silent about. */
const CASES: readonly (readonly [rule: string, bad: string, finding: string, good: string])[] = [
  [
    'message-name',
    `autoreply define doIt { ${HEAD} };`,
    'doIt: name is not in lower_case',
    `autoreply define do_it { ${HEAD} };`,
  ],
  ['type-name', 'typedef u8 it_t;', 'it_t: name has a mark that references get anyway', 'typedef u8 it;'],
  ['type-name', 'typedef u8 It;', 'It: name is not in lower_case', 'typedef u8 it;'],
  ['field-name', 'typedef it { u8 T1; };', 'it.T1: name is not in lower_case', 'typedef it { u8 t1; };'],
  ['enum-member-name', 'enum it { low, };', 'it.low: name is not in UPPER_CASE', 'enum it { LOW, };'],
  [
    'request-header',
    'autoreply define it { u32 context; u32 client_index; };',
    'it: starts with u32 context, u32 client_index',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'reply-header',
    `define it { ${HEAD} }; define it_reply { i32 retval; u32 context; };`,
    'it_reply: starts with i32 retval, u32 context',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'reply-retval',
    `define it { ${HEAD} }; define it_reply { u32 context; u8 x; };`,
    'it_reply: has no retval',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'reply-retval',
    `define it { ${HEAD} }; define it_reply { u32 context; u32 retval; };`,
    'it_reply: retval is u32',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'reply-retval',
    `define it { ${HEAD} }; define it_reply { u32 context; u8 x; i32 retval; };`,
    'it_reply: retval is field 3',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'event-header',
    `autoreply define want_it { ${HEAD} }; define it { u32 context; }; service { rpc want_it returns want_it_reply events it; };`,
    'it: starts with u32 context',
    `autoreply define want_it { ${HEAD} }; define it { u32 client_index; }; service { rpc want_it returns want_it_reply events it; };`,
  ],
  [
    'autoreply',
    `autoreply define it_dump { ${HEAD} }; define it_details { u32 context; }; service { rpc it_dump returns stream it_details; };`,
    'it_dump_reply: no service returns it: it_dump is answered by another message',
    `define it_dump { ${HEAD} }; define it_details { u32 context; };`,
  ],
  [
    'deprecate-older-version',
    `autoreply define it { ${HEAD} }; autoreply define it_v2 { ${HEAD} };`,
    'it: has the newer version it_v2 and is not deprecated',
    `autoreply define it { option deprecated; ${HEAD} }; autoreply define it_v2 { ${HEAD} };`,
  ],
  [
    'deprecate-older-version',
    `autoreply define it { ${HEAD} }; autoreply define it_v2 { ${HEAD} };`,
    'it: has the newer version it_v2 and is not deprecated',
    `autoreply define it { ${HEAD} }; autoreply define it_v2 { option in_progress; ${HEAD} };`,
  ],
  [
    'same-status',
    `define it { option deprecated; ${HEAD} }; define it_reply { u32 context; };`,
    'it_reply: is stable, its request it is deprecated',
    `autoreply define it { option deprecated; ${HEAD} };`,
  ],
  [
    'replaced-by',
    `autoreply define it { option replaced_by="gone"; ${HEAD} };`,
    'it: is replaced by gone, which does not exist',
    `autoreply define it { option replaced_by="new_it"; ${HEAD} }; autoreply define new_it { ${HEAD} };`,
  ],
  [
    'replaced-by',
    `autoreply define it { option replaced_by="new_it"; ${HEAD} }; autoreply define new_it { option deprecated; ${HEAD} };`,
    'it: is replaced by new_it, which is deprecated itself',
    `autoreply define it { ${HEAD} };`,
  ],
  [
    'unused-type',
    'typedef it { u8 x; };',
    'it: struct is used by no message',
    `typedef it { u8 x; }; autoreply define use { ${HEAD} vl_api_it_t it; };`,
  ],
  [
    'default-value',
    'enum it { A, }; typedef use { vl_api_it_t it [default=7]; };',
    'use.it: default 7 is not a value of it',
    'enum it { A, B, }; typedef use { vl_api_it_t it [default=1]; };',
  ],
  [
    'default-value',
    'enumflag it { A = 1, B = 2, }; typedef use { vl_api_it_t it [default=4]; };',
    'use.it: default 4 is not a value of it',
    'enumflag it { A = 1, B = 2, }; typedef use { vl_api_it_t it [default=3]; };',
  ],
]

describe('rules', () => {
  it.each(CASES)('%s', async (rule, bad, finding, good) => {
    expect(await find(rule, bad)).toContain(finding)
    expect(await find(rule, good)).toEqual([])
  })

  it('unused-message', async () => {
    // The importer refuses such a file, VPP's own tool in some versions does not.
    const schema = await schemaOf(apiJson('demo', { messages: [['lost', ['u32', 'context']]] }))
    expect(lintSchema(schema, { rules: ['unused-message'] })).toMatchObject([
      { name: 'lost', module: 'demo' },
    ])
  })

  it('file-version', async () => {
    const schema = await schemaOfApi({
      'plugins/a/a.api': 'option a;',
      'plugins/b/b.api': 'option version = "1.0";',
      'plugins/c/c.api': VERSION,
    })
    const found = lintSchema(schema, { rules: ['file-version'] })
    expect(found.map(({ module, message }) => [module, message])).toEqual([
      ['a', 'has no version'],
      ['b', 'version "1.0" is not of three numbers'],
    ])
  })

  it('module-name', async () => {
    const schema = await schemaOf(apiJson('demoModule'))
    expect(lintSchema(schema, { rules: ['module-name'] })).toMatchObject([{ module: 'demoModule' }])
  })

  it('unused-import', async () => {
    const files = (use: string) => ({
      'vnet/pair.api': 'typedef pair { u8 x; };',
      'vnet/user.api': `import "vnet/pair.api"; autoreply define it { ${HEAD} ${use} };`,
    })
    const lint = async (use: string) =>
      lintSchema(await schemaOfApi(files(use)), { rules: ['unused-import'] })
    expect(await lint('')).toMatchObject([
      { module: 'user', message: 'imports vnet/pair.api and uses nothing of it' },
    ])
    expect(await lint('vl_api_pair_t p;')).toEqual([])
  })

  describe('version-bump', () => {
    const file = async (version: string, fields: string, option = '') =>
      schemaOfApi({
        'plugins/a/a.api': `option version = "${version}"; autoreply define it { ${option} ${HEAD} ${fields} };`,
      })
    it.each([
      ['1.0.0', 'u8 x;', '1.0.0', 'u8 x;', []],
      ['1.0.0', 'u8 x;', '1.0.0', 'u8 x; u8 y;', ['a message broke, the version went from 1.0.0 to 1.0.0']],
      ['1.0.0', 'u8 x;', '1.1.0', 'u8 x; u8 y;', ['a message broke, the version went from 1.0.0 to 1.1.0']],
      ['1.0.0', 'u8 x;', '2.0.0', 'u8 x; u8 y;', []],
      [
        '1.0.0',
        'u8 x;',
        '1.0.0',
        'u8 x [default=1];',
        ['definitions have changed, the version went from 1.0.0 to 1.0.0'],
      ],
      ['1.0.0', 'u8 x;', '1.0.1', 'u8 x [default=1];', []],
    ])('%s with "%s", then %s with "%s"', async (before, old, after, now, expected) => {
      const found = lintSchema(await file(after, now), { rules: ['version-bump'] }, await file(before, old))
      expect(found.map(({ message }) => message)).toEqual(expected)
    })

    it('lets messages in progress change', async () => {
      const option = 'option in_progress;'
      const found = lintSchema(
        await file('1.1.0', 'u8 x; u8 y;', option),
        { rules: ['version-bump'] },
        await file('1.0.0', 'u8 x;', option),
      )
      expect(found).toEqual([])
    })
  })
})

describe('lintSchema', () => {
  it('finds in 26.06 what is known to be odd', async () => {
    const findings = lintSchema(await loadSchema({ input: bundled('26.06') }))
    const names = (rule: string) =>
      findings.filter((item) => item.rule === rule).map(({ name, module }) => name || module)
    expect(names('file-version')).toEqual(['sasc', 'selog'])
    expect(names('autoreply')).toEqual([
      'gre_tunnel_dump_reply',
      'gre_tunnel_v2_dump_reply',
      'mactime_dump_reply',
      'qos_mark_details_reply',
      'snort_instance_v2_details_reply',
    ])
    expect(names('type-name')).toEqual(['lb_lkp_type_t'])
    expect(names('default-value')).toEqual(['ip_session_redirect_add_v2.proto'])
    expect(names('event-header')).toContain('igmp_event')
  })

  it('applies the rules that are chosen', async () => {
    const schema = await schemaOfApi({ 'plugins/a/a.api': 'typedef It { u8 X; };' })
    const rules = (choice: Parameters<typeof lintSchema>[1]) =>
      lintSchema(schema, choice).map(({ rule }) => rule)
    expect(rules({})).toEqual(['file-version', 'type-name', 'unused-type', 'field-name'])
    expect(rules({ rules: ['type-name', 'field-name'], except: ['field-name'] })).toEqual(['type-name'])
    expect(rules({ except: ['type-name', 'file-version', 'unused-type'] })).toEqual(['field-name'])
    expect(() => rules({ except: ['no-such'] })).toThrow(/no rule "no-such"; there are: module-name, /)
    expect(() => rules({ rules: ['version-bump'] })).toThrow(/--since/)
  })

  it('prints findings and rules', async () => {
    const schema = await schemaOfApi({ 'plugins/a/a.api': `${VERSION} typedef It { u8 x; };` })
    const findings = lintSchema(schema, { rules: ['type-name'] })
    expect(findingsText(findings)).toBe(
      'plugins/a.api.json: It: name is not in lower_case; rename the type [type-name]\n1 finding\n',
    )
    expect(findingsText([])).toBe('no findings\n')
    expect(countsText(findings)).toBe('type-name  1\nall        1\n')
    expect(rulesText().split('\n')).toHaveLength(RULES.length + 1)
  })
})
