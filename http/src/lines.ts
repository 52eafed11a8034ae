import type { TextOutput } from './output.ts'
import type { Problem } from './server/problem.ts'

/** Media type of a JSON value a line. */
export const NDJSON = 'application/x-ndjson'

/** A dump that is sent. */
export interface SentDump {
  readonly details: AsyncIterable<unknown>
  /** What ends the details, asked for when they have been read, where VPP sends it in pages. */
  readonly reply?: () => Promise<unknown>
}

/**
 * Sends details as they come, a line each, then `{"$reply":…}` where there is one. The head waits for the first of them,
 * so that what VPP refuses at once gets its own status; an error later is the last line, `{"$problem":…}`.
 *
 * What comes in pages is read no faster than the client takes it. A dump without pages cannot be held up: it is read as
 * it comes, into the backlog.
 *
 * @param problemOf called for an error in mid-stream; returns what the client is told
 * @throws what the first of the details throws
 */
export async function sendLines(
  output: TextOutput,
  { details, reply }: SentDump,
  problemOf: (error: unknown) => Problem,
): Promise<void> {
  const reader = details[Symbol.asyncIterator]()
  let item = await reader.next()
  const last = item.done === true ? await reply?.() : undefined
  output.begin(NDJSON)
  try {
    for (; item.done !== true; item = await reader.next()) {
      const line = `${JSON.stringify(item.value)}\n`
      if (reply === undefined) await output.push(line)
      else await output.write(line)
    }
    const end = last ?? (await reply?.())
    if (end !== undefined) await output.write(`{"$reply":${JSON.stringify(end)}}\n`)
    output.end()
  } catch (error) {
    output.fail(`{"$problem":${JSON.stringify(problemOf(error))}}\n`)
    await reader.return?.()
  }
}
