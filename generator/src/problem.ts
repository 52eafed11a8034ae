/**
 * Codes of what can be wrong with API definitions.
 *
 * - `json`: text that is not JSON, or ends too early
 * - `shape`: JSON that has not the shape of a `.api.json` file
 * - `duplicate-module`: two files of one module
 * - `import-cycle`: modules that import each other
 * - `duplicate-name`: two things of one name in a module
 * - `conflicting-type`: a type defined twice with different content
 * - `unknown-type`: a reference to a type that is defined nowhere
 * - `recursive-type`: a type that contains itself
 * - `array`: an array that cannot be laid out
 * - `union`: a discriminator or a case that leads nowhere
 * - `enum`: an enum member that does not fit the base type
 * - `default`: a default that does not fit its field
 * - `service`: a service that names a message which is not there
 * - `different`, `missing`, `stale`: what `--check` found in the output folder
 */
export type ProblemCode =
  | 'json'
  | 'shape'
  | 'duplicate-module'
  | 'import-cycle'
  | 'duplicate-name'
  | 'conflicting-type'
  | 'unknown-type'
  | 'recursive-type'
  | 'array'
  | 'union'
  | 'enum'
  | 'default'
  | 'service'
  | 'different'
  | 'missing'
  | 'stale'

/** One thing that is wrong, where it is, and what to do about it. */
export interface Problem {
  readonly code: ProblemCode
  readonly file: string
  /** JSON Pointer into the file; empty for the file as a whole. */
  readonly path: string
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

/** The problem as one line: `file#path: message; remedy`. */
export function formatProblem({ file, path, message, remedy }: Problem): string {
  const place = path === '' ? file : `${file}#${path}`
  return remedy === '' ? `${place}: ${message}` : `${place}: ${message}; ${remedy}`
}
