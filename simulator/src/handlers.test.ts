import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RetvalError, SimulatorError } from './errors.ts'
import { versionOfRelease } from './options.ts'
import { Simulator } from './simulator.ts'
import { CallingClient, newestRelease } from './testing/calling-client.ts'

let simulator: Simulator
let client: CallingClient
const failures: unknown[] = []

beforeEach(async () => {
  failures.length = 0
  simulator = await Simulator.start({ onFailure: (error) => failures.push(error) })
  client = await CallingClient.connect(simulator.path)
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})

describe('a handler', () => {
  it('answers a request with the fields of its reply', async () => {
    simulator.on('show_version', () => ({ program: 'mine', version: '1.2' }))
    expect(await client.call('show_version')).toMatchObject({ retval: 0, program: 'mine', version: '1.2' })
  })

  it('answers a dump with its details, and a get with details and a reply', async () => {
    simulator.on('vxlan_tunnel_dump', () => [{ vni: 1 }, { vni: 2 }])
    simulator.on('map_domains_get', () => ({ details: [{ tag: 'a' }], reply: { retval: -1 } }))
    expect((await client.dump('vxlan_tunnel_dump')).map((it) => it['vni'])).toEqual([1, 2])
    const [details, reply] = await client.get('map_domains_get')
    expect([details.length, reply['retval']]).toEqual([1, -1])
  })

  it('is given the request and who asks', async () => {
    const seen: unknown[] = []
    simulator.on('cli_inband', (request, { message, connection, clientName, clientIndex, context }) => {
      seen.push([request['cmd'], message, connection, clientName, clientIndex, context])
      return { reply: 'done' }
    })
    const context = client.send('cli_inband', { cmd: 'hello' })
    expect(client.decode('cli_inband_reply', await client.raw.next())).toMatchObject({ reply: 'done' })
    expect(seen).toEqual([['hello', 'cli_inband', 1, 'calling', client.raw.clientIndex, context]])
  })

  it('may return nothing, and nothing is sent', async () => {
    simulator.on('show_version', () => undefined)
    client.send('show_version')
    expect(await client.raw.untilPing()).toEqual([])
  })

  it('may send more than one reply, or other messages first', async () => {
    simulator.on('show_version', (_request, context) => {
      context.send('sw_interface_event', { swIfIndex: 7 })
      return [{ version: 'one' }, { version: 'two' }]
    })
    client.send('show_version')
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex: 7 })
    const versions = [await client.event('show_version_reply'), await client.event('show_version_reply')]
    expect(versions.map((it) => it['version'])).toEqual(['one', 'two'])
  })

  it('may have the request carried out, and change the answer', async () => {
    simulator.on('create_loopback', async (_request, context) => ({
      ...((await context.builtIn()) as object),
      swIfIndex: 99,
    }))
    expect(await client.call('create_loopback')).toMatchObject({ retval: 0, swIfIndex: 99 })
    expect(simulator.model.interfaces.byName('loop0')).toBeDefined()
  })

  it('keeps later requests of its client waiting, not those of others', async () => {
    const held = new EventEmitter()
    simulator.on('show_version', async () => {
      await once(held, 'released')
      return { version: 'late' }
    })
    client.send('show_version')
    client.raw.ping(5)
    await using other = await CallingClient.connect(simulator.path)
    expect(await other.raw.untilPing()).toEqual([])
    held.emit('released')
    expect(client.decode('show_version_reply', await client.raw.next())).toMatchObject({ version: 'late' })
    expect((await client.raw.next()).readUInt32BE(2)).toBe(5)
  })

  it('refuses with a RetvalError', async () => {
    simulator.on('show_version', () => {
      throw new RetvalError('UNIMPLEMENTED')
    })
    expect(await client.retval('show_version')).toBe(-9)
    expect(failures).toEqual([])
  })

  it.each([
    ['throws', () => Promise.reject(new Error('oops'))],
    ['gives back what is not a reply', () => ({ nonsense: 1 })],
  ])('that %s makes the reply say -1, and the failure is told', async (_what, handler) => {
    simulator.on('show_version', handler)
    expect(await client.retval('show_version')).toBe(-1)
    expect(failures).toHaveLength(1)
  })

  it('can be taken away again', async () => {
    const remove = simulator.on('show_version', () => ({ version: 'mine' }))
    remove()
    expect((await client.call('show_version'))['version']).toBe(versionOfRelease())
  })

  it('by class gets instances of the class', async () => {
    const ShowVersion = newestRelease().schema.message('show_version')
    let request: unknown
    simulator.on(ShowVersion, (it) => {
      request = it
      return { version: 'typed' }
    })
    expect((await client.call('show_version'))['version']).toBe('typed')
    expect(request).toBeInstanceOf(ShowVersion)
  })

  it('cannot be given for a message that is not there, or that has another layout', () => {
    expect(() => simulator.on('nothing', () => ({}))).toThrow(SimulatorError)
    const { descriptor } = newestRelease().schema.message('show_version')
    const other = { descriptor: { ...descriptor, crc: '00000000' } }
    expect(() => simulator.on(other as never, () => ({}))).toThrow(
      /CRC 00000000 in the bindings and 51077d14/,
    )
  })
})

describe('what the simulator has no model of', () => {
  it('is refused with -9, and dumps are empty', async () => {
    expect(await client.retval('wireguard_interface_create')).toBe(-9)
    expect(await client.dump('wireguard_interface_dump')).toEqual([])
    expect(await client.get('map_domains_get')).toEqual([[], expect.objectContaining({ retval: 0 })])
    expect(await client.call('abf_plugin_get_version')).toEqual({ major: 0, minor: 0 })
  })

  it('succeeds, or gets no answer, when it is told so', async () => {
    await using lenient = await Simulator.start({ unmodelled: 'succeed' })
    await using one = await CallingClient.connect(lenient.path)
    expect(await one.retval('wireguard_interface_create')).toBe(0)
    await using silent = await Simulator.start({ unmodelled: 'ignore' })
    await using two = await CallingClient.connect(silent.path)
    two.send('wireguard_interface_create')
    expect(await two.raw.untilPing()).toEqual([])
  })
})

describe('the request log', () => {
  it('has what was asked', async () => {
    const next = simulator.requests.next('create_loopback')
    await client.call('create_loopback', { macAddress: '02:00:00:00:00:09' })
    expect((await next).request).toMatchObject({ macAddress: '02:00:00:00:00:09' })
    expect(simulator.requests.count('create_loopback')).toBe(1)
    expect([...simulator.requests].map(({ message }) => message)).toEqual([
      'sockclnt_create',
      'create_loopback',
    ])
  })
})

function want(enableDisable: number): Promise<unknown> {
  return client.retval('want_interface_events', { enableDisable, pid: 42 })
}

describe('events', () => {
  it('come to those who want them, with their handle and pid', async () => {
    expect(await want(1)).toBe(0)
    expect(await client.retval('create_loopback')).toBe(0)
    const event = await client.raw.next()
    expect(event.readUInt32BE(2)).toBe(client.raw.clientIndex)
    expect(client.decode('sw_interface_event', event)).toMatchObject({
      pid: 42,
      swIfIndex: 1,
      flags: 0,
      deleted: false,
    })
  })

  it('cannot be wanted twice, nor given up twice', async () => {
    expect([await want(1), await want(1), await want(0), await want(0)]).toEqual([0, -31, 0, -31])
  })

  it('of any kind can be wanted', async () => {
    expect(await client.retval('want_bfd_events', { enableDisable: true })).toBe(0)
    expect(await client.retval('want_bfd_events', { enableDisable: true })).toBe(-31)
    expect(simulator.sendEvent('bfd_udp_session_event', { state: 1 })).toBe(1)
    expect(await client.event('bfd_udp_session_event')).toMatchObject({ state: 1 })
  })

  it('can be sent to one client that has not asked', async () => {
    expect(simulator.sendEvent('sw_interface_event', {}, { connection: 1 })).toBe(1)
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex: 0 })
    expect(simulator.sendEvent('sw_interface_event', {}, { connection: 77 })).toBe(0)
    expect(() => simulator.sendEvent('nothing')).toThrow(SimulatorError)
  })

  it('end with the connection; the next client with the handle gets none', async () => {
    await want(1)
    await client[Symbol.asyncDispose]()
    while (simulator.clients.length > 0) await new Promise((resolve) => setImmediate(resolve))
    await using next = await CallingClient.connect(simulator.path)
    expect(simulator.sendEvent('sw_interface_event', {})).toBe(0)
    expect(await next.raw.untilPing()).toEqual([])
  })

  it('follow what a test does to the model', async () => {
    await want(1)
    const { swIfIndex } = simulator.model.interfaces.add({
      name: 'eth0',
      devType: 'dpdk',
      mac: '02:00:00:00:00:01',
    })
    const event = async (): Promise<unknown[]> => {
      const { flags, deleted } = await client.event('sw_interface_event')
      return [flags, deleted]
    }
    expect(await event()).toEqual([0, false])
    simulator.model.interfaces.setAdminUp(swIfIndex, true)
    expect(await event()).toEqual([1, false])
    // Only what changed is told: the interface is still up.
    simulator.model.interfaces.setLinkUp(swIfIndex, true)
    expect(await event()).toEqual([2, false])
    simulator.model.interfaces.delete(swIfIndex)
    expect(await event()).toEqual([0, true])
  })

  it('of one round become one for each interface', async () => {
    await want(1)
    const { interfaces } = simulator.model
    const { swIfIndex } = interfaces.add({ name: 'eth0', devType: 'dpdk', mac: '02:00:00:00:00:01' })
    for (const up of [true, false]) interfaces.setAdminUp(swIfIndex, up)
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex, flags: 1 })
    expect(await client.raw.untilPing()).toEqual([])
  })

  it('wait for the answer of a handler that takes its time', async () => {
    await want(1)
    let finish = (): void => undefined
    const finished = new Promise<void>((resolve) => (finish = resolve))
    simulator.on('create_loopback', async (_request, context) => {
      const answer = await context.builtIn()
      await finished
      return answer
    })
    client.send('create_loopback')
    await simulator.requests.next('create_loopback')
    simulator.sendEvent('sw_interface_event', { swIfIndex: 77 })
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex: 77 })
    finish()
    expect(client.decode('create_loopback_reply', await client.raw.next())).toMatchObject({ swIfIndex: 1 })
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex: 1 })
  })
})
