import type { EventStream } from '@vpp-ts/runtime'
import type { TextOutput } from './output.ts'
import { EVENT_STREAM, HEARTBEAT_TEXT, eventText } from './server/event-text.ts'
import type { Problem } from './server/problem.ts'

/** How events are sent. */
export interface EventSettings {
  /** Wire name of the event. */
  readonly name: string
  /** Milliseconds between comments. */
  readonly heartbeat: number
  /** Called for an error in mid-stream; returns what the client is told. */
  readonly problemOf: (error: unknown) => Problem
}

/**
 * Sends events as they come. The head waits for VPP's consent. Comments keep the connection alive where nothing
 * happens; `$dropped` says how many events a slow reader has missed by now, `$problem` why there are no more.
 *
 * @throws what keeps VPP from sending events
 */
export async function sendEvents(
  output: TextOutput,
  events: EventStream<unknown>,
  { name, heartbeat, problemOf }: EventSettings,
): Promise<void> {
  await events.ready
  output.begin(EVENT_STREAM)
  const beat = (): void => {
    // The client has left when this fails; the loop below hears of it, too.
    if (!output.full) output.write(HEARTBEAT_TEXT).catch(() => {})
  }
  const timer = setInterval(beat, heartbeat)
  let dropped = 0
  try {
    for await (const event of events) {
      if (events.dropped > dropped) {
        dropped = events.dropped
        await output.write(textOf('$dropped', { dropped }))
      }
      await output.write(textOf(name, event))
    }
    output.end()
  } catch (error) {
    output.fail(textOf('$problem', problemOf(error)))
  } finally {
    clearInterval(timer)
    await events.close()
  }
}

function textOf(name: string, data: unknown): string {
  return eventText(name, JSON.stringify(data))
}
