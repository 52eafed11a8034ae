import { MESSAGE, readRanges, responseBody, STATUS, type Message, type Variable } from './messages.ts'
import type { AgentXWriter } from './bytes.ts'
import type { MibView } from './view.ts'

/** Most variables of one answer: a master that asks for more goes on where it ended. */
const MOST_VARIABLES = 1000

/** The answer to a request; undefined for one that takes none. Nothing can be written. */
export function answer(message: Message, view: MibView): AgentXWriter | undefined {
  if (message.type === MESSAGE.cleanupSet) return undefined
  if (message.hasContext) return responseBody(STATUS.unsupportedContext, 0, [])
  switch (message.type) {
    case MESSAGE.get:
      return responseBody(
        STATUS.ok,
        0,
        readRanges(message.body).map(({ start }) => view.get(start.oid)),
      )
    case MESSAGE.getNext:
      return responseBody(
        STATUS.ok,
        0,
        readRanges(message.body).map((range) => view.next(range)),
      )
    case MESSAGE.getBulk:
      return responseBody(STATUS.ok, 0, bulk(message, view))
    case MESSAGE.testSet:
      return responseBody(STATUS.notWritable, 1, [])
    case MESSAGE.commitSet:
      return responseBody(STATUS.commitFailed, 1, [])
    case MESSAGE.undoSet:
      return responseBody(STATUS.undoFailed, 1, [])
    default:
      return responseBody(STATUS.parseError, 0, [])
  }
}

function bulk({ body }: Message, view: MibView): Variable[] {
  const once = body.u16()
  const repetitions = body.u16()
  const ranges = readRanges(body)
  const repeated = ranges.slice(once)
  const count = Math.min(repetitions, Math.floor(MOST_VARIABLES / Math.max(1, repeated.length)))
  const walks = repeated.map((range) => view.walk(range, count))
  const rounds = Math.max(0, ...walks.map((walk) => walk.length))
  const variables = ranges.slice(0, once).map((range) => view.next(range))
  for (let round = 0; round < rounds; round++) {
    // A walk that has ended stays at its end, so that every round has a variable for each range.
    for (const walk of walks) variables.push(walk[round] ?? walk.at(-1) ?? { type: 'endOfMibView', oid: [] })
  }
  return variables
}
