import { describe, expect, it } from 'vitest'
import { formatDiagnostic } from './diagnostics.ts'
import { IdlError } from './errors.ts'
import { importText } from './import-text.ts'

type Files = Readonly<Record<string, string>>

function run(files: Files) {
  return importText(new Map(Object.entries(files)))
}

/** Imports one file named t.api that must be right. */
function one(text: string) {
  const { modules, warnings } = run({ 't.api': text })
  return { ...modules[0], warnings: warnings.map(formatDiagnostic) }
}

/** All errors of some files, one line each. */
function errorsOf(files: Files): string[] {
  try {
    run(files)
  } catch (error) {
    if (!(error instanceof IdlError)) throw error
    expect(error.code).toBe('BINAPI_INVALID')
    return error.diagnostics.map(formatDiagnostic)
  }
  return []
}

/** The only error of a text. */
function error(text: string): string | undefined {
  const errors = errorsOf({ 't.api': text })
  expect(errors).toHaveLength(1)
  return errors[0]
}

/** Types a0, a1 … of which each is made from the one before. */
function typeChain(length: number, fields: (index: number) => string): string {
  const types = Array.from({ length }, (_, i) => `typedef a${i + 1} { ${fields(i)} };`)
  return ['typedef a0 { u8 x; };', ...types].join('\n')
}

/** Files f0.api, f1.api … of which each imports the one before, this many times. */
function fileChain(length: number, times: number): Files {
  const importing = (index: number) => `import "f${index}.api";`.repeat(times)
  return Object.fromEntries(
    Array.from({ length }, (_, i) => [`f${i}.api`, i === 0 ? 'typedef u8 x;' : importing(i - 1)] as const),
  )
}

function single(index: number): string {
  return `vl_api_a${index}_t x;`
}

function double(index: number): string {
  return `vl_api_a${index}_t x; vl_api_a${index}_t y;`
}

describe('types', () => {
  it('must be defined before use', () => {
    expect(error('typedef a { vl_api_b_t x; };\ntypedef b { u8 y; };')).toBe(
      't.api:1:13: error IDL_TYPE: unknown type "vl_api_b_t": it is defined further down: move it before its use',
    )
    expect(error('typedef a { vl_api_a_t x; };')).toContain('unknown type "vl_api_a_t"')
    expect(error('typedef vl_api_b_t x;')).toContain('t.api:1:9: error IDL_TYPE: unknown type "vl_api_b_t"')
  })

  it('are spelled vl_api_<name>_t where they are used', () => {
    expect(error('typedef a { u8 x; }; typedef b { a x; };')).toBe(
      't.api:1:34: error IDL_TYPE: unknown type "a": built-in types are u8, u32, string …, others are written vl_api_a_t',
    )
    expect(error('typedef a { vl_api_a x; };')).toContain('unknown type "vl_api_a"')
    // A name that ends in _t itself is not an exception: exactly one prefix and suffix are added.
    expect(one('typedef a_t { u8 x; }; typedef b { vl_api_a_t_t x; };').json?.types).toHaveLength(2)
  })

  it('share one name space', () => {
    const others = [
      'typedef a { u8 x; };',
      'union a { u8 x; };',
      'enum a { A, };',
      'enumflag a { A, };',
      'typedef u8 a;',
    ]
    for (const other of others) {
      const found = error(`typedef a { u8 x; };\n${other}`)
      expect(found).toContain(
        'type "a" is defined twice, t.api:1 and t.api:2: keep one definition and import it',
      )
    }
    expect(errorsOf({ 't.api': 'typedef a { u8 x; }; autoreply define a { u8 x; };' })).toEqual([])
  })

  it('may not be nested deeper than 64 levels or beyond 100,000 types', () => {
    expect(errorsOf({ 't.api': typeChain(63, single) })).toEqual([])
    expect(error(typeChain(64, single))).toContain('types of "a64" are nested deeper than 64')
    expect(errorsOf({ 't.api': typeChain(15, double) })).toEqual([])
    expect(errorsOf({ 't.api': typeChain(60, double) })[0]).toContain('"a16" contains more than 100000 types')
  })
})

describe('fields', () => {
  it.each([
    ['u8 n; u8 y; u8 x[n];'],
    ['u32 n; vl_api_pair_t x[n];'],
    ['string x[];'],
    ['u8 class[2];'],
    ['u8 none; u8 match; u8 print;'],
    ['u32 n; vl_api_open_t x[n];'],
    ['vl_api_open_t x[3];'],
  ])('takes %s', (text) => {
    const types = 'typedef pair { u8 a; }; typedef open { string s[]; };'
    expect(errorsOf({ 't.api': `${types} autoreply define m { ${text} };` })).toEqual([])
  })

  it.each([
    ['u8 x; u16 x;', '1:32: error IDL_FIELD: field "x" is defined twice: rename one'],
    ['u8 class;', '"class" is a keyword of Python, which VPP\'s tool refuses: rename the field'],
    ['u8 None;', '"None" is a keyword of Python'],
    ['string x;', 'string "x" has no length: write x[N] for N bytes or x[] for any length'],
    ['u8 x[];', 'array "x" has no length: only strings may leave it out, write x[N] or x[count]'],
    ['u8 n; string x[n];', 'string "x" has a count: write x[] (the length travels with the text)'],
    [
      'u8 x[n];',
      'array "x" is counted by "n", which is not an earlier field: declare "n" before it in the same block',
    ],
    ['u8 n[2]; u8 x[n];', 'array "x" is counted by "n", which is not an integer: use u32'],
    ['f64 n; u8 x[n];', 'which is not an integer'],
    [
      'u8 n; u8 x[n]; u8 y;',
      '1:31: error IDL_FIELD: field "x" has no fixed size: move it to the end of the block',
    ],
    ['string x[]; u8 y;', 'field "x" has no fixed size'],
    ['u8 x[0]; u8 y;', 'field "x" has no fixed size'],
  ])('refuses %s', (text, message) => {
    const errors = errorsOf({ 't.api': `autoreply define m { ${text} };` })
    const found = errors.filter((line) => line.includes(' error '))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  it('survive a count whose alias leads back to itself', () => {
    expect(
      errorsOf({ 't.api': 'typedef vl_api_a_t a; autoreply define m { vl_api_a_t n; u8 x[n]; };' }),
    ).toEqual([
      expect.stringContaining('unknown type "vl_api_a_t"'),
      expect.stringContaining('which is not an integer'),
    ])
  })

  it('count by a field of the same block only', () => {
    expect(error('typedef a { u8 n; }; typedef b { u8 x[n]; };')).toContain('which is not an earlier field')
  })

  it('carry the size of what they contain, through structs, unions and aliases', () => {
    const types = 'typedef v { u32 n; u8 x[n]; }; typedef vl_api_v_t alias; union u { u8 a; vl_api_v_t b; };'
    for (const type of ['v', 'alias', 'u']) {
      expect(error(`${types} typedef w { vl_api_${type}_t a; u8 b; };`)).toContain(
        'field "a" has no fixed size',
      )
    }
    expect(error('union u { string a[]; u8 b; };')).toContain('field "a" has no fixed size')
  })

  it('warn about the old form of an array without length, and write it as VPP does', () => {
    const { json, warnings } = one('autoreply define m { u8 x[0]; };')
    expect(json?.messages[0]?.[2]).toEqual(['u8', 'x', 0])
    expect(warnings).toEqual([
      't.api:1:25: warning IDL_FIELD: "x[0]" is the old form of an array without a length: write a count field and x[count]',
    ])
    expect(one('typedef m { string x[0]; };').warnings[0]).toContain('write x[]')
  })
})

describe('aliases', () => {
  it('stand for a type or a fixed array of it', () => {
    const { json } = one(
      'typedef u8 mac[6]; typedef vl_api_mac_t mac2; typedef vl_api_mac_t macs[2]; typedef string s[9];',
    )
    expect(json?.aliases).toEqual({
      mac: { type: 'u8', length: 6 },
      mac2: { type: 'vl_api_mac_t' },
      macs: { type: 'vl_api_mac_t', length: 2 },
      s: { type: 'string', length: 9 },
    })
  })

  it('may have the name of a property that every object has', () => {
    const { json } = one('typedef u8 __proto__; typedef u8 constructor;')
    expect(Object.keys(json?.aliases ?? {})).toEqual(['__proto__', 'constructor'])
  })

  it('cannot have a count, and lose their options', () => {
    expect(errorsOf({ 't.api': 'typedef u8 a[n];' })[0]).toContain('alias "a" has a count field')
    expect(error('typedef string a;')).toContain('string "a" has no length')
    expect(one('typedef u8 a[default=1];').warnings[0]).toContain('options of an alias have no effect')
  })
})

describe('enums', () => {
  it('count on from the member before', () => {
    const { json } = one('enum e { A, B = 0x10, C, D = -2, E, }; enumflag f { F, G, H, I = 8, };')
    expect(json?.enums).toEqual([
      ['e', ['A', 0], ['B', 16], ['C', 17], ['D', -2], ['E', -1], { enumtype: 'u32' }],
    ])
    expect(json?.enumflags).toEqual([['f', ['F', 0], ['G', 1], ['H', 2], ['I', 8], { enumtype: 'u32' }]])
  })

  it.each([
    [
      'enumflag e { A, B, C, D, };',
      '"D" = 3 is not a single bit: write the value of every member, as enumflag does not double',
    ],
    ['enumflag e { A = -1, };', '"A" = -1 is not a single bit'],
    ['enum e { A, A, };', 'member "A" of "e" is defined twice: remove one'],
    [
      'enum e { A, B [backwards_compatible], C, };',
      '"B" is backwards_compatible, which must come last: move "C" before it or mark it as well',
    ],
    ['enum e : u8 { A = 256, };', '"A" = 256 does not fit u8: use a wider type or a smaller value'],
    ['enum e : i8 { A = 128, };', '"A" = 128 does not fit i8'],
    ['enum e : i8 { A = -129, };', '"A" = -129 does not fit i8'],
    ['enum e { A = 4294967295, B, };', '"B" = 4294967296 does not fit u32'],
  ])('%s is refused', (text, message) => {
    const found = errorsOf({ 't.api': text }).filter((line) => line.includes(' error '))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  it('may be negative; in an unsigned type with a warning', () => {
    expect(one('enum e : i16 { A = -1, };').warnings).toEqual([])
    expect(one('enum e : u16 { A = -1, };').warnings).toEqual([
      't.api:1:16: warning IDL_ENUM: "A" = -1 is negative in an unsigned u16: VPP stores its complement',
    ])
  })
})

describe('unions', () => {
  const kind = 'enum k { A, B, };'
  const union = 'union u { u8 a[case=A]; u16 b[case=B]; };'

  it('are told apart by an earlier enum field', () => {
    expect(
      one(`${kind} ${union} typedef t { vl_api_k_t k; vl_api_u_t u[discriminator=k]; };`).json?.types,
    ).toEqual([['t', ['vl_api_k_t', 'k'], ['vl_api_u_t', 'u', { discriminator: 'k' }]]])
    expect(
      errorsOf({
        't.api': `enumflag k { A=1, B=2, }; ${union} autoreply define t { vl_api_k_t k; vl_api_u_t u[discriminator=k]; };`,
      }),
    ).toEqual([])
    expect(one(`${kind} ${union} typedef t { vl_api_u_t u; };`).json?.unions).toEqual([
      ['u', ['u8', 'a', { case: 'A' }], ['u16', 'b', { case: 'B' }]],
    ])
  })

  it.each([
    [
      `${kind} ${union} typedef t { vl_api_u_t u[discriminator=k]; vl_api_k_t k; };`,
      'name a field of an enum type that comes before it',
    ],
    [`${kind} ${union} typedef t { vl_api_u_t u[discriminator=1]; };`, 'name a field of an enum type'],
    [
      `${kind} ${union} typedef t { u8 k; vl_api_u_t u[discriminator=k]; };`,
      'discriminator of "u": "k" is of type u8, expected an enum',
    ],
    [
      `${kind} typedef vl_api_k_t kk; ${union} typedef t { vl_api_kk_t k; vl_api_u_t u[discriminator=k]; };`,
      '"k" is of type vl_api_kk_t, expected an enum',
    ],
    [`${kind} typedef t { vl_api_k_t k; u8 u[discriminator=k]; };`, '"u" is of type u8, expected a union'],
    [
      `${kind} union u { u8 a[case=A]; u16 b; }; typedef t { vl_api_k_t k; vl_api_u_t u[discriminator=k]; };`,
      'arm "b" of "u" has no case: add [case=<member of k>]',
    ],
    [
      `${kind} union u { u8 a[case=A]; u16 b[case=A]; }; typedef t { vl_api_k_t k; vl_api_u_t u[discriminator=k]; };`,
      'arms "a" and "b" of "u" both have the case A',
    ],
    [
      `${kind} union u { u8 a[case=A]; u16 b[case=C]; }; typedef t { vl_api_k_t k; vl_api_u_t u[discriminator=k]; };`,
      'case C of arm "b" is not a member of the enum "k"',
    ],
  ])('%s is refused', (text, message) => {
    expect(error(text)).toContain(message)
  })
})

describe('imports', () => {
  it('bring the types of a file and of what it imports, not its messages', () => {
    const { modules } = run({
      'a/base.api': 'typedef u8 base; autoreply define other { u8 x; }; option version = "1";',
      'a/mid.api': 'import "a/base.api"; typedef mid { vl_api_base_t x; };',
      't.api': 'import "a/mid.api"; autoreply define m { vl_api_mid_t x; vl_api_base_t y; };',
    })
    expect(modules.map(({ module }) => module)).toEqual(['base', 'mid', 't'])
    expect(modules[2]?.json).toMatchObject({
      types: [['mid', ['vl_api_base_t', 'x']]],
      aliases: { base: { type: 'u8' } },
      imports: ['a/mid.api', 'a/base.api'],
      options: {},
      messages: [{ 0: 'm' }, { 0: 'm_reply' }],
    })
  })

  it('list a file that is reached twice twice', () => {
    const { modules } = run({
      'base.api': 'typedef base { u8 x; };',
      'left.api': 'import "base.api"; typedef left { vl_api_base_t x; };',
      't.api': 'import "left.api"; import "base.api"; import "base.api";',
    })
    expect(modules[2]?.json.types.map(([name]) => name)).toEqual(['base', 'left', 'base', 'base'])
    expect(modules[2]?.json.imports).toEqual(['left.api', 'base.api', 'base.api', 'base.api'])
  })

  it('must exist, in the very spelling', () => {
    const files = { 'vnet/ip/x.api': 'typedef u8 x;', 't.api': 'import "ip/x.api";' }
    expect(errorsOf(files)).toEqual([
      't.api:1:1: error IDL_IMPORT: imported file "ip/x.api" does not exist: write "vnet/ip/x.api"',
    ])
    expect(errorsOf({ ...files, 't.api': 'import "./vnet/ip/x.api";' })[0]).toContain('write "vnet/ip/x.api"')
    expect(error('import "../../etc/passwd";')).toContain(
      'paths are relative to the source root, such as "vnet/ip/ip_types.api"',
    )
  })

  it('may not go in circles', () => {
    expect(errorsOf({ 'a.api': 'import "b.api";', 'b.api': 'option x;\n  import "a.api";' })).toEqual([
      'b.api:2:3: error IDL_IMPORT: import cycle a.api → b.api → a.api: move what they share to a file of its own',
    ])
    expect(errorsOf({ 'a.api': 'import "a.api";' })[0]).toContain('import cycle a.api → a.api')
  })

  it('may not define a type that is there already', () => {
    const files = {
      'one.api': 'typedef u8 x;',
      'two.api': '\ntypedef u8 x;',
      't.api': 'import "one.api";\nimport "two.api";',
    }
    expect(errorsOf(files)).toEqual([
      't.api:2:1: error IDL_TYPE: type "x" is defined twice, one.api:1 and two.api:2: keep one definition and import it',
    ])
    expect(
      errorsOf({ 'one.api': 'typedef u8 x;', 't.api': 'typedef u8 x;\nimport "one.api";' })[0],
    ).toContain('t.api:2:1: error IDL_TYPE: type "x" is defined twice, t.api:1 and one.api:1')
  })

  it('name the import that is missing', () => {
    const files = { 'a.api': 'typedef u8 x;', 't.api': 'autoreply define m { vl_api_x_t x; };' }
    expect(errorsOf(files)).toEqual([
      't.api:1:22: error IDL_TYPE: unknown type "vl_api_x_t": add import "a.api";',
    ])
  })

  it('do not echo: what a broken file may define is not reported as a second error', () => {
    expect(errorsOf({ 't.api': 'import "gone.api"; autoreply define m { vl_api_x_t x; };' })).toHaveLength(1)
    expect(
      errorsOf({ 'a.api': 'typedef u8 x', 't.api': 'import "a.api"; autoreply define m { vl_api_x_t x; };' }),
    ).toHaveLength(1)
    expect(errorsOf({ 't.api': 'typedef x { u8 }; autoreply define m { vl_api_x_t x; };' })).toHaveLength(1)
  })

  it('may not be nested deeper than 64 files or flatten to more than 20,000 statements', () => {
    expect(errorsOf(fileChain(64, 1))).toEqual([])
    expect(errorsOf(fileChain(65, 1))).toEqual([
      'f64.api:1:1: error IDL_IMPORT: imports are nested deeper than 64: import the file directly',
    ])
    const topFirst = Object.fromEntries(Object.entries(fileChain(5_000, 1)).toReversed())
    expect(errorsOf(topFirst)[0]).toContain('nested deeper than 64')
    expect(errorsOf(fileChain(40, 2))[0]).toContain('imports add up to more than 20000 statements')
  })
})

describe('errors', () => {
  it('of all files are reported together, by file and position', () => {
    const errors = errorsOf({
      'a.api': 'define x { u8 };\n\nenum e { A };',
      'b.api': 'typedef t { vl_api_none_t x; u8 class; };',
      'c.api': '',
    })
    expect(errors.map((line) => line.split(' error ')[0])).toEqual([
      'a.api:1:15:',
      'a.api:3:12:',
      'b.api:1:13:',
      'b.api:1:33:',
      'c.api:1:1:',
    ])
  })

  it('say how many there are', () => {
    expect(() => run({ 'a.api': '' })).toThrow(/^1 error in VPP's API definitions\na\.api:1:1: error/)
    expect(() => run({ 'a.api': '', 'b.api': '' })).toThrow(/^2 errors in VPP's API definitions\n/)
  })

  it('name both files of one module', () => {
    expect(errorsOf({ 'a/x.api': 'option a;', 'b/x.api': 'option a;' })).toEqual([
      'b/x.api:1:1: error IDL_FILE: module "x" comes from "a/x.api" as well: rename one of the files',
    ])
  })

  it('name a file that is not UTF-8 text', () => {
    expect(() => importText(new Map([['x.api', new Uint8Array([0x6f, 0xff])]]))).toThrow(
      'x.api:1:1: error IDL_FILE: file is not UTF-8 text: save it in that encoding',
    )
    expect(importText(new Map([['x.api', Buffer.from('option a; // é')]])).modules).toHaveLength(1)
  })
})

describe('modules', () => {
  it('come from an archive of the source as well', () => {
    const { modules } = run({
      'vpp/src/vnet/a.api': 'typedef u8 a;',
      'vpp/src/plugins/b/b.api': 'import "vnet/a.api";',
      'vpp/src/plugins/b/b.c': 'int main;',
      'vpp/extras/deprecated/c.api': 'not the language',
    })
    expect(modules.map(({ path }) => path)).toEqual(['vnet/a.api', 'plugins/b/b.api'])
  })

  it('are named after the file, and sorted', () => {
    const { modules } = run({
      'plugins/b/b.x.api': 'option b;',
      'vnet/a.api': 'option a;',
      'vat2/test/c.api': 'option c;',
    })
    expect(modules.map(({ module, origin, path, installed }) => [module, origin, path, installed])).toEqual([
      ['a', 'core', 'vnet/a.api', true],
      ['b_x', 'plugins', 'plugins/b/b.x.api', true],
      ['c', 'core', 'vat2/test/c.api', false],
    ])
  })

  it('count what they define themselves', () => {
    const { modules } = run({
      'base.api':
        'typedef base { u8 x; }; enum e { A, }; enumflag f { B, }; union u { u8 x; }; typedef u8 al;',
      't.api': 'import "base.api"; typedef t { vl_api_base_t x; }; autoreply define m { u8 x; };',
    })
    expect(modules.map(({ counts }) => counts)).toEqual([
      { messages: 0, types: 1, enums: 1, enumflags: 1, unions: 1, aliases: 1, services: 0 },
      { messages: 2, types: 1, enums: 0, enumflags: 0, unions: 0, aliases: 0, services: 1 },
    ])
  })
})
