import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { versionOfRelease } from './options.ts'
import { Simulator } from './simulator.ts'
import { CallingClient } from './testing/calling-client.ts'
import {
  CONTROL_PING,
  CONTROL_PING_REPLY,
  RawClient,
  SOCKCLNT_DELETE,
  frame,
  plainRequest,
} from './testing/raw-client.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await Simulator.start({ pid: 4242 })
})
afterAll(() => simulator.close())

describe('the handshake', () => {
  it('answers with the handle, the context and the table', async () => {
    await using client = await RawClient.open(simulator.path)
    const reply = await client.create('me')
    expect(reply.readUInt16BE(0)).toBe(16)
    expect(reply.readUInt32BE(2)).toBe(0)
    expect(reply.readUInt32BE(6)).toBe(0xdeadbeef)
    expect(reply.readInt32BE(10)).toBe(0)
    expect(client.clientIndex & 0x8000_0000).not.toBe(0)
    expect(reply.length).toBe(20 + 66 * reply.readUInt16BE(18))
    expect(client.table).toContainEqual({ id: 24, name: 'control_ping_reply_f6b0b8ca' })
    expect(simulator.clients).toEqual([
      expect.objectContaining({ name: 'me', clientIndex: client.clientIndex }),
    ])
  })

  it('can be done twice, with the same handle', async () => {
    await using client = await RawClient.connect(simulator.path)
    const first = client.clientIndex
    await client.create('again')
    expect(client.clientIndex).toBe(first)
  })

  it('is not needed: the registration exists from the connection on', async () => {
    await using fresh = await Simulator.start()
    await using client = await RawClient.open(fresh.path)
    client.clientIndex = 0x8000_0001
    expect(await client.untilPing()).toEqual([])
  })

  it('gives handles again, the last freed first', async () => {
    const one = await RawClient.connect(simulator.path)
    const two = await RawClient.connect(simulator.path)
    const handles = [one.clientIndex, two.clientIndex]
    for (const client of [one, two]) {
      client.write(frame(deleteBody(client.clientIndex, client.clientIndex)))
      await client.next()
      await client.closed()
    }
    await using again = await RawClient.connect(simulator.path)
    expect(again.clientIndex).toBe(handles[1])
  })
})

function deleteBody(clientIndex: number, index: number): Buffer {
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(index)
  return plainRequest(SOCKCLNT_DELETE, clientIndex, 5, tail)
}

describe('sockclnt_delete', () => {
  it('answers 1, which means success, and closes; what was sent behind it is not answered', async () => {
    const client = await RawClient.connect(simulator.path)
    client.write(
      Buffer.concat([
        frame(deleteBody(client.clientIndex, client.clientIndex)),
        frame(plainRequest(CONTROL_PING, client.clientIndex, 6)),
      ]),
    )
    const reply = await client.next()
    expect([reply.readUInt16BE(0), reply.readUInt32BE(2), reply.readInt32BE(6)]).toEqual([18, 5, 1])
    await expect(client.next()).rejects.toThrow('closed')
  })

  it('answers -1 to an index that is nobody, and stays open', async () => {
    await using client = await RawClient.connect(simulator.path)
    client.write(frame(deleteBody(client.clientIndex, 0x8000_0999)))
    expect((await client.next()).readInt32BE(6)).toBe(-1)
    expect(await client.untilPing()).toEqual([])
  })
})

describe('silence', () => {
  it.each([
    ['an unknown id', () => plainRequest(60_000, 0, 1)],
    ['id 0', () => plainRequest(0, 0, 1)],
    ['the id of a reply', () => plainRequest(CONTROL_PING_REPLY, 0, 1)],
    ['no message at all', () => Buffer.alloc(0)],
    ['one byte', () => Buffer.alloc(1)],
  ])('is the answer to %s', async (_what, body) => {
    await using client = await RawClient.connect(simulator.path)
    client.write(frame(body()))
    expect(await client.untilPing()).toEqual([])
  })

  it('is the answer to a message that is too short', async () => {
    await using client = await RawClient.connect(simulator.path)
    client.write(frame(plainRequest(CONTROL_PING, client.clientIndex, 1).subarray(0, 9)))
    client.write(frame(plainRequest(client.id('sw_interface_set_flags'), client.clientIndex, 1)))
    expect(await client.untilPing()).toEqual([])
  })

  it('is the answer to a count that promises more than there is', async () => {
    await using client = await RawClient.connect(simulator.path)
    const fields = Buffer.alloc(72)
    fields.writeUInt32BE(0xffff_ffff, 68)
    client.request('acl_add_replace', 1, fields)
    expect(await client.untilPing()).toEqual([])
  })

  it('is the answer to a client that is not there; what the request asks for is done all the same', async () => {
    await using client = await CallingClient.connect(simulator.path)
    const before = [...simulator.model.interfaces].length
    const { clientIndex } = client.raw
    for (const wrong of [0, 0x8000_0999, 77]) {
      client.raw.clientIndex = wrong
      client.send('create_loopback')
      client.send('sw_interface_dump')
    }
    client.raw.clientIndex = clientIndex
    expect(await client.raw.untilPing()).toEqual([])
    expect([...simulator.model.interfaces]).toHaveLength(before + 3)
  })

  it('is the answer to requests that only clients in shared memory may send', async () => {
    await using client = await RawClient.connect(simulator.path)
    client.request('memclnt_keepalive', 1)
    expect(await client.untilPing()).toEqual([])
  })
})

describe('answers', () => {
  it('go to the client that the request names', async () => {
    await using one = await RawClient.connect(simulator.path)
    await using two = await RawClient.connect(simulator.path)
    one.write(frame(plainRequest(CONTROL_PING, two.clientIndex, 99)))
    const reply = await two.next()
    expect(reply.readUInt32BE(2)).toBe(99)
    expect(await one.untilPing()).toEqual([])
  })

  it('come in the order of the requests', async () => {
    await using client = await RawClient.connect(simulator.path)
    const requests = Array.from({ length: 5000 }, (_, i) =>
      frame(plainRequest(CONTROL_PING, client.clientIndex, i + 1)),
    )
    client.write(Buffer.concat(requests))
    for (let i = 1; i <= 5000; i++) expect((await client.next()).readUInt32BE(2)).toBe(i)
  })

  it('do not mind what stands behind a message', async () => {
    await using client = await RawClient.connect(simulator.path)
    client.write(
      frame(Buffer.concat([plainRequest(CONTROL_PING, client.clientIndex, 8), Buffer.alloc(1000, 0xff)])),
    )
    expect((await client.next()).readUInt32BE(2)).toBe(8)
  })

  it('carry the process id', async () => {
    await using client = await CallingClient.connect(simulator.path)
    expect(await client.call('control_ping')).toMatchObject({ retval: 0, vpePid: 4242 })
  })
})

describe('a dump', () => {
  it('has details only; the reply to a ping behind it is its end', async () => {
    await using client = await CallingClient.connect(simulator.path)
    const all = await client.dump('sw_interface_dump')
    expect(all[0]).toMatchObject({ swIfIndex: 0, interfaceName: 'local0', interfaceDevType: 'local' })
    expect(await client.dump('sw_interface_dump', { swIfIndex: 12_345 })).toEqual([])
  })
})

describe('a get', () => {
  it('pages while its reply says -165', async () => {
    await using paged = await Simulator.start({ pageSize: 4 })
    paged.on('map_domains_get', () => Array.from({ length: 10 }, (_, domainIndex) => ({ domainIndex })))
    await using client = await CallingClient.connect(paged.path)
    const seen: unknown[] = []
    const replies: unknown[] = []
    let cursor = 0
    for (;;) {
      const [details, reply] = await client.get('map_domains_get', { cursor })
      seen.push(...details.map((it) => it['domainIndex']))
      replies.push(reply['retval'])
      cursor = Number(reply['cursor'])
      if (reply['retval'] !== -165) break
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(replies).toEqual([-165, -165, 0])
    expect((await client.get('map_domains_get', { cursor: 0xffff_ffff }))[0]).toHaveLength(4)
    expect((await client.get('map_domains_get', { cursor: 11 }))[1]).toMatchObject({ retval: -7 })
  })

  it('does not set the cursor of its last reply, unless told to', async () => {
    await using hostile = await Simulator.start({ wire: { lastCursor: 0x8000_0002 } })
    await using client = await CallingClient.connect(hostile.path)
    expect(await client.get('map_domains_get')).toEqual([
      [],
      expect.objectContaining({ retval: 0, cursor: 0x8000_0002 }),
    ])
  })
})

describe('what VPP says of itself', () => {
  it('is a version, a time, a thread', async () => {
    await using client = await CallingClient.connect(simulator.path)
    expect(await client.call('show_version')).toMatchObject({ program: 'vpe', version: versionOfRelease() })
    const { vpeSystemTime } = await client.call('show_vpe_system_time')
    expect(Math.abs(Number((vpeSystemTime as { toDate(): Date }).toDate()) - Date.now())).toBeLessThan(5000)
    expect(await client.call('show_threads')).toMatchObject({ threadData: [{ name: 'vpp_main', pid: 4242 }] })
    expect(await client.call('api_versions')).toMatchObject({ retval: 0, apiVersions: [] })
    expect(await client.call('get_f64_increment_by_one', { f64Value: 41.5 })).toMatchObject({
      f64Value: 42.5,
    })
    expect(await client.call('get_f64_endian_value', { f64One: 1 })).toMatchObject({
      f64OneResult: 1,
      retval: 0,
    })
  })

  it('is where the messages of a module begin, when the name has its CRC', async () => {
    await using client = await CallingClient.connect(simulator.path)
    const { firstMsgId } = await client.call('get_first_msg_id', { name: 'abf_70fd229c' })
    expect(firstMsgId).toBe(client.raw.id('abf_plugin_get_version'))
    for (const name of ['abf_00000000', 'memclnt_b197c551', 'nothing', '']) {
      expect(await client.call('get_first_msg_id', { name })).toMatchObject({
        retval: -7,
        firstMsgId: 0xffff,
      })
    }
  })

  it('is the definitions of all its messages, with one byte too many', async () => {
    await using client = await CallingClient.connect(simulator.path)
    client.send('get_api_json')
    const body = await client.raw.next()
    expect(body.length).toBe(14 + body.readUInt32BE(10) + 1)
    const modules = JSON.parse(String(client.decode('get_api_json_reply', body)['json'])) as {
      messages: unknown[]
    }[]
    const names = modules.flatMap(({ messages }) => messages.map((message) => (message as string[])[0]))
    expect(names).toContain('sw_interface_dump')
    expect(names).not.toContain('sockclnt_create')
  })
})

describe('a hostile client', () => {
  it.each([0xffff_fff0, 0xffff_ffff, 65 * 1024 * 1024])(
    'is cut off when it announces %d bytes',
    async (length) => {
      const client = await RawClient.connect(simulator.path)
      const header = Buffer.alloc(26)
      header.writeUInt32BE(length, 8)
      client.write(header)
      await client.closed()
      await using other = await RawClient.connect(simulator.path)
      expect(await other.untilPing()).toEqual([])
    },
  )

  it('does no harm with any bytes in any frame', async () => {
    const failures: unknown[] = []
    await using target = await Simulator.start({ onFailure: (error) => failures.push(error) })
    const id = fc.integer({ min: 0, max: 2200 })
    const body = fc.tuple(id, fc.uint8Array({ maxLength: 300 }))
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 30 }), async (bodies) => {
        await using client = await RawClient.connect(target.path)
        for (const [number, rest] of bodies) {
          // Not the request that ends the connection.
          if (number === SOCKCLNT_DELETE) continue
          const head = Buffer.alloc(6)
          head.writeUInt16BE(number)
          head.writeUInt32BE(client.clientIndex, 2)
          client.write(frame(Buffer.concat([head, rest])))
        }
        await client.untilPing(0x7654_3210)
      }),
      { numRuns: 60 },
    )
    expect(failures).toEqual([])
  })

  it('that reads nothing is cut off at the limit, and only then', async () => {
    await using small = await Simulator.start({ longestBacklog: 1_000_000 })
    const client = await RawClient.connect(small.path)
    client.socket.pause()
    const pings = Buffer.concat(
      Array.from({ length: 10_000 }, () => frame(plainRequest(CONTROL_PING, client.clientIndex, 1))),
    )
    for (let i = 0; i < 10 && small.clients.length > 0; i++) {
      client.write(pings)
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (small.clients.length > 0) await new Promise((resolve) => setImmediate(resolve))
    client.socket.destroy()
    expect(small.clients).toEqual([])
  })
})
