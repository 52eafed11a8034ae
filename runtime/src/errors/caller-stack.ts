import { fileURLToPath } from 'node:url'
import { VppError, type VppErrorCode } from './vpp-error.ts'

/** Folder of this package's code, in both spellings that stacks have. */
const OWN_URL = new URL('..', import.meta.url).href
const OWN_FOLDERS = [OWN_URL, OWN_URL.startsWith('file:') ? fileURLToPath(OWN_URL) : OWN_URL]
/** A method of a generated client, which only hands a call on. */
const CLIENT_FRAME = /^\s+at (?:async )?\w+Client\.\w+ .*client\.[jt]s:\d/
/** Frames of this package between a call and what refuses it. */
const DEEPEST = 30

/**
 * Lets the stack of an error begin at the caller of this package, whose line is what matters. To be used while that
 * caller is on the stack.
 */
export function atCaller<E>(error: E): E {
  if (error instanceof VppError) retrace(error, atCaller)
  return error
}

/** Codes of errors that belong to one call and come to it later; others are made at the call, or shared by many. */
const OF_ONE_CALL: ReadonlySet<string> = new Set<VppErrorCode>([
  'VPP_API_ERROR',
  'VPP_CURSOR_STUCK',
  'VPP_DECODE',
  'VPP_REPLY_TIMEOUT',
  'VPP_UNEXPECTED_REPLY',
])

/** Whether an error may get the stack of the one who waits for its call. */
export function isOfOneCall(error: unknown): error is VppError {
  return error instanceof VppError && OF_ONE_CALL.has(error.code)
}

/**
 * A promise that rejects with an error whose stack names the line that awaits it. A promise that is resolved with it
 * costs nothing until a call fails: no stack is taken when the call is made.
 */
export function atAwait(refusal: VppError): Promise<never> {
  // The second step runs when whoever awaits is attached, so that V8 finds the functions that wait.
  return Promise.resolve()
    .then(() => undefined)
    .then(function reject() {
      retrace(refusal, reject)
      throw refusal
    })
}

/** A promise that rejects as a call does: its own error gets the stack of the one who waits for it. */
export function rejection(reason: unknown): Promise<never> {
  return isOfOneCall(reason) ? atAwait(reason) : Promise.reject(reason as Error)
}

function retrace(error: VppError, below: (...args: never[]) => unknown): void {
  const limit = Error.stackTraceLimit
  const holder: { stack?: string } = {}
  try {
    Error.stackTraceLimit = limit + DEEPEST
    Error.captureStackTrace(holder, below)
  } catch {
    // Where intrinsics are frozen the stack stays as it is.
    return
  } finally {
    restore(limit)
  }
  const frames = (holder.stack ?? '').split('\n').slice(1)
  const first = frames.findIndex((frame) => !isOwn(frame))
  if (first < 0) return
  const shown = frames.slice(first, first + limit)
  Object.defineProperty(error, 'stack', {
    value: [`${error.name}: ${error.message}`, ...shown].join('\n'),
    configurable: true,
    writable: true,
  })
}

function restore(limit: number): void {
  try {
    Error.stackTraceLimit = limit
  } catch {
    // It was not changed either.
  }
}

function isOwn(frame: string): boolean {
  return (
    OWN_FOLDERS.some((folder) => frame.includes(folder) && !frame.includes('.test.')) ||
    frame.includes('node:internal/') ||
    frame.includes('new Promise (<anonymous>)') ||
    CLIENT_FRAME.test(frame)
  )
}
