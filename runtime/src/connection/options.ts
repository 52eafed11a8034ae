import type { Interceptor } from '../api/interceptor.ts'
import type { RpcConnection } from '../api/method.ts'
import { VppError } from '../errors/vpp-error.ts'
import { LONGEST_TIMER, monotonicClock, type Clock } from '../async/clock.ts'
import type { VppTarget } from '../transport/connect.ts'
import type { HealthOptions } from './health.ts'
import type { BackoffOptions } from './backoff.ts'
import type { ConnectReason } from './state.ts'

/** Path of VPP's API socket by default. */
export const DEFAULT_SOCKET_PATH = '/run/vpp/api.sock'

/**
 * Path of the API socket of one of several VPPs on a host, each with `unix { runtime-dir /run/vpp/PREFIX }`.
 * @param prefix letters, digits, `.`, `_` and `-`
 */
export function socketPathOf(prefix: string): string {
  if (!/^[\w.-]+$/.test(prefix) || prefix.startsWith('.')) {
    throw new VppError(
      'VPP_INVALID_ARGUMENT',
      `prefix: expected letters, digits, "._-", received ${JSON.stringify(prefix)}`,
    )
  }
  return `/run/vpp/${prefix}/api.sock`
}

/** How often a lost connection is made again. */
export interface ReconnectOptions extends BackoffOptions {
  /** Failed attempts in a row before the connection counts as failed; Infinity to continue forever. */
  readonly maximumAttempts: number
  /** Milliseconds that a connection must last for the pauses between attempts to begin again at `initialDelay`. */
  readonly stableAfter: number
}

/** What the hook `prepare` is given. */
export interface PrepareInfo {
  /** `same-process`: VPP still has what this program configured; otherwise it may have nothing. */
  readonly reason: ConnectReason
  readonly pid: number
  /** 0 when `reason` is `first`. */
  readonly previousPid: number
  /** Calls over the new session; other callers wait until the hook has ended. */
  readonly vpp: RpcConnection
  /** Aborts when the session ends: what the hook does has no use any more, and the next attempt does not wait for it. */
  readonly signal: AbortSignal
}

/** How to close a connection. */
export interface CloseOptions {
  /** Milliseconds that calls under way are given to end, 0 unless given. Calls that wait for a connection fail at once. */
  readonly drain?: number | undefined
}

/** All options of a connection. */
export interface ConnectionOptions {
  /** Name that VPP shows for this client; 63 bytes at most. */
  readonly clientName: string
  /** Milliseconds for one attempt to connect, handshake included. */
  readonly connectTimeout: number
  /** Milliseconds to wait for VPP's answers when closing; 0 says goodbye without waiting. */
  readonly closeTimeout: number
  /** Milliseconds until a call without its own timeout fails; Infinity for none. */
  readonly timeout: number
  /** What becomes of a call while there is no connection: it waits for one within its timeout, or fails at once. */
  readonly whenDown: 'wait' | 'reject'
  /** Requests that VPP has not answered at most; further ones wait, because VPP itself queues without bound. */
  readonly maxOutstanding: number
  /** Bytes of a message that VPP may announce; its API definitions take 3 MB. */
  readonly maxMessageLength: number
  readonly health: HealthOptions
  /** Undefined: a lost connection stays lost. */
  readonly reconnect: ReconnectOptions | undefined
  /**
   * Runs on every connection, the first included, before `connected` is announced: the place for a program's set-up.
   * When it throws the connection is closed and made again.
   */
  readonly prepare: ((info: PrepareInfo) => Promise<void>) | undefined
  /** Go around every call, dump, event and channel request; the first is the outermost. */
  readonly interceptors: readonly Interceptor[]
  /** Messages kept by the trace; 0 keeps only call durations; undefined turns it off. */
  readonly trace: number | undefined
  readonly clock: Clock
}

/** What callers give: everything is optional, groups too. */
export type ConnectionOptionsInput = {
  readonly [K in keyof ConnectionOptions]?: K extends 'health' | 'reconnect'
    ? Partial<NonNullable<ConnectionOptions[K]>> | (K extends 'reconnect' ? boolean | undefined : never)
    : ConnectionOptions[K] | undefined
}

const HEALTH: HealthOptions = { probeInterval: 1000, timeout: 250, threshold: 2, dropAfter: 0 }

/** Missed probes after which a stream that is not a Unix socket is dropped. */
const STREAM_DROP_AFTER = 10

const RECONNECT: ReconnectOptions = {
  initialDelay: 100,
  maximumDelay: 5000,
  jitter: 0.5,
  maximumAttempts: Infinity,
  stableAfter: 10_000,
}

const DEFAULTS: ConnectionOptions = {
  clientName: 'vpp-ts',
  connectTimeout: 3000,
  closeTimeout: 1000,
  timeout: 5000,
  whenDown: 'reject',
  maxOutstanding: 1024,
  maxMessageLength: 64 * 1024 * 1024,
  health: HEALTH,
  reconnect: undefined,
  prepare: undefined,
  interceptors: [],
  trace: undefined,
  clock: monotonicClock,
}

/** Limits of each number: smallest, largest, whole numbers only. */
const RANGES: Readonly<Record<string, readonly [number, number, boolean]>> = {
  connectTimeout: [1, Infinity, false],
  closeTimeout: [0, LONGEST_TIMER, false],
  timeout: [1, Infinity, false],
  maxOutstanding: [1, 65_536, true],
  maxMessageLength: [1024, 0x7fff_ffff, true],
  trace: [0, 10_000_000, true],
  'health.probeInterval': [0, LONGEST_TIMER, false],
  'health.timeout': [1, LONGEST_TIMER, false],
  'health.threshold': [0, 1_000_000, true],
  'health.dropAfter': [0, 1_000_000, true],
  'reconnect.initialDelay': [1, LONGEST_TIMER, false],
  'reconnect.maximumDelay': [1, LONGEST_TIMER, false],
  'reconnect.jitter': [0, 1, false],
  'reconnect.maximumAttempts': [1, Infinity, false],
  'reconnect.stableAfter': [0, LONGEST_TIMER, false],
}

/**
 * Options with all defaults, checked; what is usual for health depends on the target.
 * @throws VppError `VPP_INVALID_ARGUMENT` naming the option
 */
export function completeOptions(input: ConnectionOptionsInput, where: VppTarget): ConnectionOptions {
  refuseUnknown('', input, DEFAULTS)
  const { health, reconnect, ...rest } = input
  if (typeof reconnect === 'object') refuseUnknown('reconnect.', reconnect, RECONNECT)
  if (health !== undefined) refuseUnknown('health.', health, HEALTH)
  const options: ConnectionOptions = {
    ...DEFAULTS,
    ...given(rest),
    health: { ...HEALTH, ...dropAfterOf(where), ...given(health ?? {}) },
    reconnect:
      reconnect === undefined || reconnect === false
        ? undefined
        : { ...RECONNECT, ...given(reconnect === true ? {} : reconnect) },
  }
  check(options)
  return Object.freeze(options)
}

function dropAfterOf(where: VppTarget): Partial<HealthOptions> {
  return typeof where === 'string' ? {} : { dropAfter: STREAM_DROP_AFTER }
}

/** What is not undefined: that stands for the default. */
function given<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function refuseUnknown(prefix: string, input: object, known: object): void {
  for (const key of Object.keys(input)) {
    if (key in known) continue
    throw new VppError(
      'VPP_INVALID_ARGUMENT',
      `unknown option ${prefix}${key}; known are ${Object.keys(known).join(', ')}`,
    )
  }
}

function check(options: ConnectionOptions): void {
  const { clientName, whenDown, prepare, interceptors } = options
  demand(
    typeof clientName === 'string' && Buffer.byteLength(clientName) <= 63,
    'clientName',
    'text of at most 63 bytes',
    clientName,
  )
  demand(whenDown === 'wait' || whenDown === 'reject', 'whenDown', "'wait' or 'reject'", whenDown)
  demand(prepare === undefined || typeof prepare === 'function', 'prepare', 'a function', prepare)
  demand(Array.isArray(interceptors), 'interceptors', 'an array', interceptors)
  for (const [name, [smallest, largest, whole]] of Object.entries(RANGES)) {
    const value = valueAt(options, name)
    if (value === undefined) continue
    const fits =
      typeof value === 'number' &&
      value >= smallest &&
      value <= largest &&
      (!whole || Number.isInteger(value))
    demand(fits, name, `${smallest} to ${largest}`, value)
  }
}

/** @throws VppError `VPP_INVALID_ARGUMENT` */
export function demandMilliseconds(name: string, value: number): void {
  const fits = typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER
  demand(fits, name, `milliseconds from 0 to ${LONGEST_TIMER}`, value)
}

function demand(fits: boolean, name: string, expected: string, received: unknown): void {
  if (fits) return
  throw new VppError('VPP_INVALID_ARGUMENT', `${name}: expected ${expected}, received ${String(received)}`)
}

function valueAt(options: object, name: string): unknown {
  let value: unknown = options
  for (const key of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}
