import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRelease } from './release/folder.ts'
import { Release } from './release/release.ts'
import { Simulator } from './simulator.ts'
import { CallingClient } from './testing/calling-client.ts'
import { RawClient } from './testing/raw-client.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-simulator-'))
})
afterEach(() => rm(folder, { recursive: true }))

const refusal = (path: string): Promise<unknown> =>
  RawClient.open(path).then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => error.code,
  )

describe('starting', () => {
  it('makes up a path when it is given none', async () => {
    await using simulator = await Simulator.start()
    expect(existsSync(simulator.path)).toBe(true)
  })

  it('takes over a socket that nobody listens on', async () => {
    const path = join(folder, 'api.sock')
    await (await Simulator.start({ path })).stop()
    expect(existsSync(path)).toBe(true)
    await using simulator = await Simulator.start({ path })
    await using client = await RawClient.connect(simulator.path)
    expect(await client.untilPing()).toEqual([])
  })

  it('does not push another listener aside', async () => {
    const path = join(folder, 'api.sock')
    const other = createServer().listen(path)
    await once(other, 'listening')
    await expect(Simulator.start({ path })).rejects.toMatchObject({
      code: 'SIMULATOR_LISTEN',
      message: `somebody listens on ${path} already`,
    })
    other.close()
  })

  it('refuses a path that is not a socket, and one in no folder', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(Simulator.start({ path: file })).rejects.toThrow(/is not a socket/)
    await expect(Simulator.start({ path: join(folder, 'no', 'api.sock') })).rejects.toMatchObject({
      code: 'SIMULATOR_LISTEN',
    })
  })

  it('serves any release, or the definitions of a folder', async () => {
    await using old = await Simulator.start({ release: '24.10' })
    await using client = await CallingClient.connect(old.path, new Release(loadRelease('24.10')))
    expect((await client.call('show_version'))['version']).toBe('24.10.0-release')
    await expect(Simulator.start({ release: '1.0' })).rejects.toMatchObject({ code: 'SIMULATOR_RELEASE' })
    await expect(Simulator.start({ apiDir: folder })).rejects.toThrow(/has no files/)
  })
})

describe('definitions that are broken', () => {
  const source = loadRelease('26.06')
  const header = [
    ['u16', '_vl_msg_id'],
    ['u32', 'client_index'],
    ['u32', 'context'],
  ]
  const document = {
    module: 'odd',
    messages: [
      ['odd_call', ...header, { crc: '0x00000001' }],
      [
        'odd_call_reply',
        ['u16', '_vl_msg_id'],
        ['u32', 'context'],
        ['vl_api_none_t', 'x'],
        { crc: '0x00000002' },
      ],
      ['odder', ...header, ['vl_api_none_t', 'x'], { crc: '0x00000003' }],
      ['odder_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], { crc: '0x00000004' }],
    ],
    services: { odd_call: { reply: 'odd_call_reply' }, odder: { reply: 'odder_reply' } },
  }

  it('leave those messages without an answer, and nothing else', async () => {
    const failures: string[] = []
    await using simulator = await Simulator.start({
      source: { release: 'odd', modules: [...source.modules, { name: 'odd', document }] },
      onFailure: (_error, message) => failures.push(message),
    })
    simulator.on('odd_call', () => ({ x: 1 }))
    await using client = await RawClient.connect(simulator.path)
    client.request('odd_call', 1)
    client.request('odder', 2, Buffer.alloc(10))
    expect(await client.untilPing()).toEqual([])
    expect(failures).toEqual(['odd_call', 'odd_call'])
  })
})

describe('ending', () => {
  it('closes all connections and removes the socket, once or twice', async () => {
    const simulator = await Simulator.start({ path: join(folder, 'api.sock') })
    const client = await RawClient.connect(simulator.path)
    await Promise.all([simulator.close(), simulator.close()])
    await client.closed()
    expect(existsSync(simulator.path)).toBe(false)
    expect(await refusal(simulator.path)).toBe('ENOENT')
    await expect(simulator.restart()).rejects.toMatchObject({ code: 'SIMULATOR_STATE' })
  })

  it('like a VPP that died leaves the file behind, and clients are refused', async () => {
    const simulator = await Simulator.start({ path: join(folder, 'api.sock') })
    const client = await RawClient.connect(simulator.path)
    await simulator.stop()
    await client.closed()
    expect(await refusal(simulator.path)).toBe('ECONNREFUSED')
    await simulator.close()
  })

  it('does not wait for what is delayed', async () => {
    const simulator = await Simulator.start()
    simulator.faults.add({ effect: { kind: 'delay', milliseconds: 3_600_000 }, message: 'control_ping' })
    const client = await RawClient.connect(simulator.path)
    const asked = simulator.requests.next('control_ping')
    client.ping(1)
    await asked
    await simulator.close()
    await client.closed()
  })
})

describe('restarting', () => {
  it('comes back as another process with other ids and without its state', async () => {
    await using simulator = await Simulator.start({ path: join(folder, 'api.sock') })
    const before = await CallingClient.connect(simulator.path)
    await before.call('create_loopback')
    const { vpePid } = await before.call('control_ping')
    await simulator.restart()
    await before.raw.closed()
    await using after = await CallingClient.connect(simulator.path)
    expect(after.raw.id('show_version')).not.toBe(before.raw.id('show_version'))
    expect((await after.call('control_ping'))['vpePid']).not.toBe(vpePid)
    expect(await after.dump('sw_interface_dump')).toHaveLength(1)
  })

  it('keeps the clients of the new process when it hears late of the end of old ones', async () => {
    await using simulator = await Simulator.start()
    const before = await CallingClient.connect(simulator.path)
    before.raw.socket.destroy()
    await simulator.restart()
    await using after = await CallingClient.connect(simulator.path)
    expect(await after.retval('show_version')).toBe(0)
    expect(simulator.clients).toHaveLength(1)
  })

  it('can keep ids and state', async () => {
    await using simulator = await Simulator.start()
    const before = await CallingClient.connect(simulator.path)
    await before.call('create_loopback')
    await simulator.restart({ renumber: false, keepModel: true })
    await using after = await CallingClient.connect(simulator.path)
    expect(after.raw.id('show_version')).toBe(before.raw.id('show_version'))
    expect(await after.dump('sw_interface_dump')).toHaveLength(2)
  })

  it('can come back as another release; handlers stay', async () => {
    await using simulator = await Simulator.start()
    simulator.on('show_version', () => ({ version: 'mine' }))
    await simulator.restart({ release: '25.02', downtime: 5 })
    expect(simulator.release).toBe('25.02')
    await using client = await CallingClient.connect(simulator.path, new Release(loadRelease('25.02')))
    expect((await client.call('show_version'))['version']).toBe('mine')
    await simulator.restart()
    expect(simulator.release).toBe('25.02')
  })

  it('makes no client hear of events of the life before', async () => {
    await using simulator = await Simulator.start()
    const { model } = simulator
    await simulator.restart()
    await using client = await CallingClient.connect(simulator.path)
    await client.call('want_interface_events', { enableDisable: 1 })
    model.interfaces.add({ name: 'old', devType: 'x' })
    expect(await client.raw.untilPing()).toEqual([])
  })
})

describe('pausing', () => {
  it('lets clients connect and leaves them without an answer until it goes on', async () => {
    await using simulator = await Simulator.start()
    await using client = await CallingClient.connect(simulator.path)
    simulator.pause()
    client.raw.ping(1)
    await using late = await RawClient.open(simulator.path)
    const created = late.create('late')
    expect(simulator.requests.count('control_ping')).toBe(0)
    simulator.resume()
    expect((await client.raw.next()).readUInt32BE(2)).toBe(1)
    expect((await created).readUInt16BE(0)).toBe(16)
  })
})

describe('many simulators', () => {
  it('run side by side and share nothing', async () => {
    const simulators = await Promise.all(Array.from({ length: 20 }, () => Simulator.start()))
    const clients = await Promise.all(simulators.map(({ path }) => CallingClient.connect(path)))
    await Promise.all(clients.slice(0, 10).map((client) => client.call('create_loopback')))
    const counts = await Promise.all(clients.map((client) => client.dump('sw_interface_dump')))
    expect(counts.map((it) => it.length)).toEqual([
      ...Array<number>(10).fill(2),
      ...Array<number>(10).fill(1),
    ])
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()))
    await Promise.all(simulators.map((simulator) => simulator.close()))
  })
})
