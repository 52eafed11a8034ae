import type { FastifyRequest } from 'fastify'
import type { Instance } from '../instance/instance.ts'
import type { ItemRef } from '../kinds/item.ts'
import { flag, wholeInQuery } from '../web/zod-provider.ts'

/** Parameters of a query that waits for VPP. */
export const waiting = {
  wait: flag.describe('Respond when the changes have been applied to VPP, with the outcome.'),
  timeout: wholeInQuery(1, 300_000).default(30_000).describe('Maximum time to wait in milliseconds.'),
}

/**
 * Waits until items have been applied to VPP.
 * @returns false when the time was over first, or the caller has left
 */
export async function settled(
  instance: Instance,
  request: FastifyRequest,
  timeout: number,
  refs: Iterable<ItemRef>,
): Promise<boolean> {
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  request.raw.socket.once('close', leave)
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), gone.signal])
  try {
    await instance.settled(signal, refs)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    request.raw.socket.off('close', leave)
  }
}
