import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ShmError } from './errors.ts'
import { MEMCLNT_MESSAGES } from './memclnt.ts'
import { frame, FrameReader, introduction, namesOf } from './protocol.ts'
import { shmTarget, targetOf } from './target.ts'

test('messages come out of the stream whole, wherever it is cut', () => {
  const messages = [Buffer.from('ab'), Buffer.from('longer message'), Buffer.alloc(300, 7)]
  const stream = Buffer.concat(messages.map(frame))
  for (let cut = 0; cut <= stream.length; cut++) {
    const reader = new FrameReader()
    const got = [...reader.push(stream.subarray(0, cut)), ...reader.push(stream.subarray(cut))]
    expect(got.map((it) => it.toString('hex'))).toEqual(messages.map((it) => it.toString('hex')))
  }
})

test.each([0, 1, 17 * 2 ** 20])('a length of %d is refused', (length) => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(length, 8)
  expect(() => new FrameReader().push(bytes)).toThrow(RangeError)
})

test('the introduction is sockclnt_create_reply, to the byte', () => {
  const bytes = introduction(0x01020304, 7, [['a_12345678', 0x1ff]])
  expect(bytes.length).toBe(20 + 66)
  const head = ['0010', '00000000', '01020304', '00000000', '00000007', '0001']
  expect(bytes.subarray(0, 20).toString('hex')).toBe(head.join(''))
  expect(bytes.readUInt16BE(20)).toBe(0x1ff)
  expect(bytes.toString('latin1', 22, 33)).toBe('a_12345678\0')
})

test('names come from the definitions, what is not a message is passed over', () => {
  const json = JSON.stringify([
    {
      messages: [
        ['one', ['u16', '_vl_msg_id'], { crc: '0x0000000a' }],
        'junk',
        [5],
        ['two', { crc: '0xff' }],
      ],
    },
    { types: [] },
  ])
  expect(namesOf(json)).toEqual(['one_0000000a', 'two_ff'])
})

test('the messages of memclnt are those of the releases', () => {
  const releases = new URL('../../api-json/', import.meta.url)
  const names = readdirSync(releases)
    .filter((name) => /^\d\d\.\d\d$/.test(name))
    .flatMap((release) => {
      const text = readFileSync(new URL(`${release}/core/memclnt.api.json`, releases), 'utf8')
      return namesOf(`[${text}]`)
    })
  expect([...MEMCLNT_MESSAGES].toSorted()).toEqual([...new Set(names)].toSorted())
})

test.each([
  [{ prefix: 'a/b' }, 'a/b'],
  [{ prefix: '..' }, '..'],
  [{ clientName: '' }, 'clientName'],
  [{ clientName: 'x'.repeat(64) }, 'clientName'],
  [{ queueLength: 1 }, 'queueLength'],
])('%o is refused', (options, named) => {
  expect(() => shmTarget(options)).toThrow(
    expect.objectContaining<Partial<ShmError>>({
      code: 'SHM_ARGUMENT',
      message: expect.stringContaining(named) as string,
    }),
  )
})

test('a text is shared memory or a socket', () => {
  expect(targetOf('/run/vpp/api.sock')).toBe('/run/vpp/api.sock')
  expect(targetOf('shm://vpp1')).toMatchObject({ name: 'shm://vpp1' })
  expect(targetOf('shm://')).toMatchObject({ name: 'shm://' })
})

test('a VPP that is not there is said at once, with the memory that is missing', async () => {
  const { open } = shmTarget({ prefix: 'no-such-vpp' })
  await expect(open(new AbortController().signal)).rejects.toMatchObject({
    code: 'SHM_CONNECT',
    message: expect.stringContaining('/dev/shm/no-such-vpp-vpe-api does not exist') as string,
  })
})
