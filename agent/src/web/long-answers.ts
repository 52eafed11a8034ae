import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Turns } from '../model/turns.ts'

/** Characters that are sent at a time, about. */
const PIECE = 64 * 1024
/** Entries up to which an answer is created without a pause. */
const SHORT = 1000

/**
 * Sends JSON with a list, however long: it is made in pieces as the caller takes them, and others have their turn
 * meanwhile.
 * @param head the fields before the list
 * @param name of the field that the list is
 * @param viewOf what is reported of an entry
 */
export async function sendList<T>(
  reply: FastifyReply,
  head: object,
  name: string,
  list: Iterable<T>,
  viewOf: (one: T) => unknown,
): Promise<void> {
  const iterator = list[Symbol.iterator]()
  const first: string[] = []
  let next = iterator.next()
  for (; first.length < SHORT && next.done !== true; next = iterator.next()) {
    first.push(JSON.stringify(viewOf(next.value)))
  }
  const begin = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:[${first.join(',')}`
  void reply.type('application/json; charset=utf-8')
  if (next.done === true) {
    await reply.serializer((text: string) => text).send(`${begin}]}`)
    return
  }
  await reply.send(Readable.from(pieces(begin, next.value, iterator, viewOf), { objectMode: false }))
}

async function* pieces<T>(
  begin: string,
  one: T,
  rest: Iterator<T>,
  viewOf: (one: T) => unknown,
): AsyncGenerator<string, void> {
  const turns = new Turns()
  let piece = `${begin},${JSON.stringify(viewOf(one))}`
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    piece += `,${JSON.stringify(viewOf(next.value))}`
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
    if (turns.over) await turns.next()
  }
  yield `${piece}]}`
}
