import { describe, expect, it } from 'vitest'
import type { DumpSink } from '../session/dump-call.ts'
import { DumpStream } from './dump-stream.ts'

type Details = { readonly n: number }
type Reply = { readonly retval: number; readonly cursor: number }

type Scripted = DumpStream<Details, Reply>

/** A dump whose far end is the test. */
function scripted(firstCursor?: number, signal?: AbortSignal) {
  const opened: { sink: DumpSink<Details, Reply>; cursor: number | undefined }[] = []
  const failures: unknown[] = []
  let drops = 0
  const stream = new DumpStream<Details, Reply>(
    {
      messageName: 'demo_get',
      firstCursor,
      open: (sink, cursor) => {
        opened.push({ sink, cursor })
        return () => {
          drops++
        }
      },
      failed: (error) => {
        failures.push(error)
      },
    },
    signal,
  )
  const page = (at: number) => {
    const it = opened[at]
    if (it === undefined) throw new Error(`page ${at} was not asked for`)
    return it.sink
  }
  return { stream, opened, page, drops: () => drops, failures }
}

const numbers = (list: readonly Details[]) => list.map(({ n }) => n)

describe('DumpStream', () => {
  it('asks when reading begins, not before', async () => {
    const { stream, opened, page } = scripted()
    expect(opened).toHaveLength(0)
    const all = stream.toArray()
    expect(opened).toEqual([{ sink: page(0), cursor: undefined }])
    page(0).details({ n: 1 })
    page(0).details({ n: 2 })
    page(0).end(undefined)
    expect(numbers(await all)).toEqual([1, 2])
  })

  it('keeps details that come before they are asked for', async () => {
    const { stream, page } = scripted()
    stream.begin()
    for (let n = 0; n < 1000; n++) page(0).details({ n })
    page(0).end(undefined)
    expect(await stream.toArray()).toHaveLength(1000)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('answers several questions at a time, in order', async () => {
    const { stream, page } = scripted()
    const answers = [stream.next(), stream.next(), stream.next()]
    page(0).details({ n: 1 })
    page(0).details({ n: 2 })
    page(0).end(undefined)
    expect((await Promise.all(answers)).map(({ value }) => value?.n)).toEqual([1, 2, undefined])
  })

  it('says that it is over when it is left', async () => {
    const { stream } = scripted()
    stream.begin()
    expect(await stream.return()).toStrictEqual({ done: true, value: undefined })
  })

  it('gives what came before an error, then the error', async () => {
    const { stream, page } = scripted()
    stream.begin()
    page(0).details({ n: 1 })
    page(0).fail(new Error('lost'))
    expect((await stream.next()).value).toEqual({ n: 1 })
    await expect(stream.next()).rejects.toThrow('lost')
    await expect(stream.reply).rejects.toThrow('lost')
  })

  it('leaves in order: the call is dropped, those who wait are told, the reply rejects', async () => {
    const { stream, page, drops } = scripted()
    stream.begin()
    page(0).details({ n: 1 })
    page(0).details({ n: 2 })
    for await (const { n } of stream) {
      expect(n).toBe(1)
      break
    }
    expect(drops()).toBe(1)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await expect(stream.reply).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    const other = scripted()
    const waiting = other.stream.next()
    await other.stream.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  it('does not ask at all when it is left before it began', async () => {
    const { stream, opened } = scripted()
    await stream.return()
    expect(await stream.toArray()).toEqual([])
    expect(opened).toHaveLength(0)
  })

  it.each([
    ['two loops', (stream: Scripted) => [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()]],
    ['a loop behind toArray', (stream: Scripted) => [stream.toArray(), stream[Symbol.asyncIterator]()]],
  ])('refuses %s: each would get a part', (_what, read) => {
    const { stream } = scripted()
    expect(() => read(stream)).toThrow(/demo_get: this dump has been read before/)
  })

  it('refuses toArray behind a loop, and an iterator is its own iterable', async () => {
    const { stream, page } = scripted()
    const iterator = stream[Symbol.asyncIterator]()
    stream.begin()
    page(0).details({ n: 1 })
    page(0).end(undefined)
    const seen: number[] = []
    for await (const { n } of iterator) seen.push(n)
    expect(seen).toEqual([1])
    await expect(stream.toArray()).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
  })

  describe('with pages', () => {
    it('asks for the next page when the last has been read', async () => {
      const { stream, opened, page } = scripted(0)
      const reader = stream[Symbol.asyncIterator]()
      const first = reader.next()
      page(0).details({ n: 1 })
      page(0).details({ n: 2 })
      page(0).end({ retval: -165, cursor: 10 })
      expect((await first).value).toEqual({ n: 1 })
      expect((await reader.next()).value).toEqual({ n: 2 })
      expect(opened).toHaveLength(1)
      const third = reader.next()
      expect(opened.map(({ cursor }) => cursor)).toEqual([0, 10])
      page(1).details({ n: 3 })
      page(1).end({ retval: 0, cursor: 0xdead })
      expect((await third).value).toEqual({ n: 3 })
      expect(await reader.next()).toEqual({ done: true, value: undefined })
      expect(await stream.reply).toEqual({ retval: 0, cursor: 0xdead })
    })

    it('goes on for who waits for the reply alone', async () => {
      const { stream, opened, page } = scripted(0)
      const reply = stream.reply
      page(0).end({ retval: -165, cursor: 1 })
      page(1).end({ retval: 0, cursor: 0 })
      expect(await reply).toEqual({ retval: 0, cursor: 0 })
      expect(opened).toHaveLength(2)
    })

    it('the reply comes without anybody reading, and what was not read is kept', async () => {
      const { stream, page } = scripted(0)
      const reply = stream.reply
      page(0).details({ n: 1 })
      page(0).end({ retval: -165, cursor: 1 })
      page(1).details({ n: 2 })
      page(1).end({ retval: 0, cursor: 0 })
      expect(await reply).toEqual({ retval: 0, cursor: 0 })
      expect(numbers(await stream.toArray())).toEqual([1, 2])
    })

    it('a reply that is asked for between two pages goes on too', async () => {
      const { stream, opened, page } = scripted(0)
      const first = stream.next()
      page(0).details({ n: 1 })
      page(0).end({ retval: -165, cursor: 1 })
      await first
      expect(opened).toHaveLength(1)
      const reply = stream.reply
      page(1).end({ retval: 0, cursor: 0 })
      expect(await reply).toEqual({ retval: 0, cursor: 0 })
    })

    it.each([
      ['stands still', 7, [7]],
      ['goes back', 7, [20, 7]],
      ['goes round', 7, [20, 30, 20]],
    ])('refuses a cursor that %s', async (_, first, cursors) => {
      const { stream, page } = scripted(first)
      const all = stream.toArray()
      for (const [at, cursor] of cursors.entries()) page(at).end({ retval: -165, cursor })
      await expect(all).rejects.toMatchObject({ code: 'VPP_CURSOR_STUCK' })
    })

    it('begins anywhere: all ones stand for the beginning too', async () => {
      const { stream, opened, page } = scripted(0xffff_ffff)
      const all = stream.toArray()
      page(0).end({ retval: -165, cursor: 4 })
      page(1).end({ retval: 0, cursor: 0 })
      await all
      expect(opened.map(({ cursor }) => cursor)).toEqual([0xffff_ffff, 4])
    })

    it('takes EAGAIN for an error where there is no cursor', async () => {
      const { stream, page } = scripted()
      const all = stream.toArray()
      page(0).end({ retval: -165, cursor: 1 })
      await expect(all).rejects.toMatchObject({ code: 'VPP_API_ERROR', retval: -165 })
    })
  })

  describe('with a signal', () => {
    it('asks nothing when it is aborted already', async () => {
      const { stream, opened } = scripted(undefined, AbortSignal.abort())
      await expect(stream.toArray()).rejects.toMatchObject({ name: 'AbortError' })
      expect(opened).toHaveLength(0)
    })

    it('drops the call when it is aborted, and rejects', async () => {
      const controller = new AbortController()
      const { stream, drops } = scripted(undefined, controller.signal)
      const all = stream.toArray()
      controller.abort()
      await expect(all).rejects.toMatchObject({ name: 'AbortError' })
      expect(drops()).toBe(1)
    })

    it('does not care when it is aborted after the end', async () => {
      const controller = new AbortController()
      const { stream, page } = scripted(undefined, controller.signal)
      const all = stream.toArray()
      page(0).details({ n: 1 })
      page(0).end(undefined)
      controller.abort()
      expect(numbers(await all)).toEqual([1])
    })
  })
})
