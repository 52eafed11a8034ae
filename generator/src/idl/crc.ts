import { crc32 } from 'node:zlib'
import type { DefineStatement, Field, Statement } from './ast.ts'
import { enumValues, isBackwardsCompatible } from './enum-values.ts'
import type { Scope } from './scope.ts'

/**
 * CRCs are taken over the text that Python prints for nested lists of the parsed source, because that is what
 * VPP's own tool hashes: single quotes, `, ` between items, `None` for what is absent. All names are ASCII words,
 * so no quoting is needed.
 */
function fieldText(field: Field): string {
  const head = `'${field.type}', '${field.name}'`
  switch (field.extent.kind) {
    case 'one':
      return `[${head}]`
    case 'fixed':
      return `[${head}, ${field.extent.length}, None]`
    case 'counted':
      return `[${head}, 0, '${field.extent.count}']`
    case 'open':
      return `[${head}, 0, None]`
  }
}

function blockText(fields: readonly Field[]): string {
  return `[${fields.map(fieldText).join(', ')}]`
}

/**
 * The text by which a statement enters a CRC. Options and defaults of fields, names of blocks, base types of enums
 * and targets of aliases are not part of it. Undefined: the statement does not enter any.
 */
export function crcText(statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'define':
    case 'typedef':
    case 'union':
      return blockText(statement.fields)
    case 'enum':
    case 'enumflag': {
      const values = enumValues(statement)
      const counted = statement.members.flatMap((member, index) =>
        isBackwardsCompatible(member) ? [] : [`['${member.name}', ${values[index]}]`],
      )
      return `[${counted.join(', ')}]`
    }
    case 'alias':
      return '[]'
    case 'option':
      return statement.name
    default:
      return undefined
  }
}

/**
 * CRC of a message: its own text, then depth first the text of every type it refers to, each time it is referred
 * to. Aliases and enums end the descent.
 */
export function messageCrc(message: DefineStatement, scope: Scope): number {
  return foldTypes(message.fields, scope, crc32(blockText(message.fields)))
}

function foldTypes(fields: readonly Field[], scope: Scope, start: number): number {
  let crc = start
  for (const field of fields) {
    const type = scope.get(field.type)
    if (type === undefined) continue
    crc = crc32(type.crcText, crc)
    const { statement } = type
    if (statement.kind === 'typedef' || statement.kind === 'union')
      crc = foldTypes(statement.fields, scope, crc)
  }
  return crc
}

/** CRC of a list of statements without descending into types: the version of a file. */
export function fileCrc(statements: Iterable<Statement>): number {
  let crc = 0
  for (const statement of statements) {
    const text = crcText(statement)
    if (text !== undefined) crc = crc32(text, crc)
  }
  return crc
}
