import { VppError } from '../errors/vpp-error.ts'

/**
 * A place in a definition: which module, and the JSON path in it, as in `messages[3][2]`. Both are empty where the
 * definitions as a whole lack something.
 */
export interface SchemaLocation {
  readonly module: string
  readonly path: string
}

/** An API definition is not of the shape that VPP's generator writes, or contradicts itself. */
export class VppSchemaError extends VppError implements SchemaLocation {
  readonly module: string
  readonly path: string

  constructor(at: SchemaLocation, problem: string, options?: ErrorOptions) {
    const where = [at.module, at.path].filter((part) => part !== '').join(': ')
    super(
      'VPP_SCHEMA',
      `${where === '' ? 'API definitions' : `API definition ${where}`}: ${problem}`,
      options,
    )
    this.module = at.module
    this.path = at.path
  }
}

/** A few words on a JSON value for an error's text. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
