import type { IpRouteV2Details } from '@vpp-ts/binapi-ip'
import type { RequestOf } from '@vpp-ts/runtime'
import { canonicalAddress, canonicalPrefix, familyOf, type Family } from '../../model/ip.ts'
import type { RoutePath } from './schema.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { interfaceId, objectId, type Actual, type Desired, type RouteValue } from '../object.ts'

/** `FIB_API_PATH_TYPE_…` */
const NORMAL = 0
const DROP = 2
/** `FIB_API_PATH_NH_PROTO_…` */
const PROTO = { 4: 0, 6: 1 } as const

type WirePath = IpRouteV2Details['route']['paths'][number]

/** Routes. The agent is a source of routes of its own, so that those of others are apart even where they meet. */
export const route: Handler<'route'> = {
  async look(vpp, wanted, foreign) {
    const source = await vpp.fibSource()
    const names = vpp.snapshot.interfaceNames()
    const found: Actual<'route'>[] = []
    for (const { value } of vpp.snapshot.of('table')) {
      const dump = vpp.clients.ip.ipRouteV2Dump({
        table: { tableId: value.table, isIp6: value.family === 6 },
        src: foreign ? 0 : source,
      })
      for await (const { route } of dump) {
        const prefix = canonicalPrefix(String(route.prefix)) ?? String(route.prefix)
        const actual = toActual(route, prefix, value.family, route.src === source, names)
        found.push(sharedWith(wanted.desired('route', actual.key), actual))
      }
    }
    return found
  },

  compare: ({ value }, { value: has }) => (isSameRoute(value, has) ? 'same' : 'update'),

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  async update(vpp, { value }) {
    await addDel(vpp, value, true)
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

function toActual(
  { tableId: table, paths }: IpRouteV2Details['route'],
  prefix: string,
  family: Family,
  owned: boolean,
  names: ReadonlyMap<number, string>,
): Actual<'route'> {
  const drop = paths.length > 0 && paths.every((path) => path.type === DROP)
  const value = {
    table,
    prefix,
    paths: drop ? [] : sortPaths(paths.map((path) => readPath(path, family, names))),
    drop,
  }
  return { kind: 'route', key: `${table}/${prefix}`, owned, value, refs: routeRefs(value) }
}

/** What is as it is to be has the same value in memory, since there may be a million of them. */
function sharedWith(desired: Desired<'route'> | undefined, actual: Actual<'route'>): Actual<'route'> {
  if (desired === undefined || !isSameRoute(desired.value, actual.value)) return actual
  const { kind, key, value, refs } = desired
  return { kind, key, owned: actual.owned, value, refs }
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

/** Ids of what a route stands on. */
export function routeRefs({ table, prefix, paths }: RouteValue): string[] {
  const refs = table === 0 ? [] : [objectId('table', `${familyOf(prefix)}/${table}`)]
  for (const { interface: name } of paths) if (name !== undefined) refs.push(interfaceId(name))
  return refs
}

/** Paths in the order that they are compared in; VPP keeps an order of its own. */
export function sortPaths(paths: readonly RoutePath[]): RoutePath[] {
  if (paths.length < 2) return [...paths]
  return paths
    .map((path) => ({ path, text: JSON.stringify(path) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ path }) => path)
}

function readPath(path: WirePath, family: Family, names: ReadonlyMap<number, string>): RoutePath {
  const { weight, preference, swIfIndex, nh } = path
  const address = family === 4 ? String(nh.address.ip4) : String(nh.address.ip6)
  const nextHop = address === '0.0.0.0' || address === '::' ? undefined : canonicalAddress(address)
  const name = swIfIndex === NONE ? undefined : (names.get(swIfIndex) ?? `~${swIfIndex}`)
  return {
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(name === undefined ? {} : { interface: name }),
    weight,
    preference,
  }
}

function writePath(
  path: RoutePath,
  family: Family,
  table: number,
  snapshot: Vpp['snapshot'],
): RequestOf<WirePath> {
  const { nextHop, interface: name, weight, preference } = path
  return {
    swIfIndex: name === undefined ? NONE : (snapshot.swIfIndex(name) ?? 0),
    tableId: name === undefined ? table : 0,
    weight,
    preference,
    type: NORMAL,
    proto: PROTO[family],
    ...(nextHop === undefined ? {} : { nh: { address: nextHop } }),
  }
}

async function addDel(vpp: Vpp, value: RouteValue, isAdd: boolean): Promise<void> {
  const family = familyOf(value.prefix)
  const paths = value.drop
    ? [{ swIfIndex: NONE, weight: 1, type: DROP, proto: PROTO[family] }]
    : value.paths.map((path) => writePath(path, family, value.table, vpp.snapshot))
  await vpp.clients.ip.ipRouteAddDelV2({
    isAdd,
    isMultipath: false,
    // A source's route goes as a whole when no paths are named.
    route: {
      tableId: value.table,
      prefix: value.prefix,
      src: await vpp.fibSource(),
      paths: isAdd ? paths : [],
    },
  })
}
