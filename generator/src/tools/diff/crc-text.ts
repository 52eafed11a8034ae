import { crc32 } from 'node:zlib'
import type { SchemaEnum, SchemaField, SchemaModule, SchemaType } from '../../schema/module.ts'
import { fieldsOf, isBlock, type Catalog, type OwnedMessage, type OwnedType } from '../catalog/catalog.ts'

/**
 * How many members of an enum, from the first on, count for CRCs. The others are marked `backwards_compatible` in the
 * source, and nothing in a `.api.json` file shows the mark.
 */
export type CountedMembers = (type: OwnedType) => number | undefined

/** The text by which fields enter a CRC: that of VPP's own tool, which is Python's for nested lists. */
function blockText(module: SchemaModule, fields: readonly SchemaField[]): string {
  return `[${fields.map((field) => fieldText(module, field)).join(', ')}]`
}

function fieldText(module: SchemaModule, { type, name, array }: SchemaField): string {
  const head = `'${module.types.has(type) ? `vl_api_${type}_t` : type}', '${name}'`
  if (array === undefined) return `[${head}]`
  if (array.kind === 'fixed') return `[${head}, ${array.length}, None]`
  return array.kind === 'open' ? `[${head}, 0, None]` : `[${head}, 0, '${array.by}']`
}

/** The text of the members that count. */
export function enumText({ members }: SchemaEnum, counted = members.length): string {
  const items = members.slice(0, counted).map(([name, value]) => `['${name}', ${value}]`)
  return `[${items.join(', ')}]`
}

/** The text by which a type enters the CRC of what refers to it. */
export function crcText(module: SchemaModule, type: SchemaType, counted?: number): string {
  if (type.kind === 'alias') return '[]'
  return type.kind === 'enum' ? enumText(type, counted) : blockText(module, fieldsOf(type))
}

/** CRC of a message: its own text, then depth first that of every type it refers to. Aliases and enums end the descent. */
export function crcOf({ module, message }: OwnedMessage, catalog: Catalog, counted: CountedMembers): string {
  const fold = (owner: SchemaModule, fields: readonly SchemaField[], start: number): number => {
    let crc = start
    for (const field of fields) {
      const found = catalog.typeIn(owner, field.type)
      if (found === undefined) continue
      crc = crc32(crcText(found.module, found.type, counted(found)), crc)
      if (isBlock(found.type)) crc = fold(found.module, found.type.fields, crc)
    }
    return crc
  }
  const crc = fold(module, message.fields, crc32(blockText(module, message.fields)))
  return crc.toString(16).padStart(8, '0')
}
