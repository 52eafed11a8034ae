import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultEffect } from './faults/effect.ts'
import { HOSTILE_WIRE } from './server/wire.ts'
import { Simulator } from './simulator.ts'
import { CallingClient } from './testing/calling-client.ts'
import { RawClient } from './testing/raw-client.ts'

let simulator: Simulator
let client: CallingClient

beforeEach(async () => {
  simulator = await Simulator.start()
  client = await CallingClient.connect(simulator.path)
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})

function hit(effect: FaultEffect): void {
  simulator.faults.add({ message: 'create_loopback', effect })
}

/** The first eight bytes of an answer's frame. */
async function pointer(): Promise<number[]> {
  const bytes = new Promise<Buffer>((resolve) => client.raw.socket.once('data', resolve))
  await client.call('show_version')
  return [...(await bytes).subarray(0, 8)]
}

function loopbacks(): number {
  return [...simulator.model.interfaces].length - 1
}

describe('a fault', () => {
  it('ignores a request', async () => {
    hit({ kind: 'ignore' })
    client.send('create_loopback')
    expect(await client.raw.untilPing()).toEqual([])
    expect(loopbacks()).toBe(0)
  })

  it('loses an answer', async () => {
    hit({ kind: 'lose-answer' })
    client.send('create_loopback')
    expect(await client.raw.untilPing()).toEqual([])
    expect(loopbacks()).toBe(1)
  })

  it('delays an answer, and with it those behind it', async () => {
    hit({ kind: 'delay', milliseconds: 20 })
    const started = performance.now()
    client.send('create_loopback')
    client.raw.ping(9)
    client.decode('create_loopback_reply', await client.raw.next())
    expect(performance.now() - started).toBeGreaterThan(15)
    expect((await client.raw.next()).readUInt32BE(2)).toBe(9)
  })

  it('refuses with any retval', async () => {
    hit({ kind: 'retval', retval: -77 })
    expect(await client.retval('create_loopback')).toBe(-77)
    expect(loopbacks()).toBe(0)
    simulator.faults.add({ message: 'sw_interface_dump', effect: { kind: 'retval', retval: -1 } })
    expect(await client.dump('sw_interface_dump')).toEqual([])
  })

  it('closes the connection in place of an answer', async () => {
    hit({ kind: 'disconnect' })
    client.send('create_loopback')
    await expect(client.raw.next()).rejects.toThrow('closed')
    expect(loopbacks()).toBe(0)
  })

  it.each([0, 1, 15, 16, 17, 29])('closes the connection after %d bytes of the answer', async (bytes) => {
    hit({ kind: 'cut', bytes })
    let received = 0
    client.raw.socket.on('data', (chunk: Buffer) => (received += chunk.length))
    client.send('create_loopback')
    await client.raw.closed()
    expect(received).toBe(bytes)
  })

  it('puts garbage behind a message', async () => {
    hit({ kind: 'trailing', bytes: 5 })
    client.send('create_loopback')
    expect((await client.raw.next()).length).toBe(14 + 5)
  })

  it('announces another length', async () => {
    hit({ kind: 'announce', length: 0xffff_fff0 })
    const bytes = new Promise<Buffer>((resolve) => client.raw.socket.once('data', resolve))
    client.send('create_loopback')
    expect((await bytes).readUInt32BE(8)).toBe(0xffff_fff0)
  })

  it('sends bytes that are no frame', async () => {
    hit({ kind: 'garbage', bytes: Buffer.from('garbage!') })
    const bytes = new Promise<Buffer>((resolve) => client.raw.socket.once('data', resolve))
    client.send('create_loopback')
    expect((await bytes).toString('latin1', 0, 8)).toBe('garbage!')
  })

  it('answers under another id', async () => {
    hit({ kind: 'id', id: 61_234 })
    client.send('create_loopback')
    expect((await client.raw.next()).readUInt16BE(0)).toBe(61_234)
  })

  it('answers twice', async () => {
    hit({ kind: 'twice' })
    const context = client.send('create_loopback')
    const contexts = [await client.raw.next(), await client.raw.next()].map((body) => body.readUInt32BE(2))
    expect(contexts).toEqual([context, context])
  })

  it('puts events between details', async () => {
    simulator.faults.add({
      message: 'sw_interface_dump',
      effect: { kind: 'event', name: 'sw_interface_event', fields: { swIfIndex: 9 } },
    })
    await client.call('create_loopback')
    client.send('sw_interface_dump')
    const ids = (await client.raw.untilPing()).map((body) => body.readUInt16BE(0))
    const [event, details] = [client.raw.id('sw_interface_event'), client.raw.id('sw_interface_details')]
    expect(ids).toEqual([event, details, event, details])
  })

  it('hits the requests that it is for, and as often as it should', async () => {
    const fault = simulator.faults.add({
      message: 'show_version',
      connection: 1,
      after: 1,
      times: 2,
      effect: { kind: 'retval', retval: -1 },
    })
    await using other = await CallingClient.connect(simulator.path)
    const retvals: unknown[] = []
    for (let i = 0; i < 4; i++) retvals.push(await client.retval('show_version'))
    expect(retvals).toEqual([0, -1, -1, 0])
    expect(await other.retval('show_version')).toBe(0)
    expect(fault.hits).toBe(2)
  })

  it('ends when it is removed', async () => {
    {
      using fault = simulator.faults.add({ effect: { kind: 'retval', retval: -5 } })
      expect(fault.rule.effect).toMatchObject({ retval: -5 })
      expect(await client.retval('show_version')).toBe(-5)
    }
    expect(await client.retval('show_version')).toBe(0)
    simulator.faults.add({ effect: { kind: 'ignore' } })
    simulator.faults.clear()
    expect(await client.retval('show_version')).toBe(0)
  })
})

describe('the wire', () => {
  it('carries the same when every frame is split at every byte', async () => {
    simulator.wire = { chunk: 1 }
    expect(await client.call('show_version')).toMatchObject({ program: 'vpe' })
    expect(await client.dump('sw_interface_dump')).toHaveLength(1)
  })

  it('carries the same when frames are held back to be written together', async () => {
    simulator.wire = { coalesce: 100 }
    const sizes: number[] = []
    client.raw.socket.on('data', (chunk: Buffer) => sizes.push(chunk.length))
    for (let i = 1; i <= 150; i++) {
      client.raw.ping(i)
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (let i = 1; i <= 150; i++) expect((await client.raw.next()).readUInt32BE(2)).toBe(i)
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(34 * 10)
  })

  it('may have anything in the first bytes of a frame, behind strings and behind messages', async () => {
    await using hostile = await Simulator.start({ wire: HOSTILE_WIRE })
    await using one = await RawClient.connect(hostile.path)
    await using two = await CallingClient.connect(hostile.path)
    expect(one.table.map(({ name }) => name)).not.toEqual(two.raw.table.map(({ name }) => name))
    const reply = await one.create('again')
    expect(reply.readUInt32BE(2)).toBe(0xdead_beef)
    two.send('show_version')
    const body = await two.raw.next()
    expect(body.length).toBe(2 + 4 + 4 + 32 + 32 + 32 + 256 + 3)
    expect([...body.subarray(10, 16)]).toEqual([...Buffer.from('vpe'), 0, 0xa5, 0xa5])
    expect(two.decode('show_version_reply', body)).toMatchObject({ program: 'vpe' })
  })

  it('has a pointer in front, as VPP has, or zeros', async () => {
    expect(await pointer()).toEqual([0xc0, 0x34, 0x05, 0x30, 1, 0, 0, 0])
    simulator.wire = { pointer: 'zero' }
    expect(await pointer()).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('takes any bytes from a test', async () => {
    const bytes = new Promise<Buffer>((resolve) => client.raw.socket.once('data', resolve))
    simulator.sendRaw(1, Buffer.from('anything'))
    expect(String(await bytes)).toBe('anything')
  })
})
