import { describe, expect, it } from 'vitest'
import type { AnyDump, Change, Invocation } from '../api/interceptor.ts'
import type { CallOptions, EventOptions, EventStream } from '../api/method.ts'
import { defaultOptions, type CallDefaults } from './with-defaults.ts'

/** Options that come out of the layers, for those that the caller gave. */
function through(defaults: CallDefaults, options: CallOptions | EventOptions) {
  const seen: (Change | undefined)[] = []
  const layers = defaultOptions(defaults)
  const kinds = ['call', 'dump', 'events'] as const
  const of = (kind: Invocation['kind']): Invocation => ({
    kind,
    target: '/x',
    message: 'demo',
    channel: 0,
    request: {},
    options,
  })
  const next =
    <T>(result: T) =>
    (change?: Change) => {
      seen.push(change)
      return result
    }
  void layers.call?.(of('call'), next(Promise.resolve()))
  layers.dump?.(of('dump'), next({} as AnyDump))
  layers.events?.(of('events'), next({} as EventStream<unknown>))
  return Object.fromEntries(kinds.map((kind, at) => [kind, seen[at]?.options])) as Record<
    (typeof kinds)[number],
    CallOptions & EventOptions
  >
}

describe('defaultOptions', () => {
  it('complete what the caller left out or gave as undefined; subscriptions have no timeout', () => {
    const { call, dump, events } = through(
      { timeout: 5, idempotent: true },
      { timeout: undefined, idempotent: false },
    )
    expect(call).toEqual({ timeout: 5, idempotent: false })
    expect(dump).toEqual(call)
    expect(events).toEqual({ timeout: undefined, idempotent: false })
    expect(through({ timeout: 5 }, { timeout: 7 }).call.timeout).toBe(7)
    expect(through({}, { bufferSize: 9 }).events.bufferSize).toBe(9)
  })

  it.each(['call', 'dump', 'events'] as const)('either signal ends a %s', (kind) => {
    const [own, common] = [new AbortController(), new AbortController()]
    const both = through({ signal: common.signal }, { signal: own.signal })[kind]
    const again = through({ signal: common.signal }, { signal: own.signal })[kind]
    expect(both.signal?.aborted).toBe(false)
    own.abort()
    expect(both.signal?.aborted).toBe(true)
    common.abort()
    expect(again.signal?.aborted).toBe(true)
    expect(through({ signal: common.signal }, {})[kind].signal).toBe(common.signal)
    expect(through({}, { signal: own.signal })[kind].signal).toBe(own.signal)
    expect(through({}, {})[kind].signal).toBeUndefined()
  })
})
