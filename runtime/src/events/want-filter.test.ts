import { describe, expect, it } from 'vitest'
import { Message, Struct } from '../codec/classes.ts'
import { defineAlias, defineForm, defineMessage, defineStruct } from '../codec/define.ts'
import type { FieldSpec, MessageDescriptor } from '../codec/descriptor.ts'
import type { WantMethod } from './want.ts'
import { filterOf } from './want-filter.ts'

const Address = defineAlias('ip4_address', 'u8', 4, 'ip4-address')
const Prefix = defineForm('ip4_prefix', 'ip4-prefix', [
  ['address', 'address', Address],
  ['len', 'len', 'u8'],
])

class Rest extends Message<Rest> {
  static readonly descriptor: MessageDescriptor<Rest> = defineMessage(Rest, 'rest', '00000001', 'event', [])
}

/** A message with these fields. */
function message(header: 'request' | 'event', fields: readonly FieldSpec[]) {
  class Made extends Message<Made> {
    static readonly descriptor: MessageDescriptor<Made> = defineMessage(
      Made,
      `made_${header}`,
      '00000002',
      header,
      fields,
    )
  }
  return Made
}

function struct(name: string, fields: readonly FieldSpec[]) {
  class Made extends Struct<Made> {
    static readonly descriptor = defineStruct(Made, name, fields)
  }
  return Made
}

/** Whether events are for a want; undefined when they do not say. */
function isFor(
  argument: readonly FieldSpec[],
  request: object,
  event: readonly FieldSpec[],
): ((it: object) => boolean) | undefined {
  const method: WantMethod = {
    request: message('request', [['enable', 'enable', 'u8'], ...argument, ['pid', 'pid', 'u32']]),
    reply: Rest,
    enable: 'enable',
    pid: 'pid',
  }
  return filterOf(method, request, message('event', event).descriptor)
}

describe('filterOf', () => {
  const index: FieldSpec = ['sw_if_index', 'swIfIndex', 'u32']
  const ip: FieldSpec = ['ip', 'ip', Address]

  it('finds the field of the same name and type, beside others', () => {
    const filter = isFor([index], { swIfIndex: 3 }, [['other', 'other', 'u32'], ip, index])
    expect([3, 4].map((swIfIndex) => filter?.({ other: 9, ip: '1.2.3.4', swIfIndex }))).toEqual([true, false])
  })

  it('does not need an event that says the process or the switch', () => {
    expect(isFor([index], { swIfIndex: 3, pid: 7, enable: 1 }, [index])?.({ swIfIndex: 3 })).toBe(true)
  })

  it('looks into structs', () => {
    const place = struct('place', [['vlan', 'vlan', 'u16'], index])
    const filter = isFor([index], { swIfIndex: 3 }, [['at', 'at', place]])
    expect([3, 4].map((swIfIndex) => filter?.({ at: { vlan: 1, swIfIndex } }))).toEqual([true, false])
  })

  it('takes the only field of a type of its own under another name', () => {
    const fields: readonly FieldSpec[] = [
      ['count', 'count', 'u32'],
      ['address', 'address', Address],
      ['within', 'within', Prefix],
    ]
    const filter = isFor([ip], { ip: '1.2.3.4' }, fields)
    expect(filter?.({ count: 1, address: '1.2.3.4' })).toBe(true)
    expect(filter?.({ count: 1, address: '1.2.3.5' })).toBe(false)
  })

  it('takes that of the same name before others of the type', () => {
    const filter = isFor([ip], { ip: '1.2.3.4' }, [['from', 'from', Address], ip])
    expect(filter?.({ from: '9.9.9.9', ip: '1.2.3.4' })).toBe(true)
    expect(filter?.({ from: '1.2.3.4', ip: '9.9.9.9' })).toBe(false)
  })

  it.each<[string, readonly FieldSpec[], object, readonly FieldSpec[]]>([
    ['a number under another name', [index], { swIfIndex: 3 }, [['other', 'other', 'u32']]],
    ['the name with another type', [index], { swIfIndex: 3 }, [['sw_if_index', 'swIfIndex', 'u16']]],
    [
      'two of a type',
      [ip],
      { ip: '1.2.3.4' },
      [
        ['from', 'from', Address],
        ['to', 'to', Address],
      ],
    ],
    ['two of the name', [index], { swIfIndex: 3 }, [index, ['at', 'at', struct('at', [index])]]],
    ['a list', [['tags', 'tags', 'u32', 2]], { tags: [1, 2] }, [['tags', 'tags', 'u32', 2]]],
    ['one number of a list', [index], { swIfIndex: 3 }, [['sw_if_index', 'swIfIndex', 'u32', 2]]],
    ['a number for a list', [['tags', 'tags', 'u32', 2]], { tags: [1, 2] }, [['tags', 'tags', 'u32']]],
    ['a part of what is read as text', [['len', 'len', 'u8']], { len: 24 }, [['within', 'within', Prefix]]],
  ])('does not take for said: %s', (_, argument, request, event) => {
    expect(isFor(argument, request, event)).toBeUndefined()
  })
})
