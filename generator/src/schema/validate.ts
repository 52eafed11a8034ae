import { readFileSync } from 'node:fs'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { ApiDocument } from './document.ts'
import type { FileReport } from './report.ts'

const SCHEMA_FILE = new URL('../../schema/api-json.schema.json', import.meta.url)

/** What ajv calls a key that the schema does not list: newer releases of VPP add keys. */
const UNKNOWN_KEY = 'additionalProperties'

/**
 * Checks that a parsed file has the shape of a `.api.json`; notes what is wrong, and keys that are unknown, in the report.
 */
export type ShapeCheck = (json: unknown, report: FileReport) => json is ApiDocument

/**
 * Loads ajv and compiles the published JSON Schema; only done when there is something to check. That the schema itself is
 * sound is a matter of tests: to check it here would take longer than the rest.
 */
export async function loadShapeCheck(): Promise<ShapeCheck> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false })
  const validate: ValidateFunction<ApiDocument> = ajv.compile<ApiDocument>(
    JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as object,
  )
  return (json, report): json is ApiDocument => {
    if (validate(json)) return true
    const errors = telling(validate.errors ?? [])
    for (const { instancePath, keyword, params } of errors) {
      if (keyword === UNKNOWN_KEY) report.addUnknownKey(instancePath, String(params['additionalProperty']))
    }
    const wrong = errors.filter(({ keyword }) => keyword !== UNKNOWN_KEY)
    for (const error of wrong) {
      report.add('shape', error.instancePath, describe(error), REMEDY)
    }
    return wrong.length === 0
  }
}

/** What is said of an `if`, or of a name inside `propertyNames`, only repeats what another error says better. */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter(({ keyword, propertyName }) => keyword !== 'if' && propertyName === undefined)
}

const REMEDY = 'compare with the JSON Schema of @vpp-ts/binapi-generator, or generate the file again with VPP'

function describe({ keyword, params, message }: ErrorObject): string {
  const { missingProperty, allowedValues, pattern, propertyName } = params as Record<string, unknown>
  switch (keyword) {
    case 'required':
      return `key "${String(missingProperty)}" is missing`
    case 'enum':
      return `must be one of ${(allowedValues as unknown[]).join(', ')}`
    case 'pattern':
      return `must match ${String(pattern)}`
    case 'propertyNames':
      return `"${String(propertyName)}" is not a name`
    default:
      return message ?? keyword
  }
}
