/** Media type of server-sent events (WHATWG HTML, 9.2). */
export const EVENT_STREAM = 'text/event-stream'

/** A comment: readers pass over it, and it shows that the connection is alive. */
export const HEARTBEAT_TEXT = ': still here\n\n'

/** Headers of a streamed response. */
export const STREAM_HEADERS = {
  'cache-control': 'no-store',
  // nginx would collect what should arrive at once.
  'x-accel-buffering': 'no',
} as const

/**
 * An event of a stream.
 * @param type without line breaks
 * @param json on one line, as `JSON.stringify` gives it: it escapes line breaks within text
 * @param id what a reader sends as `Last-Event-ID` when it comes back, without line breaks
 */
export function eventText(type: string, json: string, id?: string): string {
  return `event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`
}
