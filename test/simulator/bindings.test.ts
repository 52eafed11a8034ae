import { once } from 'node:events'
import { NONE, VppConnection } from '@vpp-ts/runtime'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient, IpRouteAddDel } from '@vpp-ts/binapi-ip'
import { MapClient, MapDomainsGet } from '@vpp-ts/binapi-map'
import { ShowVersion, VpeClient } from '@vpp-ts/binapi-vpe'
import { WireguardClient, WireguardInterfaceCreate } from '@vpp-ts/binapi-wireguard'
import { RetvalError, Simulator } from '@vpp-ts/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let simulator: Simulator
let vpp: VppConnection
beforeEach(async () => {
  simulator = await Simulator.start()
  vpp = await VppConnection.connect(simulator.path)
})
afterEach(async () => {
  await vpp.close()
  await simulator.close()
})

describe('with generated bindings, a test', () => {
  it('answers requests by class, and gets instances of it', async () => {
    const seen: WireguardInterfaceCreate[] = []
    simulator.on(WireguardInterfaceCreate, (request) => {
      seen.push(request)
      return { swIfIndex: request.interface.port + 1 }
    })
    const client = new WireguardClient(vpp)
    const { swIfIndex } = await client.wireguardInterfaceCreate({
      interface: { swIfIndex: NONE, port: 51_820 },
    })
    expect(swIfIndex).toBe(51_821)
    expect(seen[0]).toBeInstanceOf(WireguardInterfaceCreate)
  })

  it('changes what the simulator would answer', async () => {
    simulator.on(ShowVersion, async (_request, context) => ({ ...(await context.builtIn()), version: '1.2' }))
    expect(await new VpeClient(vpp).showVersion()).toMatchObject({ program: 'vpe', version: '1.2' })
  })

  it('refuses a request', async () => {
    simulator.on(IpRouteAddDel, () => {
      throw new RetvalError('NO_SUCH_ENTRY')
    })
    const call = new IpClient(vpp).ipRouteAddDel({ route: { prefix: '10.0.0.0/8' } })
    await expect(call).rejects.toMatchObject({ code: 'VPP_API_ERROR', retval: -6 })
  })

  it('answers a get in pages, which the client puts together', async () => {
    await using paged = await Simulator.start({ pageSize: 7 })
    await using connection = await VppConnection.connect(paged.path)
    paged.on(MapDomainsGet, () => Array.from({ length: 100 }, (_, domainIndex) => ({ domainIndex })))
    const domains = await new MapClient(connection).mapDomainsGet().toArray()
    expect(domains.map((it) => it.domainIndex)).toEqual(Array.from({ length: 100 }, (_, index) => index))
    expect(paged.requests.count('map_domains_get')).toBe(15)
  })

  it('sees what was asked, and changes the state behind the client', async () => {
    const interfaces = new InterfaceClient(vpp)
    const events = interfaces.swInterfaceEvents()
    await events.ready
    const asked = simulator.requests.next('create_loopback')
    const { swIfIndex } = await interfaces.createLoopback({ macAddress: '02:00:00:00:00:09' })
    expect((await asked).request).toMatchObject({ macAddress: '02:00:00:00:00:09' })
    simulator.model.interfaces.delete(swIfIndex)
    const seen: boolean[] = []
    for await (const event of events) {
      seen.push(event.deleted)
      if (event.deleted) break
    }
    expect(seen).toEqual([false, true])
  })

  it('breaks the connection in the middle of an answer', async () => {
    simulator.faults.add({ message: 'show_version', effect: { kind: 'cut', bytes: 100 } })
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
  })

  it('exits on its own: nothing of a simulator keeps the process alive', async () => {
    const { spawn } = await import('node:child_process')
    const program = `
      import { Simulator } from '@vpp-ts/simulator'
      const simulator = await Simulator.start()
      simulator.faults.add({ effect: { kind: 'delay', milliseconds: 1e9 } })
      await simulator.restart()
      await simulator.close()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
    })
    expect((await once(child, 'exit'))[0]).toBe(0)
  })
})
