import { clientLayout } from './shm/layout.ts'
import {
  MAX_BUFFER_SIZE,
  MAX_LOG2_RING_SIZE,
  MAX_RINGS,
  MODE_NUMBER,
  TEXT_BYTES,
  type MemifMode,
} from './control/protocol.ts'
import { textBytes } from './control/text.ts'
import { MemifError } from './errors.ts'

/** Who listens (server; "master" of old) and who brings the shared memory (client; "slave"). */
export type MemifRole = 'server' | 'client'

/**
 * How arrivals are noticed. `interrupt`: the peer signals each burst. `polling`: it does not, the user calls `rxBurst`.
 * `adaptive`: interrupt while idle, polling from the first packet until none came for `adaptiveIdleMs`.
 */
export type RxMode = 'interrupt' | 'polling' | 'adaptive'

/** An interface's settings, complete. Queues are counted as this side sees them. */
export interface MemifConfig {
  readonly role: MemifRole
  /** Number of the interface on its socket, 0 to 2^32-1; default 0. */
  readonly id: number
  /** What packets begin with; both sides must agree. Default `ethernet`. */
  readonly mode: MemifMode
  /** Shared by both sides, at most 23 bytes; empty (the default) for none. Not enumerable, so that no log shows it. */
  readonly secret: string
  /** Name told to the peer, at most 31 bytes; default `memif` and the id. */
  readonly interfaceName: string
  /** Rings to receive from, 1 to 255; default 1. A server refuses clients that insist on more. */
  readonly rxQueues: number
  /** Rings to send to, 1 to 255; default 1. A server sends to at most this many, however many a client offers. */
  readonly txQueues: number
  /** Slots of each ring, a power of two from 2 to 16384; default 1024. The client decides. */
  readonly ringSize: number
  /** Bytes of each buffer, 64 to 65535; default 2048. The client decides. Longer packets are chained. */
  readonly bufferSize: number
  /** Bytes kept free in front of received packets, for `Packet.prepend`; default 0. */
  readonly headroom: number
  /** Longest packet sent or received, in bytes; others are dropped and counted. Default 65535. */
  readonly maxPacketBytes: number
  /** Mode of every rx queue at first; default `interrupt`. */
  readonly rxMode: RxMode
  /** Milliseconds without a packet after which an adaptive queue sleeps; default 1. */
  readonly adaptiveIdleMs: number
  /** Milliseconds until a client tries again; default 2000. */
  readonly reconnectMs: number
  /** Milliseconds the handshake may take; default 5000. */
  readonly handshakeTimeoutMs: number
  /**
   * A server refuses regions that the client could still shrink (which would end this process with SIGBUS), unless this
   * is true. DPDK's zero-copy client, which shares huge pages, needs it. Default false.
   */
  readonly acceptUnsealedRegions: boolean
}

type Rule = (value: never) => string | undefined

const whole =
  (min: number, max: number) =>
  (value: number): string | undefined =>
    Number.isSafeInteger(value) && value >= min && value <= max
      ? undefined
      : `a whole number from ${min} to ${max}`

const oneOf =
  (...values: readonly string[]) =>
  (value: string): string | undefined =>
    values.includes(value) ? undefined : `one of ${values.join(', ')}`

const text =
  (field: number) =>
  (value: string): string | undefined =>
    typeof value === 'string' && textBytes(value) < field && !value.includes('\0')
      ? undefined
      : `text of at most ${field - 1} bytes without NUL`

const MILLISECONDS = whole(1, 2 ** 31 - 1)

const RULES: Record<keyof MemifConfig, Rule> = {
  role: oneOf('server', 'client'),
  id: whole(0, 2 ** 32 - 1),
  mode: oneOf(...Object.keys(MODE_NUMBER)),
  secret: text(TEXT_BYTES.secret),
  interfaceName: text(TEXT_BYTES.name),
  rxQueues: whole(1, MAX_RINGS),
  txQueues: whole(1, MAX_RINGS),
  ringSize: (value: number) =>
    Number.isInteger(Math.log2(value)) && value >= 2 && value <= 2 ** MAX_LOG2_RING_SIZE
      ? undefined
      : `a power of two from 2 to ${2 ** MAX_LOG2_RING_SIZE}`,
  bufferSize: whole(64, MAX_BUFFER_SIZE),
  headroom: whole(0, MAX_BUFFER_SIZE - 64),
  maxPacketBytes: whole(1, 2 ** 31 - 1),
  rxMode: oneOf('interrupt', 'polling', 'adaptive'),
  adaptiveIdleMs: (value: number) => (value >= 0 && value <= 60_000 ? undefined : 'a number from 0 to 60000'),
  reconnectMs: MILLISECONDS,
  handshakeTimeoutMs: MILLISECONDS,
  acceptUnsealedRegions: (value: boolean) => (typeof value === 'boolean' ? undefined : 'true or false'),
}

/** What a user may leave out. */
export type MemifSettings = Partial<MemifConfig> & Pick<MemifConfig, 'role'>

/**
 * Fills in the defaults and checks every setting.
 *
 * @throws MemifError `MEMIF_OPTION_INVALID` naming the option, its value and what it may be
 */
export function resolveConfig(settings: MemifSettings): MemifConfig {
  const { id = 0 } = settings
  const defaults: MemifConfig = {
    role: settings.role,
    id,
    mode: 'ethernet',
    secret: '',
    interfaceName: `memif${id}`,
    rxQueues: 1,
    txQueues: 1,
    ringSize: 1024,
    bufferSize: 2048,
    headroom: 0,
    maxPacketBytes: 65535,
    rxMode: 'interrupt',
    adaptiveIdleMs: 1,
    reconnectMs: 2000,
    handshakeTimeoutMs: 5000,
    acceptUnsealedRegions: false,
  }
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  const config: MemifConfig = {
    ...defaults,
    ...(Object.fromEntries(given) as Partial<MemifConfig>),
  }
  for (const key of Object.keys(config) as (keyof MemifConfig)[]) checkOption(key, config[key])
  if (config.bufferSize - config.headroom < 64) {
    throw invalid(
      'headroom',
      config.headroom,
      `at least 64 bytes less than the bufferSize of ${config.bufferSize}`,
    )
  }
  if (config.role === 'client') clientLayout({ ...config, log2RingSize: Math.log2(config.ringSize) })
  // Out of logs: neither inspect nor JSON nor a copy by spreading shows it.
  Object.defineProperty(config, 'secret', { enumerable: false })
  return Object.freeze(config)
}

function checkOption(key: keyof MemifConfig, value: unknown): void {
  if (!Object.hasOwn(RULES, key)) {
    throw new MemifError(
      'MEMIF_OPTION_INVALID',
      `there is no option "${key}"; known are ${Object.keys(RULES).join(', ')}`,
    )
  }
  const expected = RULES[key](value as never)
  if (expected !== undefined) throw invalid(key, value, expected)
}

function invalid(key: string, value: unknown, expected: string): MemifError {
  const shown = key === 'secret' ? 'the given text' : JSON.stringify(value)
  return new MemifError('MEMIF_OPTION_INVALID', `option ${key} must be ${expected}, not ${shown}`)
}
