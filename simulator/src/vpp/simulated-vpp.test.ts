import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemif } from '@vpp-ts/memif'
import { echoAnswer, echoRequest } from '@vpp-ts/memif/net'
import { StatsClient } from '@vpp-ts/stats'
import { versionOfRelease } from '../options.ts'
import { CallingClient } from '../testing/calling-client.ts'
import { SimulatedVpp } from './simulated-vpp.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-simulated-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Text from a connection until it ends with `end`. */
async function until(socket: Socket, end: string): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString('latin1')
    if (text.endsWith(end)) return text
  }
  return text
}

function terminal(name: string): Buffer {
  return Buffer.from([255, 250, 24, 0, ...Buffer.from(name), 255, 240])
}

/** One command, as vppctl runs it. */
async function vppctl(path: string, command: string): Promise<string> {
  const socket = connect(path)
  socket.write(Buffer.concat([terminal('vppctl'), Buffer.from(`${command}\n\0`)]))
  const text = await until(socket, '\0')
  socket.write('quit\n')
  await until(socket, 'never')
  return text.slice(text.indexOf('\xf0', text.indexOf('\x1f\x01')) + 1, -1)
}

describe('a whole VPP in one directory', () => {
  it('shows the same interfaces and counters everywhere, and lets slots be used again', async () => {
    await using vpp = await SimulatedVpp.start({ dir: folder, workers: 2, updateInterval: 3600 })
    await using client = await CallingClient.connect(vpp.apiSocket)
    await using stats = await StatsClient.connect(vpp.statsSocket)
    const names = async (): Promise<(string | undefined)[]> =>
      (await stats.interfaces()).map(({ name }) => name)

    await client.call('create_loopback')
    expect(await names()).toEqual(['local0', 'loop0'])
    expect(await client.retval('sw_interface_set_interface_name', { swIfIndex: 1, name: 'wan' })).toBe(0)
    expect(await names()).toEqual(['local0', 'wan'])

    vpp.simulator.model.traffic.add({
      swIfIndex: 1,
      counter: 'rx',
      packetsPerSecond: 10,
      packetSize: 64,
      thread: 2,
    })
    vpp.tick(5)
    const [, wan] = await stats.interfaces()
    expect(wan?.rx).toEqual({ packets: 50n, bytes: 3200n })
    expect(await vppctl(vpp.cliSocket, 'show interface wan')).toMatch(
      /rx packets +50\r\n.*rx bytes +3200\r\n/,
    )

    expect(await client.retval('delete_loopback', { swIfIndex: 1 })).toBe(0)
    expect(await client.call('create_loopback', { macAddress: '02:00:00:00:00:01' })).toMatchObject({
      swIfIndex: 1,
    })
    expect(await names()).toEqual(['local0', 'loop0'])
    expect((await stats.interfaces())[1]?.rx).toEqual({ packets: 0n, bytes: 0n })
  })

  it('tells the same of nodes and errors in stats and commands, and clears them as VPP does', async () => {
    await using vpp = await SimulatedVpp.start({ dir: folder, workers: 2, updateInterval: 3600 })
    await using stats = await StatsClient.connect(vpp.statsSocket)
    const { model } = vpp.simulator
    const calls = async (name: string) => (await stats.nodes()).find((it) => it.name === name)?.vectors
    const error = async (node: string) =>
      (await stats.errors()).filter((it) => it.node === node).map(({ reason, count }) => [reason, count])

    vpp.simulator.cli('create loopback interface')
    expect(await calls('loop0-tx')).toBeUndefined()
    model.traffic.add({ swIfIndex: 1, counter: 'tx', packetsPerSecond: 600, packetSize: 64, thread: 1 })
    model.traffic.add({
      swIfIndex: 1,
      counter: 'drops',
      packetsPerSecond: 2,
      thread: 2,
      error: { node: 'loop0-output', name: 'interface is down' },
    })
    vpp.tick(1)
    expect(await calls('loop0-tx')).toBe(600n)
    expect(await calls('error-drop')).toBe(2n)
    expect(await error('loop0-output')).toContainEqual(['interface is down', 2n])
    expect(await vppctl(vpp.cliSocket, 'show runtime')).toMatch(
      /loop0-tx +active +3 +600 +0 +1\.00e2 +200\.00\r\n/,
    )
    expect(await vppctl(vpp.cliSocket, 'show errors')).toMatch(
      /^   Count .*Severity \r\n +2 +loop0-output +interface is down +error {2}\r\n$/,
    )
    expect(await vppctl(vpp.cliSocket, 'show errors verbose')).toMatch(
      /Thread 2 \(vpp_wk_1.\):\r\n +2 +loop0-output .*Total:\r\n +2 +loop0-output/s,
    )

    await vppctl(vpp.cliSocket, 'clear errors')
    await vppctl(vpp.cliSocket, 'clear runtime')
    expect(await vppctl(vpp.cliSocket, 'show errors')).not.toContain('loop0')
    expect(await error('loop0-output')).toContainEqual(['interface is down', 2n])
    expect(await calls('loop0-tx')).toBe(600n)
    vpp.tick(0)
    expect(await calls('loop0-tx')).toBe(0n)

    model.interfaces.rename(1, 'wan')
    vpp.tick(0)
    expect(await calls('wan-tx')).toBe(0n)
    expect(await calls('loop0-tx')).toBeUndefined()
    model.interfaces.delete(1)
    expect(await error('loop0-output')).toEqual([])
    vpp.tick(0)
    expect(await calls('interface-1-tx-deleted')).toBe(0n)
  })

  it('has its memif interfaces on real sockets, in both roles', async () => {
    await using vpp = await SimulatedVpp.start({ dir: folder, updateInterval: 3600 })
    await using client = await CallingClient.connect(vpp.apiSocket)
    const { interfaces } = vpp.simulator.model
    const linkUp = (index: number, up: boolean) =>
      vi.waitFor(() => expect(interfaces.get(index).linkUp).toBe(up), 10_000)
    const create = { ringSize: 1024, bufferSize: 2048, rxQueues: 1, txQueues: 1 }

    // A master: others connect to memif.sock.
    await client.call('memif_create_v2', { ...create, role: 0, id: 7, secret: 'psst' })
    await client.call('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })
    await client.call('sw_interface_add_del_address', {
      isAdd: true,
      swIfIndex: 1,
      prefix: '192.0.2.1/24',
    })
    const socket = join(folder, 'memif.sock')
    await using host = createMemif({
      role: 'client',
      socket,
      id: 7,
      secret: 'psst',
      rxQueues: 2,
      txQueues: 2,
    })
    const { remote } = await host.ready()
    expect(remote).toMatchObject({ appName: `VPP ${versionOfRelease()}`, interfaceName: 'memif0/7' })
    await linkUp(1, true)
    const ends = { mac: '02:00:00:00:00:02', source: '192.0.2.2', destination: '192.0.2.1' }
    const request = echoRequest(ends, interfaces.get(1).mac, 9)
    await host.send([request, request.subarray(0, 20)], { queue: 1 })
    for await (const answer of host.packets()) {
      expect(echoAnswer(answer, ends)).toBe(9)
      break
    }
    await using stats = await StatsClient.connect(vpp.statsSocket)
    const [, counted] = await stats.interfaces()
    expect(counted).toMatchObject({ rx: { packets: 2n }, tx: { packets: 1n }, drops: 1n })
    await client.call('sw_interface_set_flags', { swIfIndex: 1, flags: 0 })
    await linkUp(1, false)
    const refused = createMemif({ role: 'server', socket: join(folder, 'other.sock') })
    expect(
      await client.retval('memif_socket_filename_add_del', {
        isAdd: true,
        socketId: 5,
        socketFilename: 'other.sock',
      }),
    ).toBe(0)
    expect(await client.retval('memif_create', { ...create, role: 0, socketId: 5 })).toBe(-14)
    refused.close()

    // A slave: connects while it is up, and notices that the server goes.
    await client.call('memif_socket_filename_add_del', {
      isAdd: true,
      socketId: 3,
      socketFilename: 'theirs.sock',
    })
    const { swIfIndex } = await client.call('memif_create', { ...create, role: 1, socketId: 3 })
    await client.call('sw_interface_set_flags', { swIfIndex, flags: 1 })
    const server = createMemif({ role: 'server', socket: join(folder, 'theirs.sock') })
    await server.ready()
    await linkUp(swIfIndex as number, true)
    const queuesOf = () =>
      vpp.simulator.model.hardware.placements().filter((it) => it.swIfIndex === swIfIndex).length
    expect(queuesOf()).toBe(1)
    // It stays connected when it goes down, and its peer does not notice.
    await client.call('sw_interface_set_flags', { swIfIndex, flags: 0 })
    expect([interfaces.get(swIfIndex as number).linkUp, server.connected, queuesOf()]).toEqual([
      false,
      true,
      1,
    ])
    await client.call('sw_interface_set_flags', { swIfIndex, flags: 1 })
    expect(interfaces.get(swIfIndex as number).linkUp).toBe(true)
    server.close()
    await linkUp(swIfIndex as number, false)
  })

  it('prompts and echoes for people, and says quit', async () => {
    await using vpp = await SimulatedVpp.start({ dir: folder })
    const socket = connect(vpp.cliSocket)
    socket.write(terminal('xterm'))
    expect(await until(socket, 'vpp# ')).toMatch(/\rvpp# $/)
    socket.write('show versiom\x7fn\r')
    expect(await until(socket, 'vpp# ')).toMatch(/^show versiom[\b] [\b]n\r\nvpp v26\.06.*\r\nvpp# $/s)
    socket.write('no such thing\n')
    expect(await until(socket, 'vpp# ')).toContain('unknown input')
    socket.write('quit\n')
    expect(await until(socket, 'never')).toBe('quit\r\n')
  })

  it('comes back in the same directory as another process, and leaves nothing when it ends', async () => {
    const vpp = await SimulatedVpp.start({ dir: join(folder, 'a', 'b') })
    vpp.simulator.cli('create loopback interface')
    const pid = vpp.simulator.pid
    await vpp.restart()
    expect(vpp.simulator.pid).not.toBe(pid)
    {
      await using stats = await StatsClient.connect(vpp.statsSocket)
      expect((await stats.interfaces()).map(({ name }) => name)).toEqual(['local0'])
    }
    expect(await vppctl(vpp.cliSocket, 'show version')).toContain('vpp v26.06')
    await vpp.close()
    for (const path of [vpp.apiSocket, vpp.statsSocket, vpp.cliSocket]) expect(existsSync(path)).toBe(false)
  })
})
