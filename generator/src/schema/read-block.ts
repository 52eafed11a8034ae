import type { ApiField } from '../idl/index.ts'
import type { ApiDocument } from './document.ts'
import {
  type SchemaArray,
  type SchemaBlock,
  type SchemaField,
  type SchemaMessage,
  type SchemaOptions,
} from './module.ts'
import { bareName } from '../rules/names.ts'
import type { FileReport } from './report.ts'

type JsonBlock = ApiDocument['types'][number]
type JsonMessage = ApiDocument['messages'][number]

const MESSAGE_ID = '_vl_msg_id'

/** Reads a struct or a union. */
export function readBlock(
  kind: SchemaBlock['kind'],
  [name, ...rest]: JsonBlock,
  path: string,
  report: FileReport,
): SchemaBlock {
  const { fields, trailer } = splitTrailer<{ readonly comment?: string }>(rest, path, report)
  return { kind, name, fields, comment: trailer?.comment, path }
}

/** Reads a message; its first field must be the message id. */
export function readMessage([name, ...rest]: JsonMessage, path: string, report: FileReport): SchemaMessage {
  const { fields, trailer } = splitTrailer<{ crc: string; options?: SchemaOptions; comment?: string }>(
    rest,
    path,
    report,
  )
  const [id, ...own] = fields
  if (id?.name !== MESSAGE_ID || id.type !== 'u16' || id.array !== undefined) {
    report.add(
      'shape',
      `${path}/1`,
      `message "${name}" does not start with u16 ${MESSAGE_ID}`,
      'generate the file with VPP again',
    )
  }
  if (trailer === undefined) {
    report.add('shape', path, `message "${name}" has no CRC`, 'generate the file with VPP again')
  }
  return {
    name,
    fields: own,
    crc: trailer?.crc.slice(2) ?? '',
    options: trailer?.options ?? {},
    comment: trailer?.comment,
    path,
  }
}

function splitTrailer<T>(
  items: readonly (ApiField | object)[],
  path: string,
  report: FileReport,
): { fields: SchemaField[]; trailer: T | undefined } {
  const fields: SchemaField[] = []
  let trailer: T | undefined
  for (const [index, item] of items.entries()) {
    const place = `${path}/${index + 1}`
    if (Array.isArray(item)) fields.push(readField(item as unknown as ApiField, place, report))
    else if (index === items.length - 1) trailer = item as T
    else report.add('shape', place, 'an object between fields', 'it may only come last')
  }
  return { fields, trailer }
}

function readField(field: ApiField, path: string, report: FileReport): SchemaField {
  const [type, name, third, count] = field
  const isArray = typeof third === 'number'
  if (count !== undefined && third !== 0) {
    report.add(
      'array',
      path,
      `field "${name}" has both a length and a count field`,
      'write 0 for the length of a counted array',
    )
  }
  return {
    name,
    type: bareName(type),
    array: isArray ? readArray(third, count) : undefined,
    options: third !== undefined && !isArray ? third : {},
    path,
  }
}

function readArray(length: number, count: string | undefined): SchemaArray {
  if (count !== undefined) return { kind: 'counted', by: count }
  return length === 0 ? { kind: 'open' } : { kind: 'fixed', length }
}
