import { describe, expect, it } from 'vitest'
import { ControlPing, ControlPingReply, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { ByteWriter } from '../codec/writer.ts'
import { DumpCall, type DumpSink } from './dump-call.ts'
import { FrozenRequest } from './frozen-request.ts'
import { Registry, tableName, type Incoming } from './registry.ts'
import { observing } from './testing/observer.ts'

const TYPES = [ControlPing, ControlPingReply, SockclntCreateReply]
const registry = new Registry(TYPES.map((type, at) => ({ index: 20 + at, name: tableName(type) })))

/** A dump whose details are ping replies here, ended by its own reply. */
function dump(further = false) {
  const seen: unknown[] = []
  const sink: DumpSink<ControlPingReply, unknown> = {
    details: ({ vpePid }) => seen.push(vpePid),
    end: () => seen.push('end'),
    fail: (error) => seen.push(error),
  }
  const observer = observing()
  const request = new FrozenRequest(ControlPing, {})
  const rest = [undefined, further, sink, 0, 100, observer] as const
  const call = new DumpCall<ControlPingReply, unknown>(
    request,
    ControlPingReply,
    SockclntCreateReply,
    ...rest,
  )
  call.write(new ByteWriter(256), call.prepare(registry), 1, 2)
  return { call, seen }
}

const details = registry.byId(21) as Incoming
const reply = registry.byId(22) as Incoming
const pong = Buffer.alloc(18)
pong.writeUInt32BE(7, 14)

describe('DumpCall', () => {
  it('has its time again with each message, and not without one', () => {
    const { call, seen } = dump()
    expect(call.extend(0)).toBe(false)
    expect(call.receive(details, pong, 0, pong.length)).toBe(false)
    expect(call.extend(0)).toBe(true)
    expect(call.extend(0)).toBe(false)
    expect(seen).toEqual([7])
    call.receive(details, pong, 0, pong.length)
    call.settle()
    expect(call.extend(0)).toBe(false)
  })

  it('takes the reply of its layout under another name, and refuses another', () => {
    const seen: unknown[] = []
    const misnamed: string[] = []
    const sink = {
      details: () => seen.push('details'),
      end: () => seen.push('end'),
      fail: (error: unknown) => seen.push(error),
    }
    const observer = observing({
      misnamed: (_: unknown, ...names: string[]) => misnamed.push(...names),
    })
    const request = new FrozenRequest(ControlPing, {})
    const paged = () =>
      new DumpCall(request, SockclntCreateReply, ControlPingReply, 0, false, sink, 0, 100, observer)
    const { crc } = ControlPingReply.descriptor
    const older: Incoming = { id: 9, name: 'older_reply', crc, contextOffset: 2, listeners: [] }
    expect(paged().receive(older, pong, 0, pong.length)).toBe(true)
    expect(paged().receive(details, pong, 0, pong.length)).toBe(true)
    expect([seen, misnamed]).toEqual([
      ['end', 'end'],
      ['control_ping_reply', 'older_reply'],
    ])
    for (const other of [
      { ...older, crc: '00000000' },
      { ...older, name: 'older_details' },
    ]) {
      expect(() => paged().receive(other, Buffer.concat([pong, pong]), 18, 36)).toThrow(
        expect.objectContaining({
          code: 'VPP_UNEXPECTED_REPLY',
          message: expect.stringContaining('18 bytes') as string,
        }) as Error,
      )
    }
  })

  it.each([
    [-1, 'throws'],
    [-165, 'ends'],
  ])('a retval of %d %s', (retval, what) => {
    const bytes = Buffer.from(pong)
    bytes.writeInt32BE(retval, 6)
    let ended = 0
    const sink = { details: () => {}, end: () => ended++, fail: () => {} }
    const observer = observing()
    const request = new FrozenRequest(ControlPing, {})
    const call = new DumpCall(
      request,
      SockclntCreateReply,
      ControlPingReply,
      0,
      false,
      sink,
      0,
      100,
      observer,
    )
    const receive = () => call.receive(details, bytes, 0, bytes.length)
    if (what === 'throws') expect(receive).toThrow(expect.objectContaining({ retval }) as Error)
    else expect(receive()).toBe(true)
    expect(ended).toBe(what === 'ends' ? 1 : 0)
  })

  it('without a reply of its own passes over what else has its context, until the ping is answered', () => {
    const seen: string[] = []
    const sink = { details: () => seen.push('details'), end: () => seen.push('end'), fail: () => {} }
    const request = new FrozenRequest(ControlPing, {})
    const rest = [undefined, false, sink, 0, 100, observing()] as const
    const call = new DumpCall(request, SockclntCreateReply, undefined, ...rest)
    const other = registry.byId(20) as Incoming
    expect([call.receive(other, pong, 0, pong.length), call.ends(other)]).toEqual([false, false])
    expect([seen, call.settled]).toEqual([[], false])
    expect([call.receive(details, pong, 0, pong.length), call.ends(details)]).toEqual([true, true])
    expect([seen, call.settled]).toEqual([['end'], true])
  })

  it('ends with its reply, not with details', () => {
    const { call } = dump()
    expect(call.ends(details)).toBe(false)
    expect(call.ends(reply)).toBe(true)
    expect(call.continues).toBe(false)
    expect(dump(true).call.continues).toBe(true)
  })
})
