import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import type { Schema } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'
import { locate } from '../input/assign.ts'
import { kindOf, partsOf } from '../input/field-types.ts'
import type { Kind, Owner } from '../input/field-types.ts'
import { interfaceNames } from '../input/interfaces.ts'
import { parsePath } from '../input/path.ts'

/** Candidates for an argument `path=value` of a request or event. */
export async function completeField(host: Host, message: string, word: string): Promise<string[]> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const descriptor = requestOf(api.schema, message)
  const equals = word.indexOf('=')
  if (equals < 0) return pathCandidates(descriptor, word)
  const path = word.slice(0, equals)
  const { kind } = locate(descriptor, parsePath(path))
  const values =
    kind.kind === 'form' && kind.form === 'interface-index' ? await interfaceNames(api) : valuesOf(kind)
  const typed = word.slice(equals + 1)
  // Of a list with commas the last element is completed.
  const kept = typed.slice(0, typed.lastIndexOf(',') + 1)
  return values.map((value) => `${path}=${kept}${value}`)
}

function requestOf(schema: Schema, message: string): MessageDescriptor {
  if (schema.service(message) !== undefined) return schema.method(message).request.descriptor
  const { want } = schema.event(message)
  if (want !== undefined) return want.request.descriptor
  const cause = schema.services().find(({ events }) => events.includes(message))
  return schema.method(cause?.request ?? message).request.descriptor
}

/** Paths that continue from what has been typed: `route.` offers the fields of the route. */
function pathCandidates(descriptor: MessageDescriptor, word: string): string[] {
  const dot = word.lastIndexOf('.')
  const prefix = word.slice(0, dot + 1)
  const owner = dot < 0 ? descriptor : ownerOf(locate(descriptor, parsePath(word.slice(0, dot))).kind)
  if (owner === undefined) return []
  return partsOf(owner).map((part) => `${prefix}${part.name}${ending(kindOf(part))}`)
}

/** What follows the name of a field: its value, or its own fields. */
function ending(kind: Kind): string {
  if (kind.kind === 'block') return '.'
  return kind.kind === 'list' && kind.element.kind === 'block' ? '[0].' : '='
}

function ownerOf(kind: Kind): Owner | undefined {
  return kind.kind === 'block' ? kind.owner : undefined
}

function valuesOf(kind: Kind): string[] {
  if (kind.kind === 'enum') return Object.keys(kind.descriptor.members)
  if (kind.kind === 'list') return valuesOf(kind.element)
  return kind.kind === 'scalar' && kind.scalar === 'bool' ? ['true', 'false'] : []
}
