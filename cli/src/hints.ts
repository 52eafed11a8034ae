import { VppApiError } from '@vpp-ts/runtime'
import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { CliError } from './errors.ts'
import type { Request } from './input/assign.ts'

/**
 * Says what a refusal may come from: a switch such as `is_add` that was left out counts as false, which deletes.
 * @returns the error to throw
 */
export function withHint(error: unknown, descriptor: MessageDescriptor, request: Request): unknown {
  if (!(error instanceof VppApiError)) return error
  const left = descriptor.fields.find(
    ([name, property, , , options]) =>
      name === 'is_add' && !(name in request) && !(property in request) && options?.default !== true,
  )
  if (left === undefined) return error
  return new CliError('CLI_FAILED', error.message, 'is_add was left out, which deletes; is_add=true adds', {
    cause: error,
  })
}
