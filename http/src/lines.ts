import { failureOf } from './problem.ts'
import type { TextOutput } from './output.ts'

/** Media type of a JSON value a line. */
export const NDJSON = 'application/x-ndjson'

/**
 * Sends details as they come, a line each, then `{"$reply":…}` where there is one. The head waits for the first of them,
 * so that what VPP refuses at once gets a status of its own; an error later is the last line, `{"$problem":…}`.
 *
 * @param reply what ends the details, asked for when they have been read
 * @throws what the first of the details throws
 */
export async function sendLines(
  output: TextOutput,
  details: AsyncIterable<unknown>,
  reply: () => Promise<unknown> = () => Promise.resolve(undefined),
): Promise<void> {
  const reader = details[Symbol.asyncIterator]()
  let item = await reader.next()
  const last = item.done === true ? await reply() : undefined
  output.begin(NDJSON)
  try {
    for (; item.done !== true; item = await reader.next())
      await output.write(`${JSON.stringify(item.value)}\n`)
    const end = last ?? (await reply())
    if (end !== undefined) await output.write(`{"$reply":${JSON.stringify(end)}}\n`)
    output.end()
  } catch (error) {
    await reader.return?.()
    output.fail(`{"$problem":${JSON.stringify(failureOf(error).problem)}}\n`)
  }
}
