import { isServable } from '@vpp-ts/binapi-generator/openapi'
import { VppApiError, VppEncodeError } from '@vpp-ts/runtime'
import type { DynamicApi, PlainMessage } from '@vpp-ts/runtime/dynamic'
import type { ReadMessage } from './print-trace.ts'

/** What became of one message. */
export interface Replayed {
  readonly message: string
  /** `skipped`: not a request, one of the connection itself, or one that the definitions do not have. */
  readonly result: 'done' | 'failed' | 'skipped'
  /** How many details a dump had, what VPP refused, or why it was not sent. */
  readonly note: string
}

/**
 * Sends the request of a traced message again.
 * @throws what ends a replay: no answer in time, a lost connection
 */
export async function replay(
  { label, fields, problem }: ReadMessage,
  api: DynamicApi,
  signal: AbortSignal,
): Promise<Replayed> {
  const skipped = (note: string): Replayed => ({ message: label, result: 'skipped', note })
  if (fields === undefined) return skipped(problem ?? '')
  if (api.schema.service(label) === undefined) return skipped('not a request')
  if (!isServable(label)) return skipped('a request of the connection itself')
  try {
    return { message: label, result: 'done', note: await send(label, fields, api, signal) }
  } catch (error) {
    if (!(error instanceof VppApiError || error instanceof VppEncodeError)) throw error
    return { message: label, result: 'failed', note: error.message }
  }
}

async function send(
  message: string,
  fields: PlainMessage,
  api: DynamicApi,
  signal: AbortSignal,
): Promise<string> {
  const { kind } = api.schema.method(message)
  if (kind === 'unary' || kind === 'one-way') {
    await api.call(message, fields, { signal })
    return ''
  }
  let count = 0
  for await (const _details of api.dump(message, fields, { signal })) count++
  return `${count} details`
}
