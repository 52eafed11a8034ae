import { array, call, flat, object, quote, type Expression } from '../emit/literal.ts'
import type { JsonSchema } from '../openapi/json-schema.ts'

/**
 * A JSON Schema as an expression that makes the zod schema of the same values.
 *
 * @param z local name of zod's `z`
 * @param nameOf local name of the schema that a reference leads to
 */
export function zodExpression(schema: JsonSchema, z: string, nameOf: (ref: string) => string): Expression {
  const inner = (part: JsonSchema) => zodExpression(part, z, nameOf)
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.anyOf !== undefined) return call(`${z}.union`, array(schema.anyOf.map(inner)))
  switch (schema.type) {
    case 'string':
      return stringExpression(schema, z)
    case 'integer':
      return `${z}.int().min(${schema.minimum}).max(${schema.maximum})`
    case 'array':
      return arrayExpression(schema, inner(schema.items ?? {}), z)
    case 'object':
      return objectExpression(schema, z, inner)
    case 'number':
    case 'boolean':
      return `${z}.${schema.type}()`
    default:
      return `${z}.unknown()`
  }
}

function stringExpression(schema: JsonSchema, z: string): Expression {
  if (schema.enum !== undefined) return call(`${z}.enum`, array(schema.enum.map(quote)))
  if (schema.format !== undefined) return `${z}.${schema.format}()`
  const pattern = schema.pattern === undefined ? '' : `.regex(${String(new RegExp(schema.pattern))})`
  const most = schema.maxLength === undefined ? '' : `.max(${schema.maxLength})`
  return `${z}.string()${pattern}${most}`
}

/** Only a list without limits has long items: the names of flags. */
function arrayExpression({ minItems, maxItems }: JsonSchema, items: Expression, z: string): Expression {
  if (minItems === undefined && maxItems === undefined) return call(`${z}.array`, items)
  const made = `${z}.array(${flat(items)})`
  if (minItems === maxItems) return `${made}.length(${minItems})`
  return `${made}.max(${maxItems})`
}

function objectExpression(
  { properties = {}, required = [] }: JsonSchema,
  z: string,
  inner: (part: JsonSchema) => Expression,
): Expression {
  const needed = new Set(required)
  const entries = Object.entries(properties).map(([name, property]) => {
    const value = inner(property)
    return [name, needed.has(name) ? value : call(`${z}.optional`, value)] as const
  })
  return call(`${z}.strictObject`, object(entries))
}
