/** What every program ends with; documented in `docs/cli.md`. */
export const EXIT = {
  /** Done; also what runs until it is stopped, such as a server, when it is stopped. */
  ok: 0,
  /** VPP refused, a check found something, input has errors, output cannot be written. */
  failed: 1,
  /** Wrong arguments, configuration or values. */
  usage: 2,
  /** VPP cannot be reached, or is gone. */
  unreachable: 3,
  /** VPP is there and does not answer in time. */
  timeout: 4,
  /** Stopped by SIGINT or SIGTERM before it was done. */
  interrupted: 130,
} as const

/** Exit codes of errors by their stable `code`; those left out are failures. */
const BY_CODE: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ...codes(EXIT.usage, 'VPP_ENCODE', 'VPP_HAZARD', 'VPP_INVALID_ARGUMENT', 'VPP_SCHEMA', 'VPP_CONFIG'),
  ...codes(EXIT.usage, 'STATS_ARGUMENT', 'AGENT_CONFIG', 'BINAPI_USAGE', 'CLI_USAGE', 'LINUX_ARGUMENT'),
  ...codes(EXIT.unreachable, 'VPP_SOCKET_MISSING', 'VPP_DIRECTORY_MISSING', 'VPP_PERMISSION_DENIED'),
  ...codes(EXIT.unreachable, 'VPP_CONNECTION_REFUSED', 'VPP_CONNECT_FAILED', 'VPP_CONNECTION_LOST'),
  ...codes(EXIT.unreachable, 'VPP_NOT_CONNECTED', 'VPP_CLOSED', 'VPP_PROTOCOL'),
  ...codes(EXIT.unreachable, 'STATS_HANDSHAKE', 'STATS_AGENTX', 'STATS_DISCONNECTED', 'LINUX_SYSCALL'),
  ...codes(EXIT.unreachable, 'AGENT_UNREACHABLE'),
  ...codes(EXIT.timeout, 'VPP_CONNECT_TIMEOUT', 'VPP_REPLY_TIMEOUT', 'STATS_CONNECT_TIMEOUT'),
  ...codes(EXIT.timeout, 'AGENT_TIMEOUT'),
])

function codes(exitCode: number, ...names: readonly string[]): [string, number][] {
  return names.map((name) => [name, exitCode])
}

/** Causes of a time-out that mean that nothing was there to answer. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED'])

/**
 * The exit code of an error: of its own `code`, or else of the error that it comes from. What commander throws is 0 for
 * help and version, and wrong arguments otherwise.
 */
export function exitCodeOf(error: unknown): number {
  for (let at = asError(error); at !== undefined; at = asError(at.cause)) {
    if (typeof at.code === 'string' && at.code.startsWith('commander.')) {
      return at.exitCode === 0 ? EXIT.ok : EXIT.usage
    }
    const known = BY_CODE.get(at.code)
    if (known === EXIT.timeout && NOTHING_THERE.has(asError(at.cause)?.errno)) return EXIT.unreachable
    if (known !== undefined) return known
  }
  return EXIT.failed
}

interface ErrorLike {
  readonly code?: unknown
  readonly errno?: unknown
  readonly exitCode?: unknown
  readonly cause?: unknown
}

function asError(value: unknown): ErrorLike | undefined {
  return typeof value === 'object' && value !== null ? value : undefined
}
