import * as fc from 'fast-check'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { array, call, key, literal, object, print, quote, type Expression } from './literal.ts'

/** The style of this repository, which generated code has too. */
const STYLE = {
  semi: false,
  singleQuote: true,
  printWidth: 110,
  trailingComma: 'all',
  parser: 'typescript',
} as const

/** Words that are not names. */
const RESERVED =
  /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/
const name = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,30}$/).filter((word) => !RESERVED.test(word))
const atom = fc.oneof(name, name.map(quote), fc.integer({ min: 0 }).map(literal), fc.constant('undefined'))

/** The tables that descriptors are made of: lists of lists of atoms, the last of which may be an object. */
const spec = fc
  .tuple(
    fc.array(atom, { minLength: 1, maxLength: 4 }),
    fc.option(fc.array(fc.tuple(name, atom), { maxLength: 3 })),
  )
  .map(([atoms, options]) => array([...atoms, ...(options ? [object(options)] : [])]))

const flatObject = fc.array(fc.tuple(name, atom), { minLength: 1, maxLength: 6 }).map(object)
const nestedObject = fc
  .array(fc.tuple(name, fc.oneof(atom, flatObject)), { minLength: 1, maxLength: 6 })
  .map(object)
const expression: fc.Arbitrary<Expression> = fc.oneof(
  fc.array(spec, { minLength: 1, maxLength: 5 }).map(array),
  fc.array(name, { minLength: 1, maxLength: 12 }).map(array),
  nestedObject,
  fc
    .tuple(
      name,
      fc.array(atom, { minLength: 1, maxLength: 5 }),
      fc.oneof(fc.array(spec, { minLength: 1, maxLength: 4 }).map(array), nestedObject, atom),
    )
    .map(([callee, atoms, last]) => call(callee, ...atoms, last)),
)

describe('print', () => {
  it('lays out what descriptors are made of as prettier does', async () => {
    await fc.assert(
      fc.asyncProperty(name, expression, async (left, right) => {
        const start = `export const ${left} = `
        const text = `${start}${print(right, 0, start.length)}\n`
        expect(text).toBe(await format(text, STYLE))
      }),
      { numRuns: 300 },
    )
  })

  it('breaks tables even where they would fit', () => {
    expect(print(array([array(['a', 'b']), array(['c', 'd'])]), 0, 0)).toBe('[\n  [a, b],\n  [c, d],\n]')
    expect(print(array([array(['a', 'b'])]), 0, 0)).toBe('[[a, b]]')
  })

  it('opens the last argument on the line of the call while the others fit there', () => {
    const table = array([array(["'x'", "'x'"]), array(["'y'", "'y'"])])
    expect(print(call('define', 'X', table), 0, 0)).toBe("define(X, [\n  ['x', 'x'],\n  ['y', 'y'],\n])")
    const long = 'a'.repeat(110)
    expect(print(call('define', long, array(['b'])), 0, 0)).toBe(`define(\n  ${long},\n  [b],\n)`)
  })

  it('counts the columns before the line', () => {
    const items = array(['a'.repeat(50), 'b'.repeat(50)])
    expect(print(items, 0, 0)).not.toContain('\n')
    expect(print(items, 7, 0)).toContain('\n')
    expect(print(items, 0, 0, 7)).toContain('\n')
  })
})

describe('quote', () => {
  it.each([
    ['plain', "'plain'"],
    ["it's", '"it\'s"'],
    ['say "hi"', '\'say "hi"\''],
    [`'"`, `'\\'"'`],
    ['a\nb', "'a\\nb'"],
    ['back\\slash', "'back\\\\slash'"],
    ['<intf> [disable]', "'<intf> [disable]'"],
  ])('%j', (text, quoted) => expect(quote(text)).toBe(quoted))

  it('gives text back, in the quotes that prettier would choose', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const quoted = quote(text)
        expect(new Function(`return ${quoted}`)()).toBe(text)
        expect(`x = ${quoted}\n`).toBe(await format(`x = ${quoted}`, STYLE))
      }),
    )
  })
})

describe('literal and key', () => {
  it('write every kind of value', () => {
    expect([literal(5), literal(5n), literal(true), literal(null), literal('a')]).toEqual([
      '5',
      '5n',
      'true',
      'null',
      "'a'",
    ])
  })

  it('keep __proto__ a name like any other', () => {
    expect(key('__proto__')).toBe("['__proto__']")
    expect([key('a'), key('4a'), key('a b')]).toEqual(['a', "'4a'", "'a b'"])
  })
})
