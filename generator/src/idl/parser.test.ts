import { describe, expect, it } from 'vitest'
import { FileReport, formatDiagnostic } from './diagnostics.ts'
import { parseFile } from './parser.ts'

function parse(text: string) {
  const report = new FileReport('t.api', text)
  return { ...parseFile(text, report), errors: report.diagnostics().map(formatDiagnostic) }
}

/** The only statement of a text that must parse. */
function statement(text: string) {
  const { statements, errors } = parse(text)
  expect(errors).toEqual([])
  expect(statements).toHaveLength(1)
  return statements[0]
}

function fields(text: string) {
  const parsed = statement(`define m { ${text} };`)
  return parsed?.kind === 'define' ? parsed.fields : []
}

/** Message of the only error of a text. */
function error(text: string): string | undefined {
  const { errors } = parse(text)
  expect(errors).toHaveLength(1)
  return errors[0]
}

describe('files', () => {
  it('refuses an empty file and takes a lone comment', () => {
    expect(error(' \n')).toBe(
      't.api:1:1: error IDL_SYNTAX: file is empty: expected at least one statement or comment',
    )
    expect(parse('/* nothing yet */')).toMatchObject({ statements: [], errors: [] })
    expect(parse('// nothing yet')).toMatchObject({ statements: [], errors: [] })
  })

  it('takes comments anywhere, also between flags and word, and between brace and semicolon', () => {
    expect(
      statement(
        'autoreply /* c */ define /* d */ a { /* x */ u8 // y\n x /* z */ ; /* e\n */ } // f\n ; // g',
      ),
    ).toMatchObject({ kind: 'define', name: 'a', flags: ['autoreply'], fields: [{ type: 'u8', name: 'x' }] })
  })

  it('refuses an extra semicolon and a statement without one', () => {
    expect(error('option a;;')).toContain(
      '1:10: error IDL_SYNTAX: expected a statement (option, import, define',
    )
    expect(error('define a { u8 x; }')).toContain(
      'expected ";" behind the closing brace of "a", found the end of the file',
    )
  })
})

describe('option and import', () => {
  it.each([
    ['option beta;', undefined],
    ['option version = "1.2.3";', { kind: 'text', value: '1.2.3' }],
    ['option x = 1;', { kind: 'integer', value: 1n }],
    ['option x = -1;', { kind: 'integer', value: -1n }],
    ['option x = 0xff;', { kind: 'integer', value: 255n }],
    ['option x = 007;', { kind: 'integer', value: 7n }],
    ['option x = 1.;', { kind: 'float', value: 1 }],
    ['option x = 0.5;', { kind: 'float', value: 0.5 }],
    ['option x = true;', { kind: 'text', value: 'true' }],
    ['option x = false;', { kind: 'false' }],
    ['option x = word;', { kind: 'text', value: 'word' }],
    ['option x = type;', { kind: 'text', value: 'type' }],
  ])('%s', (text, value) => {
    expect(statement(text)).toMatchObject({ kind: 'option', value })
  })

  it('refuses reserved words as a name or a value', () => {
    expect(error('option type = 1;')).toBe(
      't.api:1:8: error IDL_SYNTAX: expected the name of the option, found "type"',
    )
    expect(error('option x = u32;')).toContain(
      'expected a value (number, true, false, string or word) for the option "x"',
    )
    expect(error('option x = ;')).toContain('found ";"')
    expect(error('option x = 4foo;')).toContain(
      '1:13: error IDL_SYNTAX: expected ";" behind the option "x", found the name "foo"',
    )
    expect(error('option x = 0XFF;')).toContain('hexadecimal number 0XFF must start with a small "0x"')
  })

  it('reads an import', () => {
    expect(statement('import "vnet/ip/ip_types.api";')).toEqual({
      kind: 'import',
      path: 'vnet/ip/ip_types.api',
      at: 0,
    })
    expect(error('import string;')).toContain(
      'expected the path of the imported file as a string, found "string"',
    )
    expect(error('import vnet;')).toContain('expected the path of the imported file as a string')
  })
})

describe('define', () => {
  it('reads fields and options in any order, the flags in any order with repeats', () => {
    expect(
      statement('autoreply dont_trace autoreply define a { option x; u8 f; option y = 2; };'),
    ).toMatchObject({
      kind: 'define',
      name: 'a',
      flags: ['autoreply', 'dont_trace', 'autoreply'],
      fields: [{ name: 'f' }],
      options: [
        { name: 'x', value: undefined },
        { name: 'y', value: { value: 2n } },
      ],
    })
  })

  it('knows all flags, and where they may stand', () => {
    for (const flag of ['manual_print', 'manual_endian', 'dont_trace', 'autoendian', 'autoreply']) {
      expect(statement(`${flag} define a { u8 x; };`)).toMatchObject({ flags: [flag] })
    }
    expect(statement('typeonly typedef a { u8 x; };')).toMatchObject({ kind: 'typedef', flags: ['typeonly'] })
    expect(statement('manual_print union a { u8 x; };')).toMatchObject({ kind: 'union' })
    expect(error('typeonly define a { u8 x; };')).toContain(
      '"typeonly define a" is the old form of a struct: write "typedef a"',
    )
    expect(error('autoreply enum a { A, };')).toContain(
      'expected "define", "typedef" or "union" behind "autoreply"',
    )
    expect(error('autoreply option x;')).toContain('expected "define", "typedef" or "union"')
  })

  it('refuses a block without fields', () => {
    expect(error('define a { };')).toContain('1:12: error IDL_SYNTAX: "a" has no fields: add at least one')
    expect(error('define a { option x; };')).toContain('"a" has no fields')
    expect(error('typedef a { };')).toContain('"a" has no fields')
    expect(error('union a { };')).toContain('"a" has no fields')
  })

  it('refuses options in a struct or union', () => {
    expect(error('typedef a { option x; u8 y; };')).toBe(
      't.api:1:13: error IDL_SYNTAX: only messages take options: remove it from "a"',
    )
    expect(error('union a { u8 y; option x; };')).toContain('only messages take options')
  })
})

describe('fields', () => {
  it.each([
    ['u8 x;', { type: 'u8', name: 'x', extent: { kind: 'one' }, options: [] }],
    ['vl_api_a_t x;', { type: 'vl_api_a_t', extent: { kind: 'one' } }],
    ['u8 x[4];', { extent: { kind: 'fixed', length: 4 } }],
    ['u8 x[0x10];', { extent: { kind: 'fixed', length: 16 } }],
    ['u8 x[0];', { extent: { kind: 'fixed', length: 0 } }],
    ['u8 x[count];', { extent: { kind: 'counted', count: 'count' } }],
    ['string x[];', { type: 'string', extent: { kind: 'open' } }],
    ['string x[64];', { type: 'string', extent: { kind: 'fixed', length: 64 } }],
  ])('%s', (text, field) => {
    expect(fields(text)).toMatchObject([field])
  })

  it('takes all built-in types', () => {
    const types = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f64', 'bool', 'string']
    expect(fields(types.map((type) => `${type} a_${type};`).join(' ')).map((field) => field.type)).toEqual(
      types,
    )
  })

  it('takes five reserved words as names, and no other', () => {
    const names = ['type', 'severity', 'description', 'counters', 'paths']
    expect(fields(names.map((name) => `u8 ${name};`).join(' ')).map((field) => field.name)).toEqual(names)
    expect(error('define a { u8 units; };')).toContain(
      'expected the name of the field of type u8, found "units"',
    )
    expect(error('define a { u8 string; };')).toContain('found "string"')
    expect(error('define type { u8 x; };')).toContain('expected the name of the message, found "type"')
  })

  it.each([
    ['u8 x[default=1];', [['default', 1n]]],
    [
      'u8 x[a b];',
      [
        ['a', undefined],
        ['b', undefined],
      ],
    ],
    ['u8 x[a=1,];', [['a', 1n]]],
    [
      'u8 x[a=1 b=2];',
      [
        ['a', 1n],
        ['b', 2n],
      ],
    ],
    [
      'u8 x[a=1, b];',
      [
        ['a', 1n],
        ['b', undefined],
      ],
    ],
    [
      'u8 x[a=1, b c=word];',
      [
        ['a', 1n],
        ['b', undefined],
        ['c', 'word'],
      ],
    ],
    [
      'u8 x[default=falsey];',
      [
        ['default', undefined],
        ['y', undefined],
      ],
    ],
    ['u8 x[default=truey];', [['default', 'truey']]],
  ])('reads the options of %s', (text, options) => {
    const found = fields(text)[0]?.options.map(({ name, value }) => [
      name,
      value !== undefined && 'value' in value ? value.value : undefined,
    ])
    expect(found).toEqual(options)
  })

  it('takes a lone name in brackets as a count, never as an option', () => {
    expect(fields('u8 x[discriminator];')).toMatchObject([
      { extent: { kind: 'counted', count: 'discriminator' } },
    ])
  })

  it.each([
    ['u8 x[a, b];', 'expected an option or "]", found ","'],
    ['u8 x[a=];', 'expected a value'],
    ['u8 x[1 a];', 'expected "]" behind the length of the array, found the name "a"'],
    ['u8 x[4][default=1];', 'expected ";" or "[" behind the field "x", found "["'],
    ['u8 x[2.0];', 'array length 2.0 is not a whole number from 0 to 4294967295'],
    ['u8 x[-2];', 'array length -2 is not a whole number'],
    ['u8 x[4294967296];', 'array length 4294967296 is not a whole number'],
    ['u8 x[=1];', 'expected a length, a count field or options in brackets, found "="'],
    ['u8 x', 'expected ";" or "[" behind the field "x", found "}"'],
    ['"u8" x;', 'expected a type (u32, string, vl_api_…_t), found the string "u8"'],
    ['u8 x["n"];', 'expected a length, a count field or options in brackets, found the string "n"'],
    ['4 x;', 'expected a type (u32, string, vl_api_…_t), found the number 4'],
  ])('refuses %s', (text, message) => {
    expect(error(`define a { ${text} };`)).toContain(message)
  })
})

describe('typedef, union and enum', () => {
  it('tells a struct from an alias', () => {
    expect(statement('typedef pair { u16 a; vl_api_c_t c; };')).toMatchObject({
      kind: 'typedef',
      name: 'pair',
      fields: [{ name: 'a' }, { name: 'c' }],
    })
    expect(statement('typedef u8 mac[6];')).toMatchObject({
      kind: 'alias',
      name: 'mac',
      field: { type: 'u8', extent: { kind: 'fixed', length: 6 } },
    })
    expect(statement('typedef vl_api_x_t idx;')).toMatchObject({ kind: 'alias', name: 'idx' })
  })

  it('reads a union with cases', () => {
    expect(statement('union u { u8 r[case=RED]; u16 b[case=BLUE]; };')).toMatchObject({
      kind: 'union',
      fields: [{ options: [{ name: 'case', value: { value: 'RED' } }] }, { name: 'b' }],
    })
  })

  it('reads enums: base, values, options, the comma behind the last member', () => {
    expect(statement('enum c : u8 { A = 4, B, C = -1 [backwards_compatible], D [x=1 y], };')).toMatchObject({
      kind: 'enum',
      name: 'c',
      base: 'u8',
      members: [
        { name: 'A', value: 4n, options: [] },
        { name: 'B', value: undefined },
        { name: 'C', value: -1n, options: [{ name: 'backwards_compatible' }] },
        { name: 'D', options: [{ name: 'x' }, { name: 'y' }] },
      ],
    })
    expect(statement('enum c { A, };')).toMatchObject({ base: 'u32' })
    expect(statement('enumflag c : u16 { A, };')).toMatchObject({ kind: 'enumflag', base: 'u16' })
  })

  it.each([
    ['enum a { A };', 'expected "," behind "A" (also behind the last member), found "}"'],
    ['enum a { };', 'expected the name of an enum member, found "}"'],
    ['enum a : u64 { A, };', 'expected one of u8, u16, u32, i8, i16, i32, found "u64"'],
    ['enumflag a : i8 { A, };', 'expected one of u8, u16, u32, found "i8"'],
    ['enum a { A = 1.5, };', 'value 1.5 of "A" is not a whole number'],
    ['enum a { A = B, };', 'expected the value of "A", found the name "B"'],
    ['enum a u8 { A, };', 'expected "{" or ":" behind "a", found "u8"'],
    ['typedef a { u8 x; } ', 'expected ";" behind the closing brace of "a", found the end of the file'],
  ])('refuses %s', (text, message) => {
    expect(error(text)).toContain(message)
  })
})

describe('service', () => {
  const none = { reply: undefined, stream: false, streamMessage: undefined, events: [] }
  it.each([
    ['rpc a returns null;', none],
    ['rpc a returns a_reply;', { ...none, reply: 'a_reply' }],
    ['rpc a returns stream a_details;', { ...none, reply: 'a_details', stream: true }],
    ['rpc a returns r stream d;', { ...none, reply: 'r', stream: true, streamMessage: 'd' }],
    ['rpc a returns r events e1, e2;', { ...none, reply: 'r', events: ['e1', 'e2'] }],
    ['rpc a returns r events e1 e2, e3,;', { ...none, reply: 'r', events: ['e1', 'e2', 'e3'] }],
  ])('%s', (text, rpc) => {
    expect(statement(`service { ${text} };`)).toEqual({
      kind: 'service',
      at: 0,
      rpcs: [{ caller: 'a', at: 14, ...rpc }],
    })
  })

  it.each([
    ['service { };', 'expected "rpc", found "}"'],
    ['service { rpc a returns a; };', '"a" cannot be its own reply'],
    ['service { rpc a returns null stream b; };', 'expected ";" behind the rpc of "a", found "stream"'],
    ['service { rpc a returns null events b; };', 'expected ";" behind the rpc of "a", found "events"'],
    ['service { rpc a returns b events; };', 'expected the name of an event, found ";"'],
    ['service { rpc a returns null };', 'expected ";" behind the rpc of "a", found "}"'],
  ])('refuses %s', (text, message) => {
    expect(error(text)).toContain(message)
  })
})

describe('counters and paths', () => {
  it('keeps the properties of counters in source order', () => {
    const parsed = statement(
      'counters c { bad { units "packets"; severity error; type counter64; description "x"; }; };',
    )
    expect(parsed).toMatchObject({ kind: 'counters', name: 'c', elements: [{ name: 'bad' }] })
    expect(parsed?.kind === 'counters' && [...(parsed.elements[0]?.properties ?? [])]).toEqual([
      ['units', 'packets'],
      ['severity', 'error'],
      ['type', 'counter64'],
      ['description', 'x'],
    ])
  })

  it('reads paths', () => {
    expect(statement('paths { "/err/a" "c"; "/err/b" "c"; };')).toMatchObject({
      kind: 'paths',
      entries: [
        { path: '/err/a', counter: 'c' },
        { path: '/err/b', counter: 'c' },
      ],
    })
  })

  it.each([
    ['counters c { };', 'expected the name of a counter'],
    ['counters c { x { }; };', 'expected "severity", "type", "units" or "description", found "}"'],
    ['counters c { x { severity "error"; }; };', 'expected the severity as a word, found the string "error"'],
    ['counters c { x { units packets; }; };', 'expected the units as a string'],
    ['counters c { x { type a; type b; }; };', '"type" of the counter "x" is given twice'],
    ['paths { };', 'expected a path as a string, found "}"'],
    ['paths { "a"; };', 'expected the name of the counters as a string, found ";"'],
  ])('refuses %s', (text, message) => {
    expect(error(text)).toContain(message)
  })
})

describe('recovery', () => {
  it('reports one error a statement and reads the others', () => {
    const { statements, errors } = parse(
      ['option a', ' b;', 'define x { u8 ; u8 y; };', 'enum e { A };', 'define ok { u8 x; };'].join('\n'),
    )
    expect(errors.map((text) => text.split(' ')[0])).toEqual(['t.api:2:2:', 't.api:3:15:', 't.api:4:12:'])
    expect(statements).toMatchObject([{ kind: 'define', name: 'ok' }])
  })

  it('resumes at a statement that begins a line when a brace is missing', () => {
    const { statements, errors } = parse(
      'define x {\n  u8 a;\n\ndefine y { u8 b; };\nautoreply define z { u8 c; };',
    )
    expect(errors).toHaveLength(1)
    expect(statements).toMatchObject([{ name: 'y' }, { name: 'z' }])
  })

  it('remembers the names of what it could not read', () => {
    expect([...parse('typedef lost { u8 };\noption a;').lostNames]).toEqual(['lost'])
  })
})
