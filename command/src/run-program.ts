import { EXIT } from './exit-codes.ts'

/** How a program takes it that its output cannot be written. */
export interface ProgramOptions {
  /**
   * - `end`: its work is its output. It ends, quietly when its reader is gone, as with `| head`.
   * - `finish`: its work is more than that, such as files. It continues to the end.
   * - `serve`: it serves others and continues; how it ends does not depend on its output.
   */
  readonly lostOutput?: 'end' | 'finish' | 'serve'
}

/** What a program uses of `process`. */
export interface ProgramProcess {
  readonly argv: readonly string[]
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  exitCode?: number | string | null | undefined
  exit(code: number): void
}

/** Errors of a stream whose reader is gone. */
const READER_GONE: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/**
 * Runs a program: its exit code is what `main` gives back. A broken pipe and a full disk cost it one line on stderr at
 * most, never a stack trace.
 * @param main gets the arguments, without Node and script
 */
export async function runProgram(
  name: string,
  main: (args: readonly string[]) => Promise<number>,
  { lostOutput = 'end' }: ProgramOptions = {},
  program: ProgramProcess = process,
): Promise<void> {
  const { stdout, stderr } = program
  const serves = lostOutput === 'serve'
  let failure: number | undefined
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    const first = failure === undefined
    const gone = READER_GONE.has(error.code)
    failure ??= gone || serves ? EXIT.ok : EXIT.failed
    if (first && (serves || !gone)) {
      const reason = gone ? 'no one reads it' : error.message
      stderr.write(
        `${name}: the output cannot be written: ${reason}${serves ? '; continuing without it' : ''}\n`,
      )
    }
    if (lostOutput === 'end') program.exit(failure)
    // The last words of a program fail after it has ended.
    else if (program.exitCode === EXIT.ok) program.exitCode = failure
  })
  // There is nowhere to report it.
  stderr.on('error', () => {})
  const exitCode = await main(program.argv.slice(2))
  program.exitCode = exitCode === EXIT.ok ? (failure ?? EXIT.ok) : exitCode
}
