import { describe, expect, it } from 'vitest'
import { ControlPing, ControlPingReply } from '../bootstrap/memclnt.ts'
import { monotonicClock } from '../async/clock.ts'
import { Message } from '../codec/classes.ts'
import { defineMessage } from '../codec/define.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { ByteWriter } from '../codec/writer.ts'
import type { ObservedCall } from '../observe/observer.ts'
import { Deadlines } from '../session/deadlines.ts'
import type { Pending } from '../session/pending.ts'
import { Registry, tableName, type Incoming } from '../session/registry.ts'
import { observing } from '../session/testing/observer.ts'
import { Caller } from './caller.ts'

class PagedGet extends Message<PagedGet> {
  static readonly descriptor: MessageDescriptor<PagedGet> = defineMessage(
    PagedGet,
    'paged_get',
    '00000001',
    'request',
    [['cursor', 'cursor', 'u32']],
  )
}
class PagedGetReply extends Message<PagedGetReply> {
  static readonly descriptor: MessageDescriptor<PagedGetReply> = defineMessage(
    PagedGetReply,
    'paged_get_reply',
    '00000002',
    'reply',
    [
      ['retval', 'retval', 'i32'],
      ['cursor', 'cursor', 'u32'],
    ],
  )
}

const registry = new Registry(
  [ControlPing, ControlPingReply, PagedGet, PagedGetReply].map((type, at) => ({
    index: 20 + at,
    name: tableName(type),
  })),
)

/** A caller whose far end is the test. */
function caller() {
  const sent: Pending[] = []
  const forgotten: Pending[] = []
  const failed: [ObservedCall, unknown][] = []
  const deadlines = new Deadlines(monotonicClock, () => {})
  const made = new Caller({
    clock: monotonicClock,
    deadlines,
    observer: observing({ failed: (call, error) => failed.push([call, error]) }),
    timeout: 1000,
    submit: (pending) => {
      pending.write(new ByteWriter(256), pending.prepare(registry), 1, 2)
      sent.push(pending)
    },
    forget: (pending) => {
      deadlines.remove(pending)
      forgotten.push(pending)
    },
  })
  return { made, sent, forgotten, failed }
}

const PING = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
const PAGES = { kind: 'stream', request: PagedGet, details: ControlPingReply, reply: PagedGetReply } as const

function answer(call: Pending | undefined, retval: number, cursor: number): void {
  const bytes = Buffer.alloc(14)
  bytes.writeInt32BE(retval, 6)
  bytes.writeUInt32BE(cursor, 10)
  call?.receive(registry.byId(23) as Incoming, bytes, 0, bytes.length)
}

describe('Caller', () => {
  it.each([0, -1, NaN])('refuses a timeout of %d', async (timeout) => {
    const { made, sent } = caller()
    await expect(made.call(PING, {}, { timeout })).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
    expect(sent).toEqual([])
  })

  it.each(['call', 'send'] as const)(
    '%s: a signal ends it before it is sent, and while it waits',
    async (how) => {
      const { made, sent, forgotten, failed } = caller()
      const make = (signal: AbortSignal) =>
        how === 'call'
          ? made.call(PING, {}, { signal })
          : made.send({ kind: 'one-way', request: ControlPing }, {}, { signal })
      await expect(make(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
      expect(sent).toEqual([])
      const controller = new AbortController()
      const waiting = make(controller.signal)
      expect(sent).toHaveLength(1)
      controller.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      expect(forgotten).toEqual(sent)
      expect(failed.map(([call]) => call.messageName)).toEqual(['control_ping', 'control_ping'])
    },
  )

  it('sends without options what is sent', async () => {
    const { made, sent } = caller()
    const written = made.send({ kind: 'one-way', request: ControlPing }, {})
    sent[0]?.written()
    await written
  })

  it('asks for a page where the one before ended: it is another page when it begins elsewhere', async () => {
    const { made, sent } = caller()
    const stream = made.stream(PAGES, { cursor: 5 })
    const all = stream.toArray()
    expect(sent.map((it) => it.continues)).toEqual([false])
    answer(sent[0], -165, 9)
    await Promise.resolve()
    expect(sent.map((it) => it.continues)).toEqual([false, true])
    answer(sent[1], 0, 0)
    expect(await all).toEqual([])
  })

  it('a stream without a cursor, and a dump, are no continuation', () => {
    const { made, sent } = caller()
    made.stream({ ...PAGES, request: ControlPing }, {}).begin()
    made.dump({ kind: 'dump', request: PagedGet, details: ControlPingReply }, { cursor: 5 }).begin()
    expect(sent.map((it) => it.continues)).toEqual([false, false])
  })

  it('a dump that is left is not a failure; one that a signal ends is', async () => {
    const { made, sent, forgotten, failed } = caller()
    const method = { kind: 'dump', request: ControlPing, details: ControlPingReply } as const
    const left = made.dump(method, {})
    left.begin()
    await left.return()
    expect([sent[0]?.settled, forgotten, failed]).toEqual([true, sent, []])
    const controller = new AbortController()
    const ended = made.dump(method, {}, { signal: controller.signal })
    const all = ended.toArray()
    controller.abort(new Error('enough'))
    await expect(all).rejects.toThrow('enough')
    expect(forgotten).toEqual(sent)
    expect(failed).toHaveLength(1)
  })

  it('tells of a dump that fails before there is anything to send', async () => {
    const { made, sent, failed } = caller()
    const method = { kind: 'dump', request: PagedGet, details: ControlPingReply } as const
    expect(() => made.dump(method, { cursor: 'x' })).toThrow(expect.objectContaining({ code: 'VPP_ENCODE' }))
    const ended = made.dump(method, {}, { signal: AbortSignal.abort(new Error('before')) })
    await expect(ended.toArray()).rejects.toThrow('before')
    expect(sent).toEqual([])
    expect(failed.map(([call]) => call)).toEqual(
      [1, 2].map(() => ({
        messageName: 'paged_get',
        context: 0,
        channel: 0,
        started: expect.any(Number) as number,
      })),
    )
  })
})
