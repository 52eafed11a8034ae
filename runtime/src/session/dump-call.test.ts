import { describe, expect, it } from 'vitest'
import { ControlPing, ControlPingReply, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { ByteWriter } from '../codec/writer.ts'
import { DumpCall, type DumpSink } from './dump-call.ts'
import { FrozenRequest } from './frozen-request.ts'
import { Registry, tableName, type Incoming } from './registry.ts'

const TYPES = [ControlPing, ControlPingReply, SockclntCreateReply]
const registry = new Registry(TYPES.map((type, at) => ({ index: 20 + at, name: tableName(type) })))

/** A dump whose details are ping replies here, ended by a reply of its own. */
function dump(further = false) {
  const seen: unknown[] = []
  const sink: DumpSink<ControlPingReply, unknown> = {
    details: ({ vpePid }) => seen.push(vpePid),
    end: () => seen.push('end'),
    fail: (error) => seen.push(error),
  }
  const observer = { failed: () => {}, misnamed: () => {} }
  const request = new FrozenRequest(ControlPing, {})
  const rest = [undefined, further, sink, 0, 100, observer] as const
  const call = new DumpCall<ControlPingReply, unknown>(
    request,
    ControlPingReply,
    SockclntCreateReply,
    ...rest,
  )
  call.prepare(registry)
  call.write(new ByteWriter(256), 1, 2)
  return { call, seen }
}

const details = registry.byId(21) as Incoming
const reply = registry.byId(22) as Incoming
const pong = Buffer.alloc(18)
pong.writeUInt32BE(7, 14)

describe('DumpCall', () => {
  it('has its time again with each message, and not without one', () => {
    const { call, seen } = dump()
    expect(call.extend()).toBe(false)
    expect(call.receive(details, pong, 0, pong.length)).toBe(false)
    expect(call.extend()).toBe(true)
    expect(call.extend()).toBe(false)
    expect(seen).toEqual([7])
    call.receive(details, pong, 0, pong.length)
    call.settle()
    expect(call.extend()).toBe(false)
  })

  it('ends with its reply, not with details', () => {
    const { call } = dump()
    expect(call.ends(details)).toBe(false)
    expect(call.ends(reply)).toBe(true)
    expect(call.continues).toBe(false)
    expect(dump(true).call.continues).toBe(true)
  })
})
