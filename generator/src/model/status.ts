import type { SchemaOptions } from '../schema/module.ts'
import type { Status } from './model.ts'

/**
 * State of a message by its options: `deprecated` (bare, or with a text such as a release), `in_progress`, the same as
 * values of `status`, and `replaced_by`.
 */
export function statusOf(options: SchemaOptions): Status {
  const { deprecated, status, replaced_by: replacedBy } = options
  const marked = 'deprecated' in options && deprecated !== false
  const text = typeof deprecated === 'string' && deprecated !== 'true' ? deprecated : undefined
  return {
    deprecated: marked || status === 'deprecated',
    deprecation: text,
    inProgress: ('in_progress' in options && options['in_progress'] !== false) || status === 'in_progress',
    replacedBy: typeof replacedBy === 'string' ? replacedBy : undefined,
  }
}
