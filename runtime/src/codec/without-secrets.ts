import { HIDDEN } from './errors.ts'
import { blockToJson, type JsonValue } from './json.ts'
import type { BlockPlan, Plan } from './plan.ts'
import { isSecret } from './secrets.ts'

type JsonObject = Readonly<Record<string, JsonValue>>

/** A message as JSON, for people and logs: what is secret is hidden. */
export function withoutSecrets(block: BlockPlan, message: object): JsonObject {
  return hideIn(block, blockToJson(block, message))
}

function hideIn(block: BlockPlan, json: JsonObject): JsonObject {
  const entries = block.fields.map((field) => {
    const value = json[field.property] as JsonValue
    return [field.property, isSecret(block, field) ? HIDDEN : hide(field.plan, value)] as const
  })
  return Object.fromEntries(entries)
}

function hide(plan: Plan, json: JsonValue): JsonValue {
  switch (plan.kind) {
    case 'array':
      return (json as readonly JsonValue[]).map((item) => hide(plan.element, item))
    case 'block':
      return hideIn(plan, json as JsonObject)
    case 'union': {
      const [property = '', value = null] = Object.entries(json as JsonObject)[0] ?? []
      const arm = plan.arms.find((each) => each.property === property)
      return { [property]: arm === undefined ? value : hide(arm.plan, value) }
    }
    default:
      return json
  }
}
