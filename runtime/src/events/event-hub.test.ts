import { beforeEach, describe, expect, it } from 'vitest'
import { Deferred } from '../async/deferred.ts'
import { Message, Struct } from '../codec/classes.ts'
import { defineMessage, defineStruct } from '../codec/define.ts'
import type { MessageDescriptor, StructDescriptor } from '../codec/descriptor.ts'
import { encodeMessage } from '../codec/message.ts'
import { VppApiError } from '../errors/api-error.ts'
import { VppClosedError, VppConnectionLostError, VppReplyTimeoutError } from '../errors/connection-errors.ts'
import { Registry, type EventSink } from '../session/registry.ts'
import { EventHub, type WantCall } from './event-hub.ts'
import type { WantMethod } from './want.ts'

class WantDemo extends Message<WantDemo> {
  static readonly descriptor: MessageDescriptor<WantDemo> = defineMessage(
    WantDemo,
    'want_demo',
    '00000001',
    'request',
    [
      ['enable', 'enable', 'bool'],
      ['sw_if_index', 'swIfIndex', 'u32'],
      ['pid', 'pid', 'u32'],
    ],
  )
}

/** Has its switch as a number, another flag, no pid, and an argument that no event here says. */
class WantOther extends Message<WantOther> {
  static readonly descriptor: MessageDescriptor<WantOther> = defineMessage(
    WantOther,
    'want_other',
    '00000005',
    'request',
    [
      ['enable', 'enable', 'u8'],
      ['thoroughly', 'thoroughly', 'bool'],
    ],
  )
}

class WantDemoReply extends Message<WantDemoReply> {
  static readonly descriptor: MessageDescriptor<WantDemoReply> = defineMessage(
    WantDemoReply,
    'want_demo_reply',
    '00000002',
    'reply',
    [['retval', 'retval', 'i32']],
  )
}

class DemoEvent extends Message<DemoEvent> {
  static readonly descriptor: MessageDescriptor<DemoEvent> = defineMessage(
    DemoEvent,
    'demo_event',
    '00000003',
    'event',
    [['pid', 'pid', 'u32']],
  )
}

class Place extends Struct<Place> {
  static readonly descriptor: StructDescriptor<Place> = defineStruct(Place, 'place', [
    ['sw_if_index', 'swIfIndex', 'u32'],
  ])
}

class PlacedEvent extends Message<PlacedEvent> {
  static readonly descriptor: MessageDescriptor<PlacedEvent> = defineMessage(
    PlacedEvent,
    'placed_event',
    '00000004',
    'event',
    [
      ['pid', 'pid', 'u32'],
      ['number', 'number', 'u32'],
      ['place', 'place', Place],
    ],
  )
}

const WANT: WantMethod = { request: WantDemo, reply: WantDemoReply, enable: 'enable', pid: 'pid' }

const WANT_OTHER: WantMethod = { request: WantOther, reply: WantDemoReply, enable: 'enable', pid: undefined }

class Reader implements EventSink {
  readonly descriptor: MessageDescriptor
  readonly ends: unknown[] = []
  /** The last byte of what came. */
  readonly got: number[] = []
  constructor(descriptor: MessageDescriptor = DemoEvent.descriptor) {
    this.descriptor = descriptor
  }
  deliver(bytes: Buffer, _start: number, end: number): void {
    this.got.push(bytes[end - 1] ?? -1)
  }
  end(error: unknown): void {
    this.ends.push(error)
  }
}

const table = (shift = 0) =>
  new Registry(
    [WantDemo, WantDemoReply, DemoEvent, PlacedEvent].map(({ descriptor }, i) => ({
      index: 40 + shift + i,
      name: `${descriptor.name}_${descriptor.crc}`,
    })),
  )

/** What a session does with a message that comes. */
function receive(registry: Registry, id: number, bytes: Buffer): void {
  for (const listener of registry.byId(id)?.listeners ?? []) listener.deliver(bytes, 0, bytes.length)
}

describe('EventHub', () => {
  let hub: EventHub
  let asked: object[]
  /** What VPP says to a want. */
  let answer: () => Promise<unknown>
  const call = (_: unknown, request: object) => {
    asked.push(request)
    return answer()
  }

  beforeEach(() => {
    hub = new EventHub()
    asked = []
    answer = () => Promise.resolve({ retval: 0 })
  })

  const on = { enable: true, pid: process.pid }
  const off = { enable: false, pid: process.pid }

  it('asks with the first reader and takes it back with the last', async () => {
    await hub.attach(table(), call)
    const [first, second] = [new Reader(), new Reader()]
    await hub.subscribe(WANT, {}, first)
    await hub.subscribe(WANT, {}, second)
    expect(asked).toEqual([on])
    await hub.unsubscribe(first)
    await hub.unsubscribe(first)
    expect(asked).toEqual([on])
    await hub.unsubscribe(second)
    expect(asked).toEqual([on, off])
  })

  it('binds each reader once to the id at hand, and lets it go', async () => {
    const registry = table()
    await hub.attach(registry, call)
    const [first, second] = [new Reader(), new Reader()]
    await hub.subscribe(WANT, {}, first)
    await hub.subscribe(WANT, {}, second)
    receive(registry, 42, Buffer.from([1]))
    await hub.unsubscribe(first)
    receive(registry, 42, Buffer.from([2]))
    await hub.unsubscribe(second)
    receive(registry, 42, Buffer.from([3]))
    expect([first.got, second.got]).toEqual([[1], [1, 2]])
    expect(registry.byId(42)?.listeners).toEqual([])
    await hub.subscribe(WANT, {}, second)
    receive(registry, 42, Buffer.from([4]))
    expect([first.got, second.got]).toEqual([[1], [1, 2, 4]])
  })

  it('refuses a second want with other arguments for the same event: their events could not be told apart', async () => {
    await hub.attach(table(), call)
    const [first, second, third] = [new Reader(), new Reader(), new Reader()]
    await hub.subscribe(WANT, { swIfIndex: 1, pid: 7 }, first)
    await expect(hub.subscribe(WANT, { swIfIndex: 2 }, second)).rejects.toMatchObject({
      code: 'VPP_INVALID_ARGUMENT',
      message: expect.stringMatching(/^demo_event: .* other arguments/) as string,
    })
    await hub.subscribe(WANT, { swIfIndex: 1, pid: 8 }, third)
    expect(asked).toEqual([{ ...on, swIfIndex: 1, pid: 7 }])
    await hub.unsubscribe(first)
    await hub.unsubscribe(third)
    expect(asked.at(-1)).toEqual({ ...off, swIfIndex: 1, pid: 7 })
    await hub.subscribe(WANT, { swIfIndex: 2 }, second)
    expect(asked.at(-1)).toEqual({ ...on, swIfIndex: 2 })
  })

  it('takes wants of different events with other arguments', async () => {
    const registry = table()
    await hub.attach(registry, call)
    const [first, second] = [new Reader(), new Reader(PlacedEvent.descriptor)]
    await hub.subscribe(WANT, { swIfIndex: 1 }, first)
    await hub.subscribe(WANT_OTHER, {}, second)
    receive(registry, 42, Buffer.from([1]))
    receive(registry, 43, Buffer.from([2]))
    expect([first.got, second.got]).toEqual([[1], [2]])
  })

  it('sends the switch as the number it is, and no pid where there is none', async () => {
    await hub.attach(table(), call)
    const reader = new Reader(PlacedEvent.descriptor)
    await hub.subscribe(WANT_OTHER, { thoroughly: true }, reader)
    await hub.unsubscribe(reader)
    expect(asked).toStrictEqual([
      { enable: 1, thoroughly: true },
      { enable: 0, thoroughly: true },
    ])
  })

  it('lets go of a reader it does not know, or whose event VPP does not have', async () => {
    await hub.unsubscribe(new Reader())
    const reader: EventSink = { descriptor: DemoEvent.descriptor, deliver: () => {} }
    hub.listen(reader)
    await hub.attach(new Registry([]), call)
    await hub.unsubscribe(reader)
    await hub.unsubscribe(new Reader(PlacedEvent.descriptor))
  })

  it('leaves those alone who read the same message by themselves', async () => {
    const registry = table()
    const other = new Reader()
    await hub.attach(registry, call)
    const reader = new Reader()
    hub.listen(reader)
    const incoming = registry.expect(other)
    incoming.listeners = [...incoming.listeners, other]
    await hub.unsubscribe(reader)
    expect(incoming.listeners).toEqual([other])
  })

  it('binds nobody in a new session when all have left', async () => {
    const reader = new Reader()
    hub.listen(reader)
    await hub.unsubscribe(reader)
    const registry = table()
    await hub.attach(registry, call)
    expect(registry.byId(42)?.listeners ?? []).toEqual([])
  })

  describe('wants with different arguments for one event that says them', () => {
    const answered: (() => void)[] = []
    const calling: WantCall = (_, request, told) => {
      answered.push(told.answered)
      return call(_, request)
    }
    const event = (swIfIndex: number, number: number) =>
      encodeMessage(PlacedEvent, { pid: 1, number, place: { swIfIndex } })
    let registry: Registry
    let readers: [Reader, Reader, Reader]

    beforeEach(async () => {
      answered.length = 0
      registry = table()
      await hub.attach(registry, calling)
      readers = [1, 2, 3].map(() => new Reader(PlacedEvent.descriptor)) as [Reader, Reader, Reader]
    })
    const got = () => readers.map((reader) => reader.got)

    it('give each reader what it asked for, confirmed or not', async () => {
      await hub.subscribe(WANT, { swIfIndex: 1 }, readers[0])
      answered[0]?.()
      receive(registry, 43, event(1, 1))
      void hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
      receive(registry, 43, event(1, 2))
      receive(registry, 43, event(2, 2))
      answered[1]?.()
      receive(registry, 43, event(1, 3))
      receive(registry, 43, event(2, 3))
      receive(registry, 43, event(2, 3))
      expect(got()).toEqual([[1, 1, 1], [2, 2, 2], []])
    })

    it.each([0, 0xffff_ffff])(
      'overlapping, %i for all: an event that comes twice is told once',
      async (all) => {
        hub.listen(readers[2])
        await hub.subscribe(WANT, { swIfIndex: all }, readers[0])
        await hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
        for (const yes of answered) yes()
        // For both, then for the first only, twice the same.
        for (const it of [event(2, 1), event(2, 1), event(1, 1), event(1, 1)]) receive(registry, 43, it)
        // Twice for both.
        for (let i = 0; i < 4; i++) receive(registry, 43, event(2, 2))
        expect(got()).toEqual([
          [2, 1, 1, 2, 2],
          [2, 2, 2],
          [2, 1, 1, 2, 2],
        ])
      },
    )

    it.each([
      [WANT, WANT_OTHER],
      [WANT_OTHER, WANT],
    ])('are refused when one of them says what the event does not: $1', async (one, other) => {
      await hub.subscribe(one, {}, readers[0])
      const second = hub.subscribe(other, {}, readers[1])
      await expect(second).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
    })

    it('are told each time again when VPP refuses to take one of them back', async () => {
      await hub.subscribe(WANT, {}, readers[0])
      await hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
      for (const yes of answered) yes()
      answer = () => Promise.reject(new VppApiError(-9, 'want_demo', 1, undefined))
      await hub.unsubscribe(readers[1])
      for (let i = 0; i < 2; i++) receive(registry, 43, event(2, 1))
      expect(got()).toEqual([[1, 1].map(() => 2), [], []])
    })

    it('are told once until VPP has taken one of them back', async () => {
      await hub.subscribe(WANT, {}, readers[0])
      await hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
      for (const yes of answered) yes()
      const back = new Deferred<unknown>()
      answer = () => back.promise
      const left = hub.unsubscribe(readers[1])
      receive(registry, 43, event(2, 1))
      receive(registry, 43, event(2, 1))
      answered[2]?.()
      receive(registry, 43, event(2, 1))
      receive(registry, 43, event(2, 1))
      back.resolve({})
      await left
      expect(got()).toEqual([[2, 2, 2], [], []])
    })

    it('mean nothing to the next session before it has asked', async () => {
      await hub.subscribe(WANT, {}, readers[0])
      await hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
      for (const yes of answered) yes()
      hub.detach()
      registry = table(100)
      await hub.attach(registry, (...args) => calling(...args))
      // The answers of the session that has ended come late.
      answered[0]?.()
      answered[1]?.()
      answered.at(-1)?.()
      receive(registry, 143, event(2, 1))
      receive(registry, 143, event(2, 1))
      expect(got()).toEqual([[2, 2], [2, 2], []])
    })

    it('an event that cannot be read is told to all', async () => {
      await hub.subscribe(WANT, { swIfIndex: 1 }, readers[0])
      await hub.subscribe(WANT, { swIfIndex: 2 }, readers[1])
      receive(registry, 43, Buffer.from([0, 0, 0, 9]))
      expect(got()).toEqual([[9], [9], []])
    })
  })

  it('takes a want back whose answer comes after its readers have gone with the timeout', async () => {
    const lates: (() => void)[] = []
    const calling: WantCall = (_, request, { late }) => {
      lates.push(late)
      return call(_, request)
    }
    await hub.attach(table(), calling)
    answer = () => Promise.reject(new VppReplyTimeoutError('want_demo', 1, 9))
    await expect(hub.subscribe(WANT, {}, new Reader())).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    answer = () => Promise.resolve({ retval: 0 })
    // Somebody wants it again by then: the late answer changes nothing.
    const reader = new Reader()
    await hub.subscribe(WANT, {}, reader)
    lates[0]?.()
    expect(asked).toEqual([on, on])
    await hub.unsubscribe(reader)
    lates[0]?.()
    expect(asked).toEqual([on, on, off, off])
    // A session that has ended took its subscriptions with it.
    hub.detach()
    lates[0]?.()
    expect(asked).toHaveLength(4)
  })

  it('asks when there is a session, and again with each new one', async () => {
    const reader = new Reader()
    const confirmed = hub.subscribe(WANT, {}, reader)
    expect(asked).toEqual([])
    await hub.attach(table(), call)
    await confirmed
    hub.detach()
    const next = table(100)
    await hub.attach(next, call)
    expect(asked).toEqual([on, on])
    receive(next, 142, Buffer.from([1]))
    expect(reader.got).toEqual([1])
  })

  it('forgets wants whose readers have left while there was no session', async () => {
    const reader = new Reader()
    void hub.subscribe(WANT, {}, reader)
    await hub.unsubscribe(reader)
    await hub.attach(table(), call)
    expect(asked).toEqual([])
  })

  it('takes "subscribed already" for a yes', async () => {
    await hub.attach(table(), call)
    answer = () => Promise.reject(new VppApiError(-31, 'want_demo', 1, undefined))
    await hub.subscribe(WANT, {}, new Reader())
  })

  it('tells every reader of a refusal, and asks again for the next', async () => {
    await hub.attach(table(), call)
    const refusal = new VppApiError(-9, 'want_demo', 1, undefined)
    answer = () => Promise.reject(refusal)
    const [first, second] = [new Reader(), new Reader()]
    const results = await Promise.allSettled([
      hub.subscribe(WANT, {}, first),
      hub.subscribe(WANT, {}, second),
    ])
    expect(results.map((it) => it.status)).toEqual(['rejected', 'rejected'])
    expect([first.ends, second.ends]).toEqual([[refusal], [refusal]])
    answer = () => Promise.resolve({ retval: 0 })
    await hub.subscribe(WANT, {}, new Reader())
    expect(asked).toHaveLength(2)
  })

  it('a refusal that comes when another waits for the same leaves the other alone', async () => {
    await hub.attach(table(), call)
    const refused = new Deferred<unknown>()
    answer = () => refused.promise
    const [first, second] = [new Reader(), new Reader()]
    const confirmed = hub.subscribe(WANT, {}, first)
    answer = () => Promise.resolve({ retval: 0 })
    await hub.unsubscribe(first)
    await hub.subscribe(WANT, {}, second)
    refused.reject(new VppApiError(-9, 'want_demo', 1, undefined))
    await expect(confirmed).rejects.toMatchObject({ code: 'VPP_API_ERROR' })
    expect(second.ends).toEqual([])
    asked.length = 0
    await hub.unsubscribe(second)
    expect(asked).toEqual([off])
  })

  it('ends the readers of an event that the new VPP does not have', async () => {
    const reader = new Reader()
    void hub.subscribe(WANT, {}, reader).catch(() => {})
    await hub.attach(new Registry([{ index: 40, name: 'want_demo_00000001' }]), call)
    expect(reader.ends).toEqual([expect.objectContaining({ code: 'VPP_MESSAGE_UNAVAILABLE' })])
  })

  it.each([
    { error: new VppConnectionLostError('/x') },
    { error: new VppClosedError('/x') },
    { error: new VppReplyTimeoutError('want_demo', 1, 9) },
  ])('does not take a session for ready that answers no want: $error.code', async (reason) => {
    const reader = new Reader()
    const confirmed = hub.subscribe(WANT, {}, reader)
    answer = () => Promise.reject(reason.error)
    await expect(hub.attach(table(), call)).rejects.toBe(reason.error)
    expect(reader.ends).toEqual([])
    hub.detach()
    answer = () => Promise.resolve({ retval: 0 })
    await hub.attach(table(), call)
    await confirmed
  })

  it('leaves a want that is lost with its session to the next', async () => {
    await hub.attach(table(), call)
    answer = () => Promise.reject(new VppConnectionLostError('/x'))
    const reader = new Reader()
    const confirmed = hub.subscribe(WANT, {}, reader)
    await Promise.resolve()
    hub.detach()
    answer = () => Promise.resolve({ retval: 0 })
    await hub.attach(table(), call)
    await confirmed
    expect(reader.ends).toEqual([])
  })

  it('refuses a want that cannot be sent', async () => {
    const wrong = hub.subscribe(WANT, { swIfIndex: 'eth0' }, new Reader())
    await expect(wrong).rejects.toMatchObject({ code: 'VPP_ENCODE', path: 'swIfIndex' })
  })

  it('takes all wants back when closing, each once', async () => {
    await hub.attach(table(), call)
    const readers = [new Reader(), new Reader()]
    await Promise.all(readers.map((reader) => hub.subscribe(WANT, { swIfIndex: 1 }, reader)))
    asked.length = 0
    answer = () => Promise.reject(new VppConnectionLostError('/x'))
    await hub.close(call)
    expect(asked).toEqual([{ ...off, swIfIndex: 1 }])
    for (const reader of readers) await hub.unsubscribe(reader)
    expect(asked).toHaveLength(1)
  })
})
