import type { Attributes } from '@opentelemetry/api'
import { VppError, type TracedCall, type VppApiError } from '@vpp-ts/runtime'

/** Name of the RPC system in attributes. */
const SYSTEM = 'fdio_vpp'

/** What OpenTelemetry's conventions for RPC say of a call before it is made. */
export function attributesOf({ message, target }: TracedCall): Attributes {
  return {
    'rpc.system.name': SYSTEM,
    'rpc.method': message,
    'server.address': target,
  }
}

/** What they say of its outcome: VPP's own name of the refusal, and the error's stable code. */
export function outcomeOf(error: unknown): Attributes {
  if (error === undefined) return {}
  const type = { 'error.type': typeOf(error) }
  return isApiError(error) ? { ...type, 'rpc.response.status_code': error.apiName } : type
}

/** The code rather than the class: two copies of the runtime have two classes. */
function isApiError(error: unknown): error is VppApiError {
  return (error as { code?: unknown } | null)?.code === 'VPP_API_ERROR'
}

function typeOf(error: unknown): string {
  if (error instanceof VppError) return error.code
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string') return code
  return typeof name === 'string' ? name : '_OTHER'
}
