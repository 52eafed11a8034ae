import type { FieldSpec, MessageDescriptor, TypeRef } from '../codec/descriptor.ts'
import { decodeMessage, encodeMessage } from '../codec/message.ts'
import type { WantFilter, WantMethod } from './want.ts'

/** Values of arguments that stand for everything. */
const EVERYTHING: ReadonlySet<string> = new Set(['0', '4294967295', '0.0.0.0', '::'])

/**
 * Tells events of a want by what they say: for each argument, the field of the same name and type, or else the only one of
 * its type where that is a separate type, such as an address.
 * @returns undefined when the event does not say an argument
 */
export function filterOf(
  { request: type, enable, pid }: WantMethod,
  request: object,
  event: MessageDescriptor,
): WantFilter | undefined {
  const values = decodeMessage(type, encodeMessage(type, request as never)) as Record<string, unknown>
  const conditions: WantFilter[] = []
  for (const argument of type.descriptor.fields) {
    const [, name] = argument
    if (name === enable || name === pid) continue
    const path = carrierOf(argument, event)
    if (path === undefined) return undefined
    const wanted = String(values[name])
    if (!EVERYTHING.has(wanted)) conditions.push((it) => String(valueAt(it, path)) === wanted)
  }
  return (it) => conditions.every((holds) => holds(it))
}

interface Carrier {
  readonly field: FieldSpec
  /** Names of the properties that lead to it. */
  readonly path: readonly string[]
}

/** Where an event says what an argument of a want says. */
function carrierOf(
  [wanted, , type, length]: FieldSpec,
  event: MessageDescriptor,
): readonly string[] | undefined {
  if (length !== undefined) return undefined
  const alike = carriers(event.fields, []).filter(({ field }) => nameOf(field[2]) === nameOf(type))
  const named = alike.filter(({ field: [wireName] }) => wireName === wanted)
  const found = named.length === 0 && typeof type !== 'string' ? alike : named
  return found.length === 1 ? found[0]?.path : undefined
}

/** Single fields of a message, those of structs too. */
function carriers(fields: readonly FieldSpec[], path: readonly string[]): Carrier[] {
  return fields.flatMap((field) => {
    const [, name, type, length] = field
    if (length !== undefined) return []
    const carrier = { field, path: [...path, name] }
    if (typeof type === 'string' || type.descriptor.kind !== 'struct' || type.descriptor.form !== undefined) {
      return [carrier]
    }
    return [carrier, ...carriers(type.descriptor.fields, carrier.path)]
  })
}

function nameOf(type: TypeRef): string {
  return typeof type === 'string' ? type : type.descriptor.name
}

function valueAt(event: object, path: readonly string[]): unknown {
  let value: unknown = event
  for (const name of path) value = (value as Record<string, unknown>)[name]
  return value
}
