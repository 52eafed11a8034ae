import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DEFAULT_SOCKET_PATH, socketPathOf, type ConnectionOptionsInput } from '@vpp-ts/runtime'
import { YAMLParseError, parse } from 'yaml'
import { ConfigError, type ConfigProblem } from './errors.ts'
import { LONGEST_TIMER, OBSOLETE_KEYS, OLD_SPELLINGS, fileSchema, type GovppFile } from './schema.ts'

/** Socket of VPP's stats segment: beside the API socket, in VPP's `runtime-dir`, unless the file says otherwise. */
const STATS_SOCKET = 'stats.sock'
/** Messages that the trace keeps when it is switched on. */
const TRACE_CAPACITY = 1000

/** A configuration file as this library uses it. */
export interface GovppConfig {
  /** Path for `VppConnection.managed`. */
  readonly socketPath: string
  /**
   * What `connect-via-shm` asks for: for `shmTarget` of `@vpp-ts/shm`, instead of {@link socketPath}. Undefined without
   * that key.
   */
  readonly shm: { readonly prefix: string } | undefined
  /** Path for the stats client. */
  readonly statsSocketPath: string
  /** Options for `VppConnection.managed`; a hook `prepare` is the program's to add. */
  readonly options: ConnectionOptionsInput
  /** Whether the program is to bring VPP up to date after a reconnect. */
  readonly resyncAfterReconnect: boolean
  /** Remarks on keys that are obsolete, renamed or have no effect here. */
  readonly notes: readonly string[]
}

/**
 * Reads a `govpp.conf` file.
 * @throws ConfigError naming every key that is wrong
 */
export async function readConfig(file: string): Promise<GovppConfig> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}`
    throw new ConfigError(file, [{ key: '', message }], { cause: error })
  }
  return parseConfig(text, file)
}

/**
 * Takes the text of a `govpp.conf` file.
 * @param file what to call the text in errors
 * @throws ConfigError naming every key that is wrong
 */
export function parseConfig(text: string, file = 'govpp.conf'): GovppConfig {
  const notes: string[] = []
  const content = parseYaml(text, file)
  const result = fileSchema.safeParse(modernise(content, file, notes))
  if (!result.success) throw new ConfigError(file, result.error.issues.flatMap(problemsOf))
  return toConfig(result.data, notes)
}

function parseYaml(text: string, file: string): Record<string, unknown> {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    const at = error instanceof YAMLParseError ? ` (line ${error.linePos?.[0].line ?? '?'})` : ''
    const message = `is not YAML${at}: ${(error as Error).message.split('\n')[0] ?? ''}`
    throw new ConfigError(file, [{ key: '', message }], { cause: error })
  }
  if (content === null || content === undefined) return {}
  if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>
  throw new ConfigError(file, [{ key: '', message: 'expected keys with values, as in "reply-timeout: 1s"' }])
}

/** Puts old spellings under their names of today. */
function modernise(content: Record<string, unknown>, file: string, notes: string[]): Record<string, unknown> {
  // Keys come from the file: `constructor` may be one of them.
  const modern = new Map<string, unknown>()
  for (const [key, value] of Object.entries(content)) {
    if (OBSOLETE_KEYS.has(key)) {
      notes.push(`${key}: obsolete, ignored`)
      continue
    }
    const name = OLD_SPELLINGS.get(key) ?? key
    if (name !== key) notes.push(`${key}: renamed to ${name}`)
    if (modern.has(name)) {
      throw new ConfigError(file, [{ key: name, message: `is given twice, once as ${key}; leave one` }])
    }
    modern.set(name, value)
  }
  return Object.fromEntries(modern)
}

function problemsOf(issue: {
  code: string
  path: PropertyKey[]
  message: string
  keys?: string[]
}): ConfigProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ key: issue.path.join('.'), message: issue.message }]
  const known = Object.keys(fileSchema.shape).join(', ')
  return (issue.keys ?? []).map((key) => ({ key, message: `unknown key; known keys: ${known}` }))
}

function toConfig(file: GovppFile, notes: string[]): GovppConfig {
  const prefix = file['shm-prefix'] ?? ''
  const viaShm = file['connect-via-shm'] === true
  if (viaShm) notes.push('connect-via-shm: for programs that use @vpp-ts/shm; others use the API socket')
  if (file['proxy-enabled'] !== undefined) notes.push('proxy-enabled: has no effect here')
  const named = file['binapi-socket-path'] ?? ''
  const socketPath = named || (prefix === '' ? DEFAULT_SOCKET_PATH : socketPathOf(prefix))
  const pause = file['retry-connect-timeout'] ?? 1000
  const waits = (file['retry-request-count'] ?? 0) > 0
  return {
    socketPath,
    shm: viaShm ? { prefix } : undefined,
    statsSocketPath: (file['stats-socket-path'] ?? '') || join(dirname(socketPath), STATS_SOCKET),
    resyncAfterReconnect: file['resync-after-reconnect'] ?? true,
    options: {
      timeout: zeroIsNever(file['reply-timeout'] ?? 1000),
      whenDown: waits ? 'wait' : 'reject',
      health: {
        probeInterval: file['health-check-probe-interval'] ?? 1000,
        timeout: file['health-check-reply-timeout'] ?? 250,
        threshold: file['health-check-threshold'] ?? 1,
      },
      reconnect: {
        initialDelay: pause,
        maximumDelay: Math.min(pause * 8, LONGEST_TIMER),
        maximumAttempts: zeroIsNever(file['retry-connect-count'] ?? 0),
      },
      ...(file['trace-enabled'] === true ? { trace: TRACE_CAPACITY } : {}),
    },
    notes,
  }
}

/** In the file 0 switches a limit off. */
function zeroIsNever(value: number): number {
  return value === 0 ? Infinity : value
}
