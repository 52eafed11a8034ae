import { Readable, Writable } from 'node:stream'
import { main } from '../../agent/src/program/program.ts'

/** What a command has written, and what it ended with. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Both, as a terminal shows them. */
  readonly both: string
}

/** What a command is run with. */
export interface RunOptions {
  /** Standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** True for a command that a person looks at. */
  readonly isTerminal?: boolean
  readonly signal?: AbortSignal
  /** Told of everything that it writes to its output. */
  readonly wrote?: (text: string) => void
}

/** Runs a command of `vpp-ts-agent` within this process. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input = '', env = {}, isTerminal = false, signal, wrote } = options
  const written = { out: '', err: '', both: '' }
  const into = (name: 'out' | 'err'): Writable & { isTTY: boolean } => {
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString()
        written.both += chunk.toString()
        if (name === 'out') wrote?.(chunk.toString())
        done()
      },
    })
    return Object.assign(stream, { isTTY: isTerminal })
  }
  const code = await main(args, {
    out: into('out'),
    err: into('err'),
    input: Object.assign(Readable.from([Buffer.from(input)]), { isTTY: isTerminal }),
    env: { PATH: process.env['PATH'] ?? '', USER: 'alice', ...env },
    signal: () => signal ?? new AbortController().signal,
    exitCode: 0,
  })
  return { code, ...written }
}
