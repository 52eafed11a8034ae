import { describe, expect, it } from 'vitest'
import { FileReport, formatDiagnostic } from './diagnostics.ts'
import { normalizeNewlines, tokenize } from './lexer.ts'
import { RESERVED_WORDS } from './token.ts'

function lex(text: string): { tokens: string[]; errors: string[]; hasComment: boolean } {
  const report = new FileReport('t.api', text)
  const { tokens, hasComment } = tokenize(text, report)
  return {
    tokens: tokens.slice(0, -1).map(({ kind, text }) => (kind === text ? kind : `${kind} ${text}`)),
    errors: report.diagnostics().map(formatDiagnostic),
    hasComment,
  }
}

describe('tokenize', () => {
  it('tells names, numbers, strings and punctuation apart and keeps their offsets', () => {
    const report = new FileReport('t.api', '')
    const { tokens } = tokenize('vl_api_x_t _6rd[16];\n"a b"', report)
    expect(tokens).toEqual([
      { kind: 'name', text: 'vl_api_x_t', at: 0 },
      { kind: 'name', text: '_6rd', at: 11 },
      { kind: '[', text: '[', at: 15 },
      { kind: 'number', text: '16', at: 16 },
      { kind: ']', text: ']', at: 18 },
      { kind: ';', text: ';', at: 19 },
      { kind: 'text', text: 'a b', at: 21 },
      { kind: 'end', text: '', at: 26 },
    ])
  })

  it('knows every reserved word, and no word that only starts with one', () => {
    expect(lex(RESERVED_WORDS.join(' ')).tokens).toEqual([...RESERVED_WORDS])
    expect(lex('services u8x truey string_t defines').tokens).toEqual([
      'name services',
      'name u8x',
      'name truey',
      'name string_t',
      'name defines',
    ])
  })

  it('breaks a word that starts with "false" in two, as VPP does', () => {
    expect(lex('falsey').tokens).toEqual(['false', 'name y'])
    expect(lex('xfalse').tokens).toEqual(['name xfalse'])
  })

  it.each([
    ['0xfF', ['number 0xfF']],
    ['0XFF', ['number 0XFF']],
    ['-12', ['number -12']],
    ['1.5', ['number 1.5']],
    ['1.', ['number 1.']],
    ['-0.25', ['number -0.25']],
    ['007', ['number 007']],
    ['4foo', ['number 4', 'name foo']],
    ['0x', ['number 0', 'name x']],
    ['0x1.5', ['number 0x1', '.', 'number 5']],
    ['1.2.3', ['number 1.2', '.', 'number 3']],
    ['-0x1', ['number -0', 'name x1']],
  ])('reads the number %s as %j', (text, tokens) => {
    expect(lex(text)).toEqual({ tokens, errors: [], hasComment: false })
  })

  it('drops every quote of a string and keeps every backslash', () => {
    expect(lex(String.raw`"a\"b" "\n\\" ""`).tokens).toEqual([
      String.raw`text a\b`,
      String.raw`text \n\\`,
      'text ',
    ])
  })

  it('skips both kinds of comments, which do not nest', () => {
    expect(lex('u8 /* a\n * b **/ x // c\n; /**/ y').tokens).toEqual(['u8', 'name x', ';', 'name y'])
    expect(lex('/* a /* b */ c').tokens).toEqual(['name c'])
    expect(lex('// only').hasComment).toBe(true)
    expect(lex('/* "not a string */ "/* not a comment */"').tokens).toEqual(['text /* not a comment */'])
  })

  it.each([
    [
      '/* open',
      't.api:1:1: error IDL_LEXICAL: comment is not closed: expected "*/" before the end of the file',
    ],
    [
      'x\n  "open\n;',
      't.api:2:3: error IDL_LEXICAL: string is not closed: expected a double quote before the end of the line',
    ],
    [
      '"back\\\nslash"',
      't.api:1:1: error IDL_LEXICAL: string is not closed: expected a double quote before the end of the line',
    ],
    [
      'u8 é;',
      't.api:1:4: error IDL_LEXICAL: character "é" (U+00E9) is allowed in comments and strings only: remove it',
    ],
    [
      '😀',
      't.api:1:1: error IDL_LEXICAL: character "😀" (U+1F600) is allowed in comments and strings only: remove it',
    ],
    [
      '\f',
      't.api:1:1: error IDL_LEXICAL: control character U+000C is allowed in comments and strings only: remove it',
    ],
    [
      '\uFEFFx',
      't.api:1:1: error IDL_LEXICAL: byte order mark U+FEFF is allowed in comments and strings only: remove it',
    ],
    [
      '- 1',
      't.api:1:1: error IDL_LEXICAL: character "-" (U+002D) is allowed in comments and strings only: remove it',
    ],
  ])('objects to %j', (text, message) => {
    expect(lex(text).errors[0]).toBe(message)
  })

  it('goes on behind what it objects to', () => {
    expect(lex('u8 # x $ ;')).toMatchObject({ tokens: ['u8', 'name x', ';'], errors: { length: 2 } })
    expect(lex('"open\nu8').tokens).toEqual(['u8'])
  })

  it('refuses a number of more than 40 characters', () => {
    expect(lex(`0x${'f'.repeat(38)}`)).toMatchObject({ tokens: { length: 1 }, errors: [] })
    expect(lex('1'.repeat(41)).errors).toEqual([
      't.api:1:1: error IDL_LEXICAL: number has 41 characters: write at most 40',
    ])
  })

  it('reads ten megabytes of one token in a time that grows with the length only', () => {
    const long = 10_000_000
    for (const text of [
      'x'.repeat(long),
      '1'.repeat(long),
      `/*${'*'.repeat(long)}`,
      `"${'\\a'.repeat(long / 2)}`,
      `"${'a'.repeat(long)}"`,
      ' '.repeat(long),
    ]) {
      const start = performance.now()
      lex(text)
      expect(performance.now() - start).toBeLessThan(5_000)
    }
  })
})

describe('normalizeNewlines', () => {
  it('turns CR LF and a lone CR into LF', () => {
    expect(normalizeNewlines('a\r\nb\rc\n\r')).toBe('a\nb\nc\n\n')
    expect(normalizeNewlines('plain')).toBe('plain')
  })
})

describe('FileReport', () => {
  it('counts lines and columns from 1, at both ends of every line', () => {
    const text = 'ab\n\nc'
    const report = new FileReport('t.api', text)
    for (const at of [5, 4, 3, 2, 0]) report.error('IDL_SYNTAX', at, 'x')
    expect(report.diagnostics().map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [1, 3],
      [2, 1],
      [3, 1],
      [3, 2],
    ])
  })

  it('lists 20 errors of a file and counts the others', () => {
    const report = new FileReport('t.api', 'x')
    for (let i = 0; i < 25; i++) report.error('IDL_SYNTAX', 0, 'x')
    const found = report.diagnostics()
    expect(found).toHaveLength(21)
    expect(found.at(-1)?.message).toBe('5 more errors in this file are not listed')
    expect(report.failed).toBe(true)
  })

  it('does not fail on warnings', () => {
    const report = new FileReport('t.api', 'x')
    report.warning('IDL_FIELD', 0, 'x')
    expect(report.failed).toBe(false)
    expect(report.diagnostics()).toMatchObject([{ severity: 'warning' }])
  })
})
