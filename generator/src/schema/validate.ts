import { readFileSync } from 'node:fs'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { ApiDocument } from './document.ts'
import type { FileReport } from './report.ts'

const SCHEMA_FILE = new URL('../../schema/api-json.schema.json', import.meta.url)

/** Checks that a parsed file has the shape of a `.api.json`; notes what is wrong in the report. */
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
    for (const error of telling(validate.errors ?? [])) {
      report.add('shape', error.instancePath, describe(error), remedyFor(error))
    }
    return false
  }
}

/** What is said of an `if`, or of a name inside `propertyNames`, only repeats what another error says better. */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter(({ keyword, propertyName }) => keyword !== 'if' && propertyName === undefined)
}

function describe({ keyword, params, message }: ErrorObject): string {
  const { additionalProperty, missingProperty, allowedValues, pattern, propertyName } = params as Record<
    string,
    unknown
  >
  switch (keyword) {
    case 'additionalProperties':
      return `unknown key "${String(additionalProperty)}"`
    case 'required':
      return `key "${String(missingProperty)}" is missing`
    case 'enum':
      return `must be one of ${(allowedValues as unknown[]).join(', ')}`
    case 'pattern':
      return `must match ${String(pattern)}`
    case 'propertyNames':
      return `"${String(propertyName)}" is no name`
    default:
      return message ?? keyword
  }
}

function remedyFor({ keyword }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return 'remove the key, or use a newer generator if a newer VPP wrote the file'
  return 'compare with the JSON Schema of @vpp-ts/binapi-generator, or generate the file anew with VPP'
}
