import type { Extent, Field, Literal, Option } from './ast.ts'
import { SyntaxFailure, type TokenStream } from './token-stream.ts'
import type { Token } from './token.ts'
import { BUILTIN_TYPES, FIELD_NAME_WORDS } from './words.ts'

/** Most elements an array can have: VPP counts in u32. */
const MAX_ARRAY_LENGTH = 0xffff_ffffn

/** `type name;`, `type name[…];`, with the semicolon. */
export function parseField(stream: TokenStream): Field {
  const typeAt = stream.current.at
  const type =
    stream.acceptOneOf(BUILTIN_TYPES) ?? stream.expect('name', 'a type (u32, string, vl_api_…_t)').text
  const at = stream.current.at
  const name =
    stream.acceptOneOf(FIELD_NAME_WORDS) ??
    stream.expect('name', `the name of the field of type ${type}`).text
  const { extent, options } = stream.accept('[') ? parseBrackets(stream) : { extent: ONE, options: [] }
  stream.expect(';', `";" or "[" behind the field "${name}"`)
  return { type, typeAt, name, at, extent, options }
}

const ONE: Extent = { kind: 'one' }

/** What follows `[`. A lone name is the count of an array, never an option. */
function parseBrackets(stream: TokenStream): { extent: Extent; options: readonly Option[] } {
  if (stream.accept(']')) return { extent: { kind: 'open' }, options: [] }
  if (stream.current.kind === 'number') {
    const length = parseArrayLength(stream.take())
    stream.expect(']', '"]" behind the length of the array')
    return { extent: { kind: 'fixed', length }, options: [] }
  }
  if (stream.current.kind === 'name' && stream.following.kind === ']') {
    const count = stream.take().text
    stream.take()
    return { extent: { kind: 'counted', count }, options: [] }
  }
  return { extent: ONE, options: parseOptions(stream, 'a length, a count field or options in brackets') }
}

function parseArrayLength(token: Token): number {
  const literal = numberLiteral(token)
  if (literal.kind !== 'integer' || literal.value < 0n || literal.value > MAX_ARRAY_LENGTH) {
    throw new SyntaxFailure(
      token.at,
      `array length ${token.text} is not a whole number from 0 to ${MAX_ARRAY_LENGTH}`,
    )
  }
  return Number(literal.value)
}

/** Options up to and with `]`: separated by blanks; a comma may follow an option that has a value. */
export function parseOptions(stream: TokenStream, expected: string): readonly Option[] {
  const options: Option[] = []
  do {
    const { text: name, at } = stream.expect('name', options.length === 0 ? expected : 'an option or "]"')
    const value = stream.accept('=') ? parseLiteral(stream, name) : undefined
    options.push({ name, value, at })
    if (value !== undefined) stream.accept(',')
  } while (!stream.accept(']'))
  return options
}

/** `option name [= value];` behind the word `option`. */
export function parseOptionBody(stream: TokenStream): Option {
  const { text: name, at } = stream.expect('name', 'the name of the option')
  const value = stream.accept('=') ? parseLiteral(stream, name) : undefined
  stream.expect(';', `";" behind the option "${name}"`)
  return { name, value, at }
}

function parseLiteral(stream: TokenStream, option: string): Literal {
  const token = stream.current
  switch (token.kind) {
    case 'number':
      return numberLiteral(stream.take())
    case 'false':
      stream.take()
      return { kind: 'false' }
    case 'true':
    case 'type':
    case 'name':
    case 'text':
      return { kind: 'text', value: stream.take().text }
    default:
      return stream.fail(`a value (number, true, false, string or word) for the option "${option}"`)
  }
}

/** The value of a number token: a point makes it a float. */
export function numberLiteral(
  token: Token,
): { kind: 'integer'; value: bigint } | { kind: 'float'; value: number } {
  const { text, at } = token
  if (text.startsWith('0X'))
    throw new SyntaxFailure(at, `hexadecimal number ${text} must start with a small "0x"`)
  if (text.includes('.')) return { kind: 'float', value: Number(text) }
  return { kind: 'integer', value: text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text) }
}
