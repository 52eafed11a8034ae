import { AclClient } from '@vpp-ts/binapi-acl'
import { FibClient } from '@vpp-ts/binapi-fib'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { IpNeighborClient } from '@vpp-ts/binapi-ip-neighbor'
import { L2Client } from '@vpp-ts/binapi-l2'
import { MemifClient } from '@vpp-ts/binapi-memif'
import { Nat44EdClient } from '@vpp-ts/binapi-nat44-ed'
import { Tapv2Client } from '@vpp-ts/binapi-tapv2'
import type { RpcConnection } from '@vpp-ts/runtime'
import type { Clients, Vpp, Wanted } from '../kinds/handler.ts'
import { handlerOf } from '../kinds/handlers.ts'
import { MARK } from '../kinds/mark.ts'
import type { Kind } from '../kinds/object.ts'
import { Snapshot } from '../kinds/snapshot.ts'

/** Priority of the agent's routes: that of VPP's own API clients. */
const ROUTE_PRIORITY = 0x80

/** Kinds whose dumps name interfaces or access lists, by the kinds that must have been looked at before. */
const ROUNDS: readonly (readonly Kind[])[] = [
  ['table', 'memif-socket', 'bridge-domain', 'acl', 'nat44-static'],
  ['interface'],
  ['address', 'bridge-member', 'acl-binding', 'neighbour'],
]

/** What to look at. */
export interface LookOptions {
  /** What is known of routes, and is not looked at again; undefined to look at them. */
  readonly routesOf?: Snapshot | undefined
  /** Look at routes of others too. Default false. */
  readonly foreignRoutes?: boolean | undefined
}

/** Looks at all that VPP has. Rejects with a VppError when it cannot be asked. */
export async function look(
  connection: RpcConnection,
  wanted: Wanted,
  { routesOf, foreignRoutes = false }: LookOptions = {},
): Promise<Vpp> {
  const vpp = new ConnectedVpp(connection)
  for (const round of ROUNDS) {
    await Promise.all(round.map((kind) => lookAt(vpp, kind, wanted, foreignRoutes)))
  }
  if (routesOf === undefined) await lookAt(vpp, 'route', wanted, foreignRoutes)
  else vpp.snapshot.replace('route', routesOf.of('route'))
  return vpp
}

async function lookAt(vpp: Vpp, kind: Kind, wanted: Wanted, foreign: boolean): Promise<void> {
  vpp.snapshot.replace(kind, await handlerOf(kind).look(vpp, wanted, foreign))
}

class ConnectedVpp implements Vpp {
  readonly snapshot = new Snapshot()
  readonly clients: Clients
  #fibSource: Promise<number> | undefined

  constructor(connection: RpcConnection) {
    this.clients = {
      acl: new AclClient(connection),
      fib: new FibClient(connection),
      interface: new InterfaceClient(connection),
      ip: new IpClient(connection),
      neighbour: new IpNeighborClient(connection),
      l2: new L2Client(connection),
      memif: new MemifClient(connection),
      nat44: new Nat44EdClient(connection),
      tap: new Tapv2Client(connection),
    }
  }

  fibSource(): Promise<number> {
    this.#fibSource ??= this.#findFibSource()
    return this.#fibSource
  }

  /** VPP would add another of the same name, and has room for 255. */
  async #findFibSource(): Promise<number> {
    const sources = await this.clients.fib.fibSourceDump().toArray()
    const known = sources.find(({ src }) => src.name === MARK)
    if (known !== undefined) return known.src.id
    const src = { name: MARK, priority: ROUTE_PRIORITY, id: 0 }
    return (await this.clients.fib.fibSourceAdd({ src })).id
  }
}
