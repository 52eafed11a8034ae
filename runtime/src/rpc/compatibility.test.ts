import { describe, expect, it, vi } from 'vitest'
import { ControlPing, ControlPingReply, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import type { AnyMethod, UnaryMethod } from '../api/method.ts'
import { Registry, tableName, type DescribedMessage } from '../session/registry.ts'
import { callNewest, compatibilityOf, newest, version } from './compatibility.ts'

const registryOf = (...names: string[]) => new Registry(names.map((name, index) => ({ index, name })))
const having = (...messages: DescribedMessage[]) => registryOf(...messages.map(tableName))

const A = ControlPing
const B = ControlPingReply
const C = SockclntCreateReply

describe('compatibilityOf', () => {
  it('compares by name and CRC, and looks at nothing else', () => {
    const registry = registryOf(tableName(A), 'control_ping_reply_deadbeef', 'other_00000000')
    expect(compatibilityOf(registry, [A, B, C])).toEqual({
      same: ['control_ping'],
      changed: [{ name: 'control_ping_reply', crc: B.descriptor.crc, vppCrc: 'deadbeef' }],
      absent: ['sockclnt_create_reply'],
    })
    expect(compatibilityOf(registry, [])).toEqual({ same: [], changed: [], absent: [] })
  })
})

describe('newest', () => {
  const want = { request: B, reply: C, enable: 'enable', pid: undefined }
  it.each<[AnyMethod, DescribedMessage[]]>([
    [{ kind: 'unary', request: A, reply: B }, [A, B]],
    [{ kind: 'one-way', request: A }, [A]],
    [{ kind: 'dump', request: A, details: B }, [A, B]],
    [{ kind: 'stream', request: A, details: B, reply: C }, [A, B, C]],
    [{ kind: 'event', event: A }, [A]],
    [{ kind: 'event', event: A, want }, [A, B, C]],
  ])('needs all messages of a method: $kind', (method, messages) => {
    expect(newest(having(...messages), [method])).toBe(method)
    for (const lacking of messages) {
      const others = messages.filter((it) => it !== lacking)
      expect(() => newest(having(...others), [method])).toThrow(
        expect.objectContaining({
          code: 'VPP_MESSAGE_UNAVAILABLE',
          message: expect.stringContaining(lacking.descriptor.name) as string,
        }) as Error,
      )
    }
  })

  it('is the first that VPP has, and an error without any', () => {
    const [first, second]: AnyMethod[] = [
      { kind: 'one-way', request: A },
      { kind: 'one-way', request: B },
    ]
    expect(newest(having(A, B), [first!, second!])).toBe(first)
    expect(newest(having(B), [first!, second!])).toBe(second)
    expect(() => newest(having(A), [])).toThrow(/no method/)
  })
})

describe('callNewest', () => {
  const older = { kind: 'unary', request: A, reply: B } as unknown as UnaryMethod<object, string>
  const newer = { kind: 'unary', request: C, reply: B } as unknown as UnaryMethod<object, string>

  it('calls the version that VPP has with its request and the options', async () => {
    const call = vi.fn().mockResolvedValue('done')
    const vpp = { newest: <M>(...methods: M[]) => methods[1], call } as never
    const versions = [version(newer, { newer: 1 } as never), version(older, { older: 1 } as never)]
    expect(await callNewest(vpp, versions, { timeout: 5 })).toBe('done')
    expect(call.mock.calls).toEqual([[older, { older: 1 }, { timeout: 5 }]])
  })

  it('needs a version', async () => {
    const vpp = { newest: () => undefined, call: vi.fn() } as never
    await expect(callNewest(vpp, [])).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
  })
})
