import type { IncomingMessage } from 'node:http'
import type { JsonValue } from '@vpp-ts/runtime'
import { VppHttpError } from './errors.ts'
import { inPropertyNames } from './property-names.ts'

/**
 * The JSON of a request; an empty object where it has no body.
 * @param limit bytes that a body may have
 * @throws VppHttpError when there is more, or no JSON
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<JsonValue> {
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return {}
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  if (!/^application\/json *(;|$)/i.test(type) || encoding !== 'identity') {
    throw new VppHttpError(
      'HTTP_MEDIA_TYPE',
      `expected a body of type application/json, not compressed; received ${JSON.stringify(type)}, ${encoding}`,
    )
  }
  return parseJson('HTTP_BODY', 'the body', bytes)
}

/**
 * Parses JSON of a part of a request. Names of fields may be VPP's (`sw_if_index`) or those of bindings (`swIfIndex`).
 * @throws VppHttpError with `code`
 */
export function parseJson(code: 'HTTP_BODY' | 'HTTP_QUERY', what: string, bytes: Uint8Array): JsonValue {
  let json: JsonValue
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new VppHttpError(code, `${what} is not JSON in UTF-8: ${reason}`, { cause: error })
  }
  try {
    return inPropertyNames(json)
  } catch (error) {
    if (error instanceof RangeError)
      throw new VppHttpError(code, `${what}: ${error.message}`, { cause: error })
    throw error
  }
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What is left of the body is not read: the connection cannot be used again. */
function tooLarge(limit: number): VppHttpError {
  return new VppHttpError('HTTP_BODY_TOO_LARGE', `a body may have at most ${limit} bytes`, {
    headers: { connection: 'close' },
  })
}
