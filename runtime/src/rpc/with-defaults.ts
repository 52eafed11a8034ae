import type { Interceptor } from '../api/interceptor.ts'
import type { CallOptions } from '../api/method.ts'

/** Options for calls that do not say otherwise; signals come together: a call is aborted by its own and by this one. */
export type CallDefaults = Pick<CallOptions, 'timeout' | 'signal' | 'idempotent'>

/** Layers that put the defaults into the options of what passes through. */
export function defaultOptions({ signal, ...defaults }: CallDefaults): Interceptor {
  const signalOf = (own: AbortSignal | undefined) =>
    own === undefined || signal === undefined ? (own ?? signal) : AbortSignal.any([own, signal])
  const complete = ({ options }: { options: CallOptions }) => ({
    options: { ...defaults, ...given(options), signal: signalOf(options.signal) },
  })
  return {
    call: (invocation, next) => next(complete(invocation)),
    dump: (invocation, next) => next(complete(invocation)),
    // A subscription has no timeout.
    events: (invocation, next) =>
      next({ options: { ...invocation.options, signal: signalOf(invocation.options.signal) } }),
  }
}

/** What is not undefined: that stands for the default. */
function given(options: CallOptions): CallOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
