import { getuid } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterfaceClient, type SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection, type ConnectionState, type EventStream } from '@vpp-ts/runtime'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

const binary = vppBinary

if (binary === undefined) {
  console.warn('VPP is not killed, paused and restarted: VPP_BINARY names no VPP that this suite may start')
}

if (getuid?.() !== 0) console.warn('no VPP is restarted under the same pid: that takes root')

describe.runIf(binary !== undefined)('a real VPP that is killed, paused and restarted', () => {
  let process: VppProcess
  let vpp: VppConnection

  beforeAll(async () => {
    process = await VppProcess.start(binary ?? '', vppPlugins)
    vpp = VppConnection.managed(process.apiSocket, {
      reconnect: { initialDelay: 20, maximumDelay: 200 },
      health: { probeInterval: 100, timeout: 50, threshold: 1 },
    })
    await vpp.ready()
  }, 60_000)
  afterAll(async () => {
    await vpp.close()
    await process[Symbol.asyncDispose]()
  })

  async function reach(status: ConnectionState['status']): Promise<ConnectionState> {
    for await (const state of vpp.states()) if (state.status === status) return state
    throw new Error(`closed before ${status}`)
  }

  it('SIGSTOP makes it not-responding, SIGCONT brings it back, and the call gets its reply', async () => {
    process.signal('SIGSTOP')
    const call = new VpeClient(vpp).showVersion({}, { timeout: 30_000 })
    await reach('not-responding')
    process.signal('SIGCONT')
    await reach('connected')
    expect((await call).program).toBe('vpe')
  })

  it('kill -9 fails calls under way; after the restart calls and events work as before', async () => {
    const interfaces = new InterfaceClient(vpp)
    const events = interfaces.swInterfaceEvents()
    await events.ready
    process.signal('SIGSTOP')
    const calls = Array.from({ length: 100 }, () => new VpeClient(vpp).showVersion({}, { timeout: 30_000 }))
    const settled = Promise.allSettled(calls)
    const before = vpp.pid
    await process.kill('SIGKILL')
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'VPP_CONNECTION_LOST' } })
    }
    const waiting = new VpeClient(vpp).showVersion({}, { timeout: 60_000 })
    await process.launch()
    expect((await waiting).program).toBe('vpe')
    expect(await reach('connected')).toMatchObject({ reason: 'restarted' })
    expect(vpp.pid).not.toBe(before)

    const { swIfIndex } = await interfaces.createLoopback({})
    await interfaces.swInterfaceSetFlags({ swIfIndex, flags: IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP })
    expect(await first(events)).toMatchObject({ swIfIndex })
    await events.close()
    await interfaces.deleteLoopback({ swIfIndex })
  })

  it('killed in the middle of a dump of 20,000 routes, the dump rejects and nothing is left', async () => {
    const interfaces = new InterfaceClient(vpp)
    const ip = new IpClient(vpp)
    const { swIfIndex } = await interfaces.createLoopback({})
    await interfaces.swInterfaceSetFlags({ swIfIndex, flags: IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP })
    await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
    const routes = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`)
    await Promise.all(
      routes.map((prefix) =>
        ip.ipRouteAddDel(
          { route: { prefix, paths: [{ swIfIndex, nh: { address: '192.0.2.2' } }] } },
          { timeout: 60_000 },
        ),
      ),
    )
    let seen = 0
    const read = async () => {
      for await (const details of ip.ipRouteDump({ table: {} })) {
        if (details.route.prefix !== '' && ++seen === 100) process.signal('SIGSTOP')
        if (seen === 100) void process.kill('SIGKILL')
      }
    }
    const result = await read().then(
      () => 'complete',
      (error: { code: string }) => error.code,
    )
    expect(['complete', 'VPP_CONNECTION_LOST']).toContain(result)
    expect(seen).toBeGreaterThanOrEqual(100)
    await reach('disconnected')
    expect(vpp.metrics.inFlight).toBe(0)
    await process.launch()
    await vpp.ready()
  })

  it.runIf(getuid?.() === 0)('a VPP that starts again under the same pid is another one', async () => {
    await using contained = await VppProcess.start(binary ?? '', vppPlugins, { ownPids: true })
    const seen: string[] = []
    await using connection = VppConnection.managed(contained.apiSocket, {
      reconnect: { initialDelay: 20, maximumDelay: 200 },
      prepare: ({ reason, pid, previousPid }) => {
        seen.push(`${reason} ${previousPid} ${pid}`)
        return Promise.resolve()
      },
    })
    await connection.ready()
    await contained.kill('SIGKILL')
    for await (const { status } of connection.states()) if (status === 'disconnected') break
    await contained.launch()
    await connection.ready()
    expect(seen).toEqual(['first 0 1', 'restarted 1 1'])
    expect(connection.state).toMatchObject({ status: 'connected', pid: 1, reason: 'restarted' })
  })

  it('200 clients that come and go leave VPP idle', async () => {
    for (let i = 0; i < 200; i++) {
      await using client = await VppConnection.connect(process.apiSocket)
      const events = new InterfaceClient(client).swInterfaceEvents()
      await events.ready
      await new MemclntClient(client).controlPing()
    }
    expect((await new VpeClient(vpp).showVersion()).retval).toBe(0)
  })
})

async function first(events: EventStream<SwInterfaceEvent>): Promise<SwInterfaceEvent | undefined> {
  for await (const event of events) return event
  return undefined
}
