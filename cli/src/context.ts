import { Output } from './output/output.ts'

/** Where the command reads and writes. */
export interface CliContext {
  readonly out: Output
  readonly err: Output
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts on SIGINT and SIGTERM, and when the output is no longer read. */
  readonly signal: AbortSignal
}

/** The context of this process. */
export function processContext(): CliContext {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal))
  const { env } = process
  const out = new Output(process.stdout, env, () => stop.abort('EPIPE'))
  const err = new Output(process.stderr, env, () => {})
  return { out, err, input: process.stdin, env, signal: stop.signal }
}
