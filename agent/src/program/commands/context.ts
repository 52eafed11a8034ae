import { EXIT, processContext } from '@vpp-ts/command'

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** What a command knows of its surroundings, and what it ends with. */
export interface CommandContext {
  readonly out: Stream
  readonly err: Stream
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts on SIGINT and SIGTERM. Asked for by what can be stopped amid its work only. */
  readonly signal: () => AbortSignal
  exitCode: number
}

/** The context of this process. */
export function contextOfProcess(): CommandContext {
  let signal: AbortSignal | undefined
  return {
    out: process.stdout,
    err: process.stderr,
    input: process.stdin,
    env: process.env,
    signal: () => (signal ??= processContext().signal),
    exitCode: EXIT.ok,
  }
}
