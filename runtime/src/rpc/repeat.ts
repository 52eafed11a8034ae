import { LONGEST_TIMER, type Clock } from '../async/clock.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { CallOptions, WaitOptions } from '../api/method.ts'

/** What repeating a call needs of the connection. */
export interface RepeatTarget {
  readonly clock: Clock
  /** Milliseconds for calls that name none. */
  readonly timeout: number
  /** Settles when there is a connection; rejects when there will be none. */
  ready(options: WaitOptions): Promise<void>
}

/**
 * Makes a call that may be carried out twice: again over the next connection whenever one was lost, within one timeout.
 * @throws what the last attempt threw
 */
export async function repeatWhenLost<R>(
  target: RepeatTarget,
  options: CallOptions,
  call: (options: CallOptions) => Promise<R>,
): Promise<R> {
  const { timeout = target.timeout, signal } = options
  const end = target.clock.now() + timeout
  for (let left = timeout; ;) {
    try {
      return await call({ signal, timeout: left })
    } catch (error) {
      left = end - target.clock.now()
      if (!isLoss(error) || !(left > 0) || !(await comesBack(target, left, signal))) throw error
      left = Math.max(1, end - target.clock.now())
    }
  }
}

/** Whether there is a connection in time. */
async function comesBack(
  target: RepeatTarget,
  left: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const late = new AbortController()
  const timer = left === Infinity ? undefined : setTimeout(() => late.abort(), Math.min(left, LONGEST_TIMER))
  timer?.unref()
  try {
    await unlessAborted(target.ready({ signal: late.signal }), signal)
    return true
  } catch {
    signal?.throwIfAborted()
    return false
  } finally {
    clearTimeout(timer)
    late.abort()
  }
}

function isLoss(error: unknown): boolean {
  return (
    error instanceof VppError && (error.code === 'VPP_CONNECTION_LOST' || error.code === 'VPP_NOT_CONNECTED')
  )
}
