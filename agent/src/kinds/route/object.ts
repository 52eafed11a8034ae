import { FibPathNhProto, FibPathType } from '@vpp-ts/binapi-fib-types'
import { IpClient, type IpRouteV2Details } from '@vpp-ts/binapi-ip'
import { VppApiError, type RequestOf } from '@vpp-ts/runtime'
import { BITS, canonicalAddress, canonicalPrefix, familyOf, type Family } from '../../model/ip.ts'
import { Turns } from '../../model/turns.ts'
import {
  NONE,
  interfaceId,
  type Actual,
  type Desired,
  type ObjectDescriptor,
  type Vpp,
} from '../descriptor.ts'
import { tableId, type TableValue } from '../table/object.ts'
import type { RoutePath } from './schema.ts'
import { ROUTE_MESSAGES } from './messages.ts'

/** A route. */
export interface RouteValue {
  readonly table: number
  readonly prefix: string
  readonly paths: readonly RoutePath[]
  readonly drop: boolean
  /** The interface of a path was deleted: VPP keeps the route, shows it unchanged, and drops its packets. */
  readonly dead?: boolean
}

type WirePath = IpRouteV2Details['route']['paths'][number]

const PROTO = {
  4: FibPathNhProto.FIB_API_PATH_NH_PROTO_IP4,
  6: FibPathNhProto.FIB_API_PATH_NH_PROTO_IP6,
} as const
const { FIB_API_PATH_TYPE_NORMAL: NORMAL, FIB_API_PATH_TYPE_DROP: DROP } = FibPathType

/** Routes. The agent is a source of routes of its own, so that those of others are apart even where they meet. */
export const routeObject: ObjectDescriptor<RouteValue> = {
  kind: 'route',
  messages: ROUTE_MESSAGES,
  leaf: true,
  lost: (value) => ({ ...value, dead: true }),
  itemsOf: ({ key }) => [{ kind: 'route', key }],
  lookAfter: ['interface', 'table'],

  dependsOn({ table, prefix, paths }) {
    const ids: string[] = []
    const id = tableId(familyOf(prefix), table)
    if (id !== undefined) ids.push(id)
    for (const { interface: name } of paths) if (name !== undefined) ids.push(interfaceId(name))
    return ids
  },

  async look(vpp, wanted, { foreign }) {
    const source = await vpp.routeSource()
    if (source === undefined && !foreign) return []
    const found: Actual<RouteValue>[] = []
    const turns = new Turns()
    for (const { value } of vpp.of<TableValue>('table')) {
      const dump = vpp.client(IpClient).ipRouteV2Dump({
        table: { tableId: value.table, isIp6: value.family === 6 },
        src: foreign ? 0 : (source ?? 0),
      })
      for await (const { route } of dump) {
        const actual = readRoute(vpp, route, value.family, source)
        found.push(sharedWith(wanted.desired('route', actual.key), actual))
        if (turns.over) await turns.next()
      }
    }
    return found
  },

  compare(wanted, has) {
    // Adding a route again does not revive it.
    if (has.dead === true || has.paths.some((path) => path.interface?.startsWith('~') === true))
      return 'replace'
    return isSameRoute(wanted, has) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  update: (vpp, { value }) => addDel(vpp, value, true),

  remove: (vpp, { value }) => addDel(vpp, value, false),

  /** VPP takes a route of a source that comes after another one's, and shows only that of the other. */
  async verify(vpp, { value }) {
    try {
      const request = { tableId: value.table, prefix: value.prefix, exact: 1 }
      const { route } = await vpp.client(IpClient).ipRouteLookupV2(request)
      const has = readRoute(vpp, route, familyOf(value.prefix), await vpp.routeSource())
      return has.foreign !== true && isSameRoute(value, has.value)
    } catch (error) {
      if (error instanceof VppApiError) return false
      throw error
    }
  },
}

function readRoute(
  vpp: Vpp,
  { tableId: table, prefix: wirePrefix, paths, src }: IpRouteV2Details['route'],
  family: Family,
  source: number | undefined,
): Actual<RouteValue> {
  const prefix = canonicalPrefix(String(wirePrefix)) ?? String(wirePrefix)
  const drop = paths.length > 0 && paths.every((path) => path.type === DROP)
  const read = drop ? [] : paths.map((path) => readPath(vpp, path, family))
  const value = { table, prefix, paths: normalPaths(read, prefix), drop }
  const object = { kind: 'route', key: `${table}/${prefix}`, value }
  return src === source ? object : { ...object, foreign: true }
}

/** What is as desired has the same value in memory, since there may be a million of them. */
function sharedWith(
  desired: Desired<RouteValue> | undefined,
  actual: Actual<RouteValue>,
): Actual<RouteValue> {
  if (desired === undefined || actual.foreign === true || !isSameRoute(desired.value, actual.value))
    return actual
  return desired
}

function isSameRoute(a: RouteValue, b: RouteValue): boolean {
  if (a === b) return true
  return (
    a.table === b.table &&
    a.prefix === b.prefix &&
    a.drop === b.drop &&
    a.paths.length === b.paths.length &&
    a.paths.every((path, index) => isSamePath(path, b.paths[index]))
  )
}

function isSamePath(a: RoutePath, b: RoutePath | undefined): boolean {
  return (
    a.nextHop === b?.nextHop &&
    a.interface === b?.interface &&
    a.weight === b?.weight &&
    a.preference === b.preference
  )
}

/**
 * Paths as they are compared: VPP keeps an order of its own, and tells the address of a host route as the next hop of
 * a path that has an interface only.
 */
export function normalPaths(paths: readonly RoutePath[], prefix: string): readonly RoutePath[] {
  const host = hostOf(prefix)
  const plain = paths.some((path) => isOnLink(path, host))
    ? paths.map((path) => (isOnLink(path, host) ? withoutNextHop(path) : path))
    : paths
  if (plain.length < 2) return plain
  return plain
    .map(({ nextHop, interface: name, weight, preference }) => ({
      nextHop,
      interface: name,
      weight,
      preference,
    }))
    .map((path) => ({ path, text: JSON.stringify(path) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ path }) => path)
}

/** Address of a host route; undefined for other prefixes. */
function hostOf(prefix: string): string | undefined {
  const slash = prefix.lastIndexOf('/')
  return Number(prefix.slice(slash + 1)) === BITS[familyOf(prefix)] ? prefix.slice(0, slash) : undefined
}

function isOnLink({ nextHop, interface: name }: RoutePath, host: string | undefined): boolean {
  return host !== undefined && name !== undefined && nextHop === host
}

function withoutNextHop({ interface: name, weight, preference }: RoutePath): RoutePath {
  return { interface: name, weight, preference }
}

function readPath(vpp: Vpp, path: WirePath, family: Family): RoutePath {
  const { weight, preference, swIfIndex, nh } = path
  const address = family === 4 ? String(nh.address.ip4) : String(nh.address.ip6)
  const nextHop = address === '0.0.0.0' || address === '::' ? undefined : canonicalAddress(address)
  const name = swIfIndex === NONE ? undefined : vpp.interfaceName(swIfIndex)
  return {
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(name === undefined ? {} : { interface: name }),
    weight,
    preference,
  }
}

function writePath(vpp: Vpp, path: RoutePath, family: Family, table: number): RequestOf<WirePath> {
  const { nextHop, interface: name, weight, preference } = path
  return {
    swIfIndex: name === undefined ? NONE : vpp.indexOf('interface', name),
    tableId: name === undefined ? table : 0,
    weight,
    preference,
    type: NORMAL,
    proto: PROTO[family],
    ...(nextHop === undefined ? {} : { nh: { address: nextHop } }),
  }
}

function pathsFor(vpp: Vpp, value: RouteValue, family: Family): RequestOf<WirePath>[] {
  if (value.drop) return [{ swIfIndex: NONE, weight: 1, type: DROP, proto: PROTO[family] }]
  return value.paths.map((path) => writePath(vpp, path, family, value.table))
}

async function addDel(vpp: Vpp, value: RouteValue, isAdd: boolean): Promise<void> {
  const src = await vpp.makeRouteSource()
  await vpp.client(IpClient).ipRouteAddDelV2({
    isAdd,
    isMultipath: false,
    route: {
      tableId: value.table,
      prefix: value.prefix,
      src,
      // A source's route goes as a whole when no paths are named.
      paths: isAdd ? pathsFor(vpp, value, familyOf(value.prefix)) : [],
    },
  })
}
