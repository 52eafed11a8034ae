import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventStreamParser, type StreamEvent } from './event-stream.ts'

function parse(...chunks: string[]): StreamEvent[] {
  const parser = new EventStreamParser()
  return chunks.flatMap((chunk) => parser.feed(chunk))
}

describe('server-sent events', () => {
  it('have a type and data; comments, ids and retries are passed over', () => {
    const text = 'retry: 1000\n\n: still here\n\nid: 7\nevent: live\ndata: {"a":1}\n\ndata:x\ndata: y\n\n'
    expect(parse(text)).toEqual([
      { type: 'live', data: '{"a":1}' },
      { type: 'message', data: 'x\ny' },
    ])
  })

  it('without data are none, and their type does not go to the next', () => {
    expect(parse('event: live\n\ndata: x\n\n')).toEqual([{ type: 'message', data: 'x' }])
  })

  it('come only with the blank line that ends them', () => {
    expect(parse('data: x\n')).toEqual([])
    expect(parse('data: x\n', '\n')).toEqual([{ type: 'message', data: 'x' }])
  })

  it('are the same wherever the text is cut and however lines end', () => {
    const line = fc.string({ unit: 'grapheme-ascii' })
    const events = fc.array(fc.record({ type: fc.constantFrom('live', 'link'), data: line }), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(events, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(40)), (sent, end, lengths) => {
        const text = sent.map(({ type, data }) => `event: ${type}${end}data: ${data}${end}${end}`).join('')
        const chunks = []
        let from = 0
        for (const length of lengths) {
          chunks.push(text.slice(from, from + length))
          from += length
        }
        expect(parse(...chunks, text.slice(from))).toEqual(sent)
      }),
    )
  })
})
