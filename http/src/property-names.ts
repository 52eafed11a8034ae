import type { JsonValue } from '@vpp-ts/runtime'
import { propertyName } from '@vpp-ts/runtime/dynamic'

/** Levels that JSON may have; messages of VPP have fewer than ten. */
const DEEPEST = 64
/** A name of VPP's with several words. Names of bindings keep an underscore only at their ends and between digits. */
const SEVERAL_WORDS = /[a-z0-9]_[a-z0-9]/i

/**
 * JSON with the names of fields as bindings have them, where they are VPP's own: `swIfIndex` for `sw_if_index`.
 * @throws RangeError for one field under both names, and for JSON that is nested too deeply for any message
 */
export function inPropertyNames(json: JsonValue, depth = 0): JsonValue {
  if (typeof json !== 'object' || json === null) return json
  if (depth === DEEPEST) throw new RangeError(`nested more than ${DEEPEST} levels deep`)
  if (Array.isArray(json))
    return (json as readonly JsonValue[]).map((item) => inPropertyNames(item, depth + 1))
  const named = new Map<string, JsonValue>()
  for (const [name, value] of Object.entries(json)) {
    const property = SEVERAL_WORDS.test(name) ? propertyName(name) : name
    if (named.has(property)) throw new RangeError(`${property} is given twice, also as ${name}`)
    named.set(property, inPropertyNames(value, depth + 1))
  }
  return Object.fromEntries(named)
}
