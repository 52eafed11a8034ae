import { describe, expect, it } from 'vitest'
import { ControlPing, GetApiJsonReply, SockclntCreate } from '../bootstrap/memclnt.ts'
import { ByteWriter } from '../codec/writer.ts'
import { keepRequest, patchFrame, writeFrame, writeKept } from './frame-writer.ts'
import { Outgoing, type DescribedMessage } from './registry.ts'

const outgoing = ({ descriptor }: DescribedMessage, id: number) => new Outgoing(descriptor, id)

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
    expect(write).toThrow(
      expect.objectContaining({
        code: 'VPP_ENCODE',
        messageName: 'get_api_json_reply',
        message: expect.stringMatching(/at most 67108864 bytes.*received 6710887\d/) as string,
      }) as Error,
    )
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
      writeFrame(early, outgoing(type, 0), value, 0, 0)
      patchFrame(early.bytes, 3, outgoing(type, 23), 0x80000001, 0x11223344)
      expect(early.take().subarray(3)).toEqual(late.take())
    }
  })

  it('keeps requests without their frames, one behind the other, until they are sent', () => {
    const [kept, sent, direct] = [new ByteWriter(64), new ByteWriter(64), new ByteWriter(64)]
    const requests = [
      [ControlPing, {}],
      [SockclntCreate, { name: 'me' }],
      [ControlPing, {}],
    ] as const
    const places = requests.map(([type, value]) => {
      const at = kept.length
      keepRequest(kept, outgoing(type, 0), value)
      return at
    })
    expect(kept.length).toBe(4 + 10 + 4 + 70 + 4 + 10)
    for (const [i, [type, value]] of requests.entries()) {
      writeKept(sent, kept.bytes, places[i] ?? -1, outgoing(type, 23), 0x80000001, i + 1)
      writeFrame(direct, outgoing(type, 23), value, 0x80000001, i + 1)
    }
    expect(sent.take()).toEqual(direct.take())
  })

  it('keeps nothing of a request that cannot be encoded', () => {
    const kept = new ByteWriter(64)
    keepRequest(kept, outgoing(ControlPing, 0), {})
    const create = () => {
      keepRequest(kept, outgoing(SockclntCreate, 0), { name: 'x'.repeat(64) })
    }
    expect(create).toThrow(expect.objectContaining({ code: 'VPP_ENCODE', path: 'name' }) as Error)
    expect(kept.length).toBe(14)
    expect(kept.bytes.subarray(14).every((byte) => byte === 0)).toBe(true)
  })
})
