import { describe, expect, it } from 'vitest'
import { ControlPing, ControlPingReply, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { Message } from '../codec/classes.ts'
import { defineMessage } from '../codec/define.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { compatibilityOf } from '../rpc/compatibility.ts'
import { Registry, splitTableName } from './registry.ts'

const LONG_NAME = 'ip_source_and_port_range_check_interface_add_del_details_v2'

/** A message whose name and CRC together are longer than the table's 63 bytes. */
class LongNamed extends Message<LongNamed> {
  static readonly descriptor: MessageDescriptor<LongNamed> = defineMessage(
    LongNamed,
    LONG_NAME,
    '0123abcd',
    'reply',
    [],
  )
}

const entry = (name: string, index: number) => ({ index, name: name.slice(0, 63) })

describe('splitTableName', () => {
  it('splits at the last underscore', () => {
    expect(splitTableName('control_ping_51077d14')).toEqual({ name: 'control_ping', crc: '51077d14' })
    expect(splitTableName('odd')).toEqual({ name: 'odd', crc: '' })
  })
})

describe('Registry', () => {
  it('finds messages by name and CRC, whatever their ids', () => {
    const registry = new Registry([
      entry('control_ping_reply_f6b0b8ca', 900),
      entry('control_ping_51077d14', 37),
    ])
    expect(registry.outgoing(ControlPing).id).toBe(37)
    expect(registry.outgoing(ControlPing)).toBe(registry.outgoing(ControlPing))
    expect(registry.expect(ControlPingReply)).toBe(registry.byId(900))
    expect(registry.byId(901)).toBeUndefined()
    expect([...registry.names()]).toEqual(['control_ping_reply', 'control_ping'])
  })

  it('says whether a message is unknown or has another layout', () => {
    const registry = new Registry([entry('control_ping_00c0ffee', 37)])
    expect(() => registry.outgoing(ControlPing)).toThrow(
      expect.objectContaining({
        code: 'VPP_MESSAGE_UNAVAILABLE',
        crc: '51077d14',
        vppCrc: '00c0ffee',
      }) as Error,
    )
    expect(() => registry.expect(ControlPingReply)).toThrow(
      expect.objectContaining({ code: 'VPP_MESSAGE_UNAVAILABLE', vppCrc: undefined }) as Error,
    )
  })

  it('knows a message whose name the table has cut, and calls it by its whole name', () => {
    const registry = new Registry([entry(`${LONG_NAME}_0123abcd`, 5)])
    expect(registry.byId(5)?.crc).toBe('012')
    expect(registry.expect(LongNamed)).toMatchObject({ id: 5, name: LONG_NAME, crc: '0123abcd' })
    expect(compatibilityOf(registry, [LongNamed]).same).toEqual([LONG_NAME])
  })

  it('calls a message by its whole name though the table has cut it within the name', () => {
    const cut = 'a_message_with_a_name_that_is_longer_than_all_that_VPP_has_in_its_api_details'
    class Longest extends Message<Longest> {
      static readonly descriptor: MessageDescriptor<Longest> = defineMessage(
        Longest,
        cut,
        '0123abcd',
        'reply',
        [],
      )
    }
    const registry = new Registry([entry(`${cut}_0123abcd`, 5)])
    expect(registry.byId(5)?.name).not.toBe(cut)
    expect(registry.expect(Longest).name).toBe(cut)
    expect(registry.byId(5)?.name).toBe(cut)
  })

  it('takes the place of the context from the definition once there is one', () => {
    const registry = new Registry([
      entry('sockclnt_create_reply_35166268', 16),
      entry('control_ping_reply_f6b0b8ca', 24),
      entry('sw_interface_rx_placement_details_9e44a7ce', 50),
      entry('igmp_event_c6a5e5de', 51),
    ])
    expect(registry.byId(16)?.contextOffset).toBe(6)
    expect(registry.byId(50)?.contextOffset).toBe(6)
    expect(registry.byId(51)?.contextOffset).toBe(2)
    expect(registry.expect(SockclntCreateReply).contextOffset).toBe(6)
    expect(registry.expect(ControlPingReply).contextOffset).toBe(2)
  })
})

describe('sameTable', () => {
  const of = (...names: string[]) => new Registry(names.map((name, index) => ({ index, name })))

  it('is true for the same messages under the same ids only', () => {
    const one = of('a_00000001', 'b_00000002')
    expect(one.sameTable(of('a_00000001', 'b_00000002'))).toBe(true)
    for (const other of [of('b_00000002', 'a_00000001'), of('a_00000001'), of('a_00000001', 'b_00000003')]) {
      expect(one.sameTable(other)).toBe(false)
      expect(other.sameTable(one)).toBe(false)
    }
    expect([one.crcOf('b'), one.crcOf('c')]).toEqual(['00000002', undefined])
  })
})
