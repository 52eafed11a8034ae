import { expect, it } from 'vitest'
import { buildModel } from '../../model/build.ts'
import { loadSchema } from '../../input/load.ts'
import { bundled, tempFolder } from '../../testing/folder.ts'
import { findUsage } from './usage.ts'

/**
 * A program whose own names look like those of VPP's API: methods of a wrapper, of a database and of a cache, texts of log
 * lines and of states. What it really uses is in few places, and some of these have other names.
 */
const PROGRAM = {
  'vpp/clients.ts': `import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient as Routes } from '@vpp-ts/binapi-ip'
import { L2Client } from '@vpp-ts/binapi-l2'

type Vpp = ConstructorParameters<typeof Routes>[0]

export const clientsOf = (vpp: Vpp) => ({
  interfaces: new InterfaceClient(vpp),
  routes: new Routes(vpp),
  bridges: new L2Client(vpp),
})
export type Clients = ReturnType<typeof clientsOf>
export * as ip from '@vpp-ts/binapi-ip'
`,
  'vpp/routes.ts': `import type { Clients } from './clients.js'
import { ip } from './clients.js'

const common = { isMultipath: false }

/** The program's own way to routes: named as VPP's messages, and no use of them but where it calls them. */
export class RouteTable {
  readonly #clients: Clients
  constructor(clients: Clients) {
    this.#clients = clients
  }
  async ipRouteAddDel(prefix: string, swIfIndex: number) {
    const { routes } = this.#clients
    const add = routes.ipRouteAddDel.bind(routes)
    await add({ ...common, route: { prefix, paths: [{ swIfIndex }] } })
  }
  ipRouteV2Dump(): string[] {
    return []
  }
  ipTableAddDel(name: string) {
    return name
  }
  request(prefix: string) {
    return new ip.IpRouteLookup({ prefix })
  }
}
`,
  'db.ts': `/** Rows of the program's own database. */
export interface Rows {
  ipTableDump(): Promise<string[]>
  swInterfaceSetFlags(row: number, flags: number): void
  bridgeDomainAddDel(name: string): void
}
export const states = { bridge_domain_dump: 'ready', l2_flags: 'set' }
export const cache = { swInterfaceGetTable: (id: number) => id, l2Flags: (value: number) => value }
`,
  'main.ts': `import { cache, states, type Rows } from './db.js'
import { clientsOf, type Clients } from './vpp/clients.js'
import { RouteTable } from './vpp/routes.js'

export async function main(vpp: Parameters<typeof clientsOf>[0], rows: Rows, log: (text: string) => void) {
  const clients = clientsOf(vpp)
  const table = new RouteTable(clients)
  for await (const { interfaceName, swIfIndex } of clients.interfaces.swInterfaceDump({ nameFilter: 'host-' })) {
    rows.swInterfaceSetFlags(cache.swInterfaceGetTable(swIfIndex), cache.l2Flags(1))
    log(interfaceName)
    await table.ipRouteAddDel('10.0.0.0/8', swIfIndex)
  }
  rows.bridgeDomainAddDel(table.ipTableAddDel('blue'))
  await bridges(clients)
  return [states.bridge_domain_dump, states.l2_flags, await rows.ipTableDump(), table.ipRouteV2Dump()]
}

async function bridges({ bridges: l2 }: Pick<Clients, 'bridges'>) {
  await l2['bridgeDomainAddDelV2']({ bdId: 1, isAdd: true })
}
`,
}

const USED = [
  'bridge_domain_add_del_v2',
  'bridge_domain_add_del_v2_reply',
  'ip_route_add_del',
  'ip_route_add_del_reply',
  'ip_route_lookup',
  'sw_interface_details',
  'sw_interface_dump',
]

it('a program whose names look like messages raises no false alarm, and nothing is missed', async () => {
  const model = buildModel(await loadSchema({ input: bundled('26.06') }))
  const { messages, fields } = await findUsage(tempFolder(PROGRAM), [model])
  expect([...messages.keys()].toSorted()).toEqual(USED)
  expect([...fields.keys()].toSorted()).toEqual([
    'bridge_domain_add_del_v2.bd_id',
    'bridge_domain_add_del_v2.is_add',
    'fib_path.sw_if_index',
    'ip_route.paths',
    'ip_route.prefix',
    'ip_route_add_del.is_multipath',
    'ip_route_add_del.route',
    'ip_route_lookup.prefix',
    'sw_interface_details.interface_name',
    'sw_interface_details.sw_if_index',
    'sw_interface_dump.name_filter',
  ])
})
