import { describe, expect, it } from 'vitest'
import * as generated from '@vpp-ts/binapi-memclnt'
import type { MessageDescriptor, TypeRef } from '@vpp-ts/runtime/codegen/v1'
// The runtime keeps what it must know of VPP to itself.
import * as bootstrap from '../../runtime/src/bootstrap/memclnt.ts'

const plainType = (type: TypeRef): unknown =>
  typeof type === 'string' ? type : 'fields' in type.descriptor ? plain(type.descriptor) : type.descriptor

/** A descriptor without its class. */
function plain({ name, fields }: Pick<MessageDescriptor, 'name' | 'fields'>): unknown {
  return {
    name,
    fields: fields.map(([wireName, property, type, ...rest]) => [
      wireName,
      property,
      plainType(type),
      ...rest,
    ]),
  }
}

describe('what the runtime knows of VPP without bindings', () => {
  it.each(
    bootstrap.messages.map(({ descriptor }) => [descriptor.name, descriptor as MessageDescriptor] as const),
  )('%s is what the package says', (name, descriptor) => {
    const same = generated.messages.find((message) => message.descriptor.name === name)
      ?.descriptor as MessageDescriptor
    expect([same.crc, same.header]).toEqual([descriptor.crc, descriptor.header])
    expect(plain(same)).toEqual(plain(descriptor))
  })
})
