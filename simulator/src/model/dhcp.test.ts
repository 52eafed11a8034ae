import { afterEach, beforeEach, expect, it } from 'vitest'
import { Simulator } from '../simulator.ts'
import { CallingClient } from '../testing/calling-client.ts'

let simulator: Simulator
let client: CallingClient
beforeEach(async () => {
  simulator = await Simulator.start()
  client = await CallingClient.connect(simulator.path)
  await client.call('create_loopback')
  await client.call('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})

const asked = { swIfIndex: 1, hostname: 'router', wantDhcpEvent: true, pid: 77 }
const lease = { address: '192.0.2.5/24', router: '192.0.2.1', servers: ['192.0.2.53'] }

async function prefixes(): Promise<unknown[]> {
  const details = await client.dump('ip_route_v2_dump', { table: { tableId: 0 } })
  return details.map(({ route }) => route as { prefix: string; src: number }).map((it) => it.prefix + it.src)
}

it('a lease sets address and default route, tells the client, and takes all of it back', async () => {
  expect(await client.retval('dhcp_client_config', { isAdd: true, client: asked })).toBe(0)
  simulator.model.dhcp.grant(1, lease)
  const event = await client.raw.next()
  expect(client.nameOf(event)).toBe('dhcp_compl_event')
  expect(client.decode('dhcp_compl_event', event)).toMatchObject({
    pid: 77,
    lease: {
      swIfIndex: 1,
      state: 2,
      maskWidth: 24,
      hostAddress: '192.0.2.5',
      routerAddress: '192.0.2.1',
      domainServer: [{ address: '192.0.2.53' }],
    },
  })
  expect(simulator.model.interfaces.get(1).addresses).toEqual(['192.0.2.5/24'])
  expect(await prefixes()).toContain('0.0.0.0/012')
  const [details] = await client.dump('dhcp_client_dump')
  expect(details).toMatchObject({ client: { hostname: 'router' }, lease: { hostAddress: '192.0.2.5' } })

  expect(await client.retval('dhcp_client_config', { isAdd: false, client: asked })).toBe(0)
  expect(simulator.model.interfaces.get(1).addresses).toEqual([])
  expect(await prefixes()).not.toContain('0.0.0.0/012')
  expect(await client.dump('dhcp_client_dump')).toEqual([])
})

it('a second lease takes the place of the first, and only an interface with a client gets one', async () => {
  expect(() => simulator.model.dhcp.grant(1, lease)).toThrow('-7')
  await client.call('dhcp_client_config', { isAdd: true, client: { ...asked, wantDhcpEvent: false } })
  simulator.model.dhcp.grant(1, lease)
  simulator.model.dhcp.grant(1, { address: '198.51.100.5/24' })
  expect(simulator.model.interfaces.get(1).addresses).toEqual(['198.51.100.5/24'])
  expect(await prefixes()).not.toContain('0.0.0.0/012')
})
