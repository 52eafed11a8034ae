import type {
  AliasStatement,
  BlockStatement,
  DefineStatement,
  EnumMember,
  EnumStatement,
  Field,
  Option,
} from './ast.ts'
import { numberLiteral, parseField, parseOptionBody, parseOptions } from './parse-field.ts'
import { SyntaxFailure, type TokenStream } from './token-stream.ts'
import { ENUM_BASES, type EnumBaseName } from '../rules/scalars.ts'
import { FLAGS, type Flag } from './words.ts'

/** Flags in any order, repeats allowed. */
export function parseFlags(stream: TokenStream): readonly Flag[] {
  const flags: Flag[] = []
  for (let flag = stream.acceptOneOf(FLAGS); flag !== undefined; flag = stream.acceptOneOf(FLAGS))
    flags.push(flag)
  return flags
}

/** A message, behind the word `define`. */
export function parseDefine(stream: TokenStream, flags: readonly Flag[]): DefineStatement {
  const { text: name, at } = stream.expect('name', 'the name of the message')
  if (flags.includes('typeonly')) {
    throw new SyntaxFailure(
      at,
      `"typeonly define ${name}" is the old form of a struct: write "typedef ${name}"`,
    )
  }
  const options: Option[] = []
  const fields = parseBlock(stream, name, options)
  return { kind: 'define', name, at, flags, fields, options }
}

/** A struct or an alias, behind the word `typedef`. A name and a brace make it a struct. */
export function parseTypedef(stream: TokenStream, flags: readonly Flag[]): BlockStatement | AliasStatement {
  if (stream.current.kind === 'name' && stream.following.kind === '{')
    return parseStruct(stream, 'typedef', flags)
  const field = parseField(stream)
  return { kind: 'alias', name: field.name, at: field.at, flags, field }
}

/** A struct or a union, from its name on. */
export function parseStruct(
  stream: TokenStream,
  kind: BlockStatement['kind'],
  flags: readonly Flag[],
): BlockStatement {
  const { text: name, at } = stream.expect(
    'name',
    kind === 'union' ? 'the name of the union' : 'the name of the type',
  )
  return { kind, name, at, flags, fields: parseBlock(stream, name, undefined) }
}

/** `{ … };` Only messages collect options; anywhere else they are refused. */
function parseBlock(stream: TokenStream, name: string, options: Option[] | undefined): readonly Field[] {
  stream.expect('{', `"{" behind "${name}"`)
  const fields: Field[] = []
  const start = stream.current.at
  while (stream.current.kind !== '}') {
    const { at } = stream.current
    if (!stream.accept('option')) fields.push(parseField(stream))
    else if (options === undefined)
      throw new SyntaxFailure(at, `only messages take options: remove it from "${name}"`)
    else options.push(parseOptionBody(stream))
  }
  if (fields.length === 0) throw new SyntaxFailure(start, `"${name}" has no fields: add at least one`)
  stream.expect('}', '"}"')
  stream.expect(';', `";" behind the closing brace of "${name}"`)
  return fields
}

const FLAG_BASES = ENUM_BASES.filter((base) => base.startsWith('u'))

/** An enum, behind the word `enum` or `enumflag`. */
export function parseEnum(stream: TokenStream, kind: EnumStatement['kind']): EnumStatement {
  const { text: name, at } = stream.expect('name', 'the name of the enum')
  const base = parseEnumBase(stream, kind)
  stream.expect('{', `"{" or ":" behind "${name}"`)
  const members = [parseMember(stream)]
  while (!stream.accept('}')) members.push(parseMember(stream))
  stream.expect(';', `";" behind the closing brace of "${name}"`)
  return { kind, name, at, base, members }
}

function parseEnumBase(stream: TokenStream, kind: EnumStatement['kind']): EnumBaseName {
  if (!stream.accept(':')) return 'u32'
  const bases = kind === 'enum' ? ENUM_BASES : FLAG_BASES
  return stream.acceptOneOf(bases) ?? stream.fail(`one of ${bases.join(', ')}`)
}

function parseMember(stream: TokenStream): EnumMember {
  const { text: name, at } = stream.expect('name', 'the name of an enum member')
  const value = stream.accept('=') ? parseMemberValue(stream, name) : undefined
  const options = stream.accept('[') ? parseOptions(stream, 'an option of the enum member') : []
  stream.expect(',', `"," behind "${name}" (also behind the last member)`)
  return { name, at, value, options }
}

function parseMemberValue(stream: TokenStream, name: string): bigint {
  const token = stream.expect('number', `the value of "${name}"`)
  const literal = numberLiteral(token)
  if (literal.kind === 'integer') return literal.value
  throw new SyntaxFailure(token.at, `value ${token.text} of "${name}" is not a whole number`)
}
