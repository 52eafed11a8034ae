import { setImmediate as nextTurn } from 'node:timers/promises'
import { RETVAL } from '../errors.ts'
import type { TableEntry } from '../release/message-table.ts'
import type { Answer, Call, Fields, StreamAnswer } from './call.ts'

/** How much of a stream goes out before its reply says EAGAIN, and what the last reply's cursor says. */
export interface Paging {
  /** Most details in one answer to a request with a cursor. */
  readonly pageSize: number
  /** Cursor of the last reply. */
  readonly lastCursor: number
}

/**
 * Sends what a handler gave back; a long dump in slices, so that other clients are served meanwhile.
 * @returns a promise while slices are outstanding
 */
export function sendAnswer(call: Call, answer: Answer | void, paging: Paging): Promise<void> | undefined {
  const { service } = call.entry
  if (answer === undefined || service === undefined) return undefined
  const { kind, reply, details } = service
  if (kind === 'unary' && reply !== undefined) {
    for (const fields of isList(answer) ? answer : [answer]) call.send(reply, fields)
  } else if (kind === 'dump' && details !== undefined) {
    return sendDetails(call, details, (isList(answer) ? answer : [answer])[Symbol.iterator]())
  } else if (reply !== undefined && details !== undefined) {
    sendStream(
      call,
      isStream(answer) ? answer : { details: isList(answer) ? answer : [answer], reply: {} },
      paging,
    )
  }
  return undefined
}

/** Details that are sent in one go. */
const SLICE = 2000

/** Sends the first slice. @returns a promise while there is more */
function sendDetails(call: Call, message: string, details: Iterator<Fields>): Promise<void> | undefined {
  return sendSlice(call, message, details) ? sendRest(call, message, details) : undefined
}

/** Sends up to a slice of details. @returns whether there may be more */
function sendSlice(call: Call, message: string, details: Iterator<Fields>): boolean {
  for (let sent = 0; sent < SLICE; sent++) {
    const next = details.next()
    if (next.done === true) return false
    call.send(message, next.value)
  }
  return true
}

async function sendRest(call: Call, message: string, details: Iterator<Fields>): Promise<void> {
  do await nextTurn()
  while (call.target?.alive === true && sendSlice(call, message, details))
}

/**
 * Refuses a request: a reply that has a `retval` carries it, one that has none is all zero, and a dump is empty, as
 * dumps have no way to say it.
 */
export function sendRetval(call: Call, retval: number, reply: TableEntry | undefined): void {
  if (reply === undefined || call.entry.service?.kind === 'dump') return
  call.send(reply.name, hasProperty(reply, 'retval') ? { retval } : {})
}

/** True when messages have a field of this name on their class. */
export function hasProperty(entry: TableEntry, property: string): boolean {
  return entry.codec.descriptor.fields.some(([, name]) => name === property)
}

function sendStream(call: Call, { details, reply }: StreamAnswer, paging: Paging): void {
  const { service, codec } = call.entry
  if (service?.details === undefined || service.reply === undefined) return
  if (!codec.descriptor.fields.some(([, property]) => property === 'cursor')) {
    for (const fields of details) call.send(service.details, fields)
    call.send(service.reply, reply)
    return
  }
  const all = [...details]
  const asked = Number(call.request['cursor'])
  const from = asked === 0xffff_ffff ? 0 : asked
  if (from > all.length) {
    call.send(service.reply, { ...reply, retval: RETVAL.INVALID_VALUE, cursor: paging.lastCursor })
    return
  }
  const to = Math.min(all.length, from + Math.max(1, paging.pageSize))
  for (const fields of all.slice(from, to)) call.send(service.details, fields)
  const rest =
    to < all.length ? { retval: RETVAL.EAGAIN, cursor: to } : { cursor: paging.lastCursor, ...reply }
  call.send(service.reply, { ...reply, ...rest })
}

function isList(answer: Answer): answer is Iterable<Fields> {
  return typeof answer === 'object' && Symbol.iterator in answer
}

function isStream(answer: Answer): answer is StreamAnswer {
  return typeof answer === 'object' && 'details' in answer && 'reply' in answer
}
