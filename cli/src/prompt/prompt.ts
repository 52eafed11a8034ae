import { createInterface } from 'node:readline'
import { explain } from '../explain.ts'
import type { Host } from '../host.ts'
import { escapeLines } from '../output/escape.ts'
import { HISTORY_SIZE, historyFile, readHistory, writeHistory } from './history.ts'

/** Runs one command and gives back what VPP says. */
export type RunLine = (line: string) => Promise<string>

const PROMPT = 'vpp# '
/** Words that end the prompt. */
const GOODBYES: ReadonlySet<string> = new Set(['quit', 'exit', 'q'])
/** Errors after which no further command can succeed. */
const FATAL: ReadonlySet<unknown> = new Set(['VPP_CONNECTION_LOST', 'VPP_NOT_CONNECTED', 'VPP_CLOSED'])

/** A prompt for VPP's command line, until quit, Ctrl-D or the loss of the connection. */
export async function prompt(host: Host, run: RunLine): Promise<void> {
  const { input, out, env, signal } = host.context
  const file = historyFile(env)
  const readline = createInterface({
    input,
    output: out.stream,
    prompt: PROMPT,
    history: await readHistory(file),
    historySize: HISTORY_SIZE,
    removeHistoryDuplicates: true,
    terminal: true,
  })
  let history: readonly string[] = []
  let closed = false
  readline.once('close', () => (closed = true))
  readline.on('history', (lines: string[]) => (history = [...lines]))
  // Ctrl-C drops the line, as in a shell.
  readline.on('SIGINT', () => {
    readline.write(null, { ctrl: true, name: 'u' })
    readline.prompt()
  })
  const stop = () => {
    readline.close()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    readline.prompt()
    for await (const line of readline) {
      const command = line.trim()
      if (GOODBYES.has(command)) break
      if (command !== '') await runLine(host, run, command)
      // The input may have ended meanwhile; lines that came before are still read.
      if (!closed) readline.prompt()
    }
  } finally {
    signal.removeEventListener('abort', stop)
    readline.close()
    if (history.length > 0) await writeHistory(file, history)
  }
}

/** Runs a command; what VPP refuses is shown, and the prompt continues. */
async function runLine(host: Host, run: RunLine, command: string): Promise<void> {
  try {
    await host.printer.text(await run(command))
  } catch (error) {
    const explanation = explain(error)
    if (explanation === undefined || FATAL.has((error as { code?: unknown }).code)) throw error
    await host.context.err.write(`${escapeLines(explanation.problem)}\n`)
  }
}
