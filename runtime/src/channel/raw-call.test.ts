import { describe, expect, it } from 'vitest'
import { ControlPing, ControlPingReply, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { Message } from '../codec/classes.ts'
import { defineMessage } from '../codec/define.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { Registry, tableName, type Incoming } from '../session/registry.ts'
import { observing } from '../session/testing/observer.ts'
import { RawCall } from './raw-call.ts'

const define = (name: string, crc: string, size: number) => {
  class Made extends Message<Made> {
    static readonly descriptor: MessageDescriptor<Made> = defineMessage(Made, name, crc, 'reply', [
      ['retval', 'retval', 'i32'],
      ['rest', 'rest', 'u8', size],
    ])
  }
  return Made
}
/** The layout of a ping reply under another name. */
const Alike = define('other_reply', '0000000a', 8)
/** What this request's reply could look like in other definitions. */
const SameCrc = define('control_ping_reply', '0000000a', 7)
const SameSize = define('control_ping_reply', '0000000b', 8)
const Neither = define('control_ping_reply', '0000000b', 9)
const OtherName = define('control_pong_reply', '0000000a', 8)

const registry = new Registry(
  [ControlPing, ControlPingReply, SockclntCreateReply, Alike].map((type, at) => ({
    index: 20 + at,
    name: tableName(type),
  })),
)
const incomingOf = (id: number) => registry.byId(id) as Incoming

function ping() {
  const failed: unknown[] = []
  const misnamed: string[][] = []
  const observer = observing({
    failed: (_, error) => failed.push(error),
    misnamed: (_, ...names) => misnamed.push(names),
  })
  const call = new RawCall(ControlPing, {}, 0, 100, observer)
  call.prepare(registry)
  return { call, failed, misnamed }
}

/** A reply of 18 bytes behind other messages in the same memory. */
const START = 9
function reply(retval: number): Buffer {
  const bytes = Buffer.alloc(START + 40, 0xff)
  bytes.fill(0, START, START + 18)
  bytes.writeInt32BE(retval, START + 6)
  bytes.writeUInt32BE(7, START + 14)
  return bytes
}
const give = (call: RawCall, id: number, retval = 0, length = 18) =>
  call.receive(incomingOf(id), reply(retval), START, START + length)

describe('RawCall', () => {
  it('keeps the reply for whoever reads it', async () => {
    const { call, failed, misnamed } = ping()
    expect(give(call, 21)).toBe(true)
    expect([call.settled, call.ends(), call.fits()]).toEqual([true, true, true])
    expect((await call.decoded(ControlPingReply)).vpePid).toBe(7)
    expect([failed, misnamed]).toEqual([[], []])
  })

  it('counts a refusal when it comes, and throws it to whoever reads', async () => {
    const { call, failed } = ping()
    expect(give(call, 21, -9)).toBe(false)
    expect(failed).toEqual([expect.objectContaining({ code: 'VPP_API_ERROR', retval: -9 })])
    await expect(call.decoded(ControlPingReply)).rejects.toMatchObject({ retval: -9 })
  })

  it.each([
    ['is not a reply', 20, 18],
    ['is too short for a retval', 21, 9],
  ])('takes nothing for a refusal that %s', (_, id, length) => {
    const { call, failed } = ping()
    expect(give(call, id, -1, length)).toBe(true)
    expect(failed).toEqual([])
  })

  it('reads a refusal of no more than a retval', () => {
    const { call, failed } = ping()
    expect(give(call, 21, -1, 10)).toBe(false)
    expect(failed).toHaveLength(1)
  })

  it.each([
    ['the same CRC', SameCrc],
    ['the same length', SameSize],
  ])('takes a reply under another name with %s', async (_, type) => {
    const { call, misnamed } = ping()
    give(call, 23)
    expect(await call.decoded(type)).toMatchObject({ retval: 0 })
    expect(misnamed).toEqual([['control_ping_reply', 'other_reply']])
  })

  it.each([
    ['neither CRC nor length', Neither],
    ['the name of another request', OtherName],
  ])('refuses a reply under another name with %s', async (_, type) => {
    const { call, misnamed } = ping()
    give(call, 23)
    await expect(call.decoded(type)).rejects.toMatchObject({ code: 'VPP_UNEXPECTED_REPLY' })
    expect(misnamed).toEqual([])
  })
})
