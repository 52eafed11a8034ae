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
  const { kind, details } = service
  const { reply } = call
  if (kind === 'unary' && reply !== undefined) {
    for (const fields of isList(answer) ? answer : [answer]) call.send(reply, fields)
  } else if (kind === 'dump' && details !== undefined) {
    return sendDetails(call, details, (isList(answer) ? answer : [answer])[Symbol.iterator]())
  } else if (reply !== undefined && details !== undefined) {
    return sendStream(
      call,
      isStream(answer) ? answer : { details: isList(answer) ? answer : [answer], reply: {} },
      paging,
    )
  }
  return undefined
}

/** A cursor that asks for the beginning, as 0 does. */
const NO_CURSOR = 0xffff_ffff

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
  call.send(reply.name, refusalOf(reply, retval))
}

/** What a reply says that refuses. `http_static_get_reply` has an unsigned `retval`, of the same bytes. */
export function refusalOf({ codec }: TableEntry, retval: number): Fields {
  const field = codec.descriptor.fields.find(([, name]) => name === 'retval')
  if (field === undefined) return {}
  return { retval: field[2] === 'u32' ? retval >>> 0 : retval }
}

/** Sends an answer with a reply behind its details, in slices; of a request with a cursor one page. */
function sendStream(
  call: Call,
  { details, reply }: StreamAnswer,
  { pageSize, lastCursor }: Paging,
): Promise<void> | undefined {
  const { service, codec } = call.entry
  if (service?.details === undefined || service.reply === undefined) return undefined
  const hasCursor = codec.descriptor.fields.some(([, property]) => property === 'cursor')
  const asked = hasCursor ? Number(call.request['cursor']) : 0
  const from = asked === NO_CURSOR ? 0 : asked
  const page = new Page(details, from, hasCursor ? Math.max(1, pageSize) : Infinity)
  const end = (): void => {
    if (page.missing) call.send(replyName, { ...reply, retval: RETVAL.INVALID_VALUE, cursor: lastCursor })
    else if (page.cut) call.send(replyName, { ...reply, retval: RETVAL.EAGAIN, cursor: from + page.size })
    else call.send(replyName, hasCursor ? { cursor: lastCursor, ...reply } : reply)
  }
  const { details: name, reply: replyName } = service
  if (sendSlice(call, name, page)) return sendRest(call, name, page).then(end)
  end()
  return undefined
}

/** Part of a list: what is behind the first `from` items, up to `size` of them. */
class Page implements Iterator<Fields> {
  readonly size: number
  /** The list has fewer than `from` items. */
  readonly missing: boolean
  /** There is more behind this part; known once it was read. */
  cut = false
  readonly #items: Iterator<Fields>
  #next: IteratorResult<Fields>
  #left: number

  constructor(items: Iterable<Fields>, from: number, size: number) {
    this.#items = items[Symbol.iterator]()
    this.#next = this.#items.next()
    let skipped = 0
    for (; skipped < from && this.#next.done !== true; skipped++) this.#next = this.#items.next()
    this.missing = skipped < from
    this.size = size
    this.#left = size
  }

  next(): IteratorResult<Fields> {
    if (this.#next.done === true) return this.#next
    if (this.#left-- === 0) {
      this.cut = true
      return { done: true, value: undefined }
    }
    const given = this.#next
    this.#next = this.#items.next()
    return given
  }
}

function isList(answer: Answer): answer is Iterable<Fields> {
  return typeof answer === 'object' && Symbol.iterator in answer
}

function isStream(answer: Answer): answer is StreamAnswer {
  return typeof answer === 'object' && 'details' in answer && 'reply' in answer
}
