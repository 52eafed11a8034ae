/** Where a program writes, and what ends it. */
export interface ProcessContext {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
  /** Aborts on SIGINT and SIGTERM. A second signal ends the process. */
  readonly signal: AbortSignal
}

/** The context of this process. */
export function processContext(): ProcessContext {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  return { out: process.stdout, err: process.stderr, signal: stop.signal }
}
