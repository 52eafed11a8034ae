import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { main } from '../../agent/src/program/program.ts'

/** Runs a command. @returns its exit code, and what it has written */
export async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const context = {
    out,
    err,
    input: new PassThrough(),
    env: {},
    signal: () => new AbortController().signal,
    exitCode: 0,
  }
  const written = Promise.all([text(out), text(err)])
  const code = await main(args, context)
  out.end()
  err.end()
  const [said, noted] = await written
  return { code, out: said, err: noted }
}
