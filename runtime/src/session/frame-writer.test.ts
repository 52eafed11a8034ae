import { describe, expect, it } from 'vitest'
import { ControlPing, GetApiJsonReply, SockclntCreate } from '../bootstrap/memclnt.ts'
import { codecOf } from '../codec/codec.ts'
import { ByteWriter } from '../codec/writer.ts'
import { patchFrame, unassigned, writeFrame } from './frame-writer.ts'

const outgoing = (type: typeof ControlPing | typeof GetApiJsonReply | typeof SockclntCreate, id: number) => ({
  id,
  codec: codecOf<unknown>(type.descriptor as never),
})

describe('writeFrame', () => {
  it('writes header and message as VPP expects them', () => {
    const writer = new ByteWriter()
    writeFrame(writer, outgoing(ControlPing, 23), {}, 0x80000001, 0x11223344)
    expect(writer.take().toString('hex')).toBe('00000000000000000000000a0000000000178000000111223344')
  })

  it('leaves nothing of a message that cannot be encoded', () => {
    const writer = new ByteWriter()
    writeFrame(writer, outgoing(ControlPing, 23), {}, 1, 1)
    const before = Buffer.from(writer.bytes.subarray(0, 64)).toString('hex')
    const create = () => {
      writeFrame(writer, outgoing(SockclntCreate, 15), { name: 'x'.repeat(64) }, 1, 1)
    }
    expect(create).toThrow(expect.objectContaining({ code: 'VPP_ENCODE', path: 'name' }) as Error)
    expect(writer.length).toBe(26)
    expect(writer.bytes.subarray(0, 64).toString('hex')).toBe(before)
  })

  it('refuses a message longer than VPP should be asked to take', () => {
    const writer = new ByteWriter()
    const json = 'x'.repeat(64 * 1024 * 1024)
    const write = () => {
      writeFrame(writer, outgoing(GetApiJsonReply, 28), { json }, 1, 1)
    }
    expect(write).toThrow(expect.objectContaining({ code: 'VPP_ENCODE' }) as Error)
    expect(writer.length).toBe(0)
  })

  it('fills in later what a session decides', () => {
    for (const [type, value] of [
      [ControlPing, {}],
      [SockclntCreate, { name: 'me' }],
    ] as const) {
      const [early, late] = [new ByteWriter(), new ByteWriter()]
      writeFrame(late, outgoing(type, 23), value, 0x80000001, 0x11223344)
      early.reserve(3)
      writeFrame(early, unassigned(type), value, 0, 0)
      patchFrame(early.bytes, 3, outgoing(type, 23), 0x80000001, 0x11223344)
      expect(early.take().subarray(3)).toEqual(late.take())
    }
  })
})
