import { describe, expect, test } from 'vitest'
import { answer } from './answer.ts'
import { AgentXReader, AgentXWriter } from './bytes.ts'
import {
  encodeMessage,
  MESSAGE,
  MessageStream,
  registerBody,
  STATUS,
  type Message,
  type Variable,
} from './messages.ts'
import { compareOids, type Oid } from './oid.ts'
import { MibView } from './view.ts'

const IF_TABLE: Oid = [1, 3, 6, 1, 2, 1, 2, 2]
const variable = (...oid: number[]): Variable => ({ oid, type: 'integer', value: oid.at(-1) ?? 0 })
const view = new MibView([variable(1, 1), variable(1, 2), variable(1, 2, 5), variable(2, 1)])

/** A request as a master sends it, through the stream. */
function request(type: number, body: AgentXWriter, flags = 0x10): Message {
  const bytes = encodeMessage({ type, session: 7, transaction: 8, packet: 9 }, body)
  bytes[2] = flags
  const [message] = new MessageStream().push(bytes)
  if (message === undefined) throw new Error('not whole')
  return message
}

const ranges = (...list: { start: Oid; include?: boolean; end?: Oid }[]) => {
  const body = new AgentXWriter()
  for (const { start, include = false, end = [] } of list) {
    const bytes = new AgentXWriter().oid(start).bytes()
    bytes[2] = Number(include)
    body.u8(...bytes).oid(end)
  }
  return body
}

/** Status, index, and the variables' types with their OIDs, of a response. */
function read(body: AgentXWriter | undefined) {
  const reader = new AgentXReader(body?.bytes() ?? Buffer.alloc(0), true)
  reader.u32()
  const [status, index] = [reader.u16(), reader.u16()]
  const variables: string[] = []
  while (!reader.done) {
    const type = reader.u16()
    reader.u16()
    variables.push(`${reader.oid().oid.join('.')} ${type}`)
    if (type === 2) reader.u32()
  }
  return { status, index, variables }
}

describe('messages', () => {
  // Layout of RFC 2741, section 6.2.3: header, then timeout, priority, range, reserved, subtree.
  test('a registration is written as the RFC has it', () => {
    const header = { type: MESSAGE.register, session: 1, transaction: 2, packet: 3 }
    const bytes = encodeMessage(header, registerBody(IF_TABLE, 100))
    expect(bytes.toString('hex')).toBe(
      '01031000' +
        '00000001' +
        '00000002' +
        '00000003' +
        '00000014' + // header
        '00640000' +
        '03020000' +
        '00000001' +
        '00000002' +
        '00000002',
    )
  })

  test('octets are padded to four bytes, counters have 64 bits', () => {
    const body = new AgentXWriter().octets(Buffer.from('loop0')).u64(2n ** 63n)
    expect(body.bytes().toString('hex')).toBe('000000056c6f6f70300000008000000000000000')
  })

  test.each([1, 3, 19, 20, 21, 1000])('a stream in pieces of %i bytes gives whole messages', (size) => {
    const body = ranges({ start: IF_TABLE })
    const one = encodeMessage({ type: MESSAGE.getNext, session: 1, transaction: 1, packet: 1 }, body)
    const all = Buffer.concat([one, one, one])
    const stream = new MessageStream()
    const messages: Message[] = []
    for (let at = 0; at < all.length; at += size) messages.push(...stream.push(all.subarray(at, at + size)))
    expect(messages.map(({ type, packet }) => [type, packet])).toEqual([
      [6, 1],
      [6, 1],
      [6, 1],
    ])
  })

  test('a master may write in the byte order of its machine', () => {
    const bytes = Buffer.from('0106000007000000080000000900000010000000', 'hex')
    const range = Buffer.from('01020100010000000003000000000000', 'hex')
    const [message] = new MessageStream().push(Buffer.concat([bytes, range]))
    expect(message).toMatchObject({ type: 6, session: 7, transaction: 8, packet: 9 })
    expect(message?.body.oid()).toEqual({ oid: [1, 3, 6, 1, 2, 1], include: true })
  })

  test.each([
    ['another version', '02061000' + '00'.repeat(16)],
    ['a length beyond reason', '01061000' + '00'.repeat(12) + '00200000'],
  ])('%s is refused', (_, hex) => {
    expect(() => new MessageStream().push(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'STATS_AGENTX' }),
    )
  })

  test.each([
    ['ends in the middle of an OID', '0502000000000001'],
    ['has an OID longer than SNMP allows', `ff020000${'00000001'.repeat(255)}`],
  ])('a request that %s is refused', (_, hex) => {
    const message = request(MESSAGE.get, new AgentXWriter().u8(...Buffer.from(hex, 'hex')))
    expect(() => answer(message, view)).toThrow(expect.objectContaining({ code: 'STATS_AGENTX' }))
  })
})

describe('answers', () => {
  test('get gives each variable or that there is none', () => {
    const got = answer(request(MESSAGE.get, ranges({ start: [1, 2] }, { start: [1, 3] })), view)
    expect(read(got)).toEqual({ status: 0, index: 0, variables: ['1.2 2', '1.3 129'] })
  })

  test('getNext heeds whether the start is included and where the range ends', () => {
    const got = answer(
      request(
        MESSAGE.getNext,
        ranges(
          { start: [1, 2] },
          { start: [1, 2], include: true },
          { start: [1, 2], end: [1, 2, 5] },
          { start: [1, 2, 5], end: [2, 2] },
          { start: [2, 1] },
          { start: [] },
        ),
      ),
      view,
    )
    expect(read(got).variables).toEqual(['1.2.5 2', '1.2 2', '1.2 130', '2.1 2', '2.1 130', '1.1 2'])
  })

  test('getBulk repeats the later ranges row by row, ended ones staying at their end', () => {
    const body = new AgentXWriter().u16(1).u16(3)
    body.u8(...ranges({ start: [1, 1] }, { start: [1, 1] }, { start: [1, 2, 5], end: [2] }).bytes())
    expect(read(answer(request(MESSAGE.getBulk, body), view)).variables).toEqual([
      '1.2 2',
      ...['1.2 2', '1.2.5 130'],
      ...['1.2.5 2', '1.2.5 130'],
      ...['2.1 2', '1.2.5 130'],
    ])
  })

  test('getBulk is bounded whatever the master asks for', () => {
    const body = new AgentXWriter()
      .u16(0)
      .u16(65_535)
      .u8(...ranges({ start: [] }).bytes())
    const many = new MibView(Array.from({ length: 5000 }, (_, n) => variable(1, n)))
    expect(read(answer(request(MESSAGE.getBulk, body), many)).variables).toHaveLength(1000)
  })

  test('nothing can be written, and only the default context is known', () => {
    const status = (type: number, flags?: number) =>
      read(answer(request(type, new AgentXWriter(), flags), view)).status
    expect(status(MESSAGE.testSet)).toBe(STATUS.notWritable)
    expect(status(MESSAGE.commitSet)).toBe(STATUS.commitFailed)
    expect(status(MESSAGE.undoSet)).toBe(STATUS.undoFailed)
    expect(status(99)).toBe(STATUS.parseError)
    expect(status(MESSAGE.get, 0x18)).toBe(STATUS.unsupportedContext)
    expect(answer(request(MESSAGE.cleanupSet, new AgentXWriter()), view)).toBeUndefined()
  })
})

test('OIDs are ordered as a walk goes', () => {
  const sorted: Oid[] = [[], [1], [1, 2], [1, 2, 0], [1, 10], [2]]
  expect([...sorted].reverse().sort(compareOids)).toEqual(sorted)
})
