import { FibClient } from '@vpp-ts/binapi-fib'
import { FibPathType } from '@vpp-ts/binapi-fib-types'
import { IpClient, type IpRouteV2Details } from '@vpp-ts/binapi-ip'
import { VppApiError, type RequestOf } from '@vpp-ts/runtime'
import { canonicalPrefix, familyOf, type Family } from '../../model/ip.ts'
import { NONE, interfaceId, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { tableId, type TableValue } from '../table/object.ts'
import { findDead } from './dead-paths.ts'
import { NORMAL, PROTO, normalPaths, readPath, writePath, type WirePath } from './path.ts'
import type { RoutePath } from './schema.ts'
import { ROUTE_MESSAGES } from './messages.ts'
import type { RouteValue } from './value.ts'

/** Milliseconds that a busy VPP may take before and between the routes of a table: it may have a million. */
const LONGEST_PAUSE = 30_000
/** Routes of a look that are handed on at a time. */
const AT_A_TIME = 256
/** Types of paths that say what becomes of packets that are not forwarded. */
const TYPES = {
  drop: FibPathType.FIB_API_PATH_TYPE_DROP,
  unreachable: FibPathType.FIB_API_PATH_TYPE_ICMP_UNREACH,
  prohibit: FibPathType.FIB_API_PATH_TYPE_ICMP_PROHIBIT,
  local: FibPathType.FIB_API_PATH_TYPE_LOCAL,
} as const

/** Routes. The agent has its own source of routes, so that foreign routes stay separate even for the same prefix. */
export const routeObject: ObjectDescriptor<RouteValue> = {
  kind: 'route',
  messages: ROUTE_MESSAGES,
  leaf: true,
  adoptable: true,
  lost: (value) => ({ ...value, dead: true }),
  findLost: findDead,
  itemsOf: ({ key }) => [{ kind: 'route', key }],
  lookAfter: ['interface', 'table'],

  dependsOn({ table, prefix, paths }) {
    const ids: string[] = []
    const id = tableId(familyOf(prefix), table)
    if (id !== undefined) ids.push(id)
    for (const path of paths) {
      if (path.interface !== undefined) ids.push(interfaceId(path.interface))
      const other = path.table === undefined ? undefined : tableId(familyOf(prefix), path.table)
      if (other !== undefined) ids.push(other)
    }
    return ids
  },

  async *look(vpp, wanted, { foreign }) {
    const source = await vpp.routeSource()
    const adopts = wanted.hasMade('route') ? await adoptableSources(vpp) : new Set<number>()
    // The agent's own last: of a prefix that several sources have, that is the one which counts.
    const sources = [...adopts, ...(source === undefined ? [] : [source])]
    for (const { value } of vpp.of<TableValue>('table')) {
      for (const src of foreign ? [ALL_SOURCES] : sources) {
        const dump = vpp
          .client(IpClient)
          .ipRouteV2Dump(
            { table: { tableId: value.table, isIp6: value.family === 6 }, src },
            { timeout: LONGEST_PAUSE },
          )
        const known: KnownPaths = new Map()
        let some: Actual<RouteValue>[] = []
        for await (const { route } of dump) {
          const it = readRoute(vpp, route, value.family, source, known)
          const isAdopted =
            it.foreign === true && adopts.has(route.src) && wanted.made('route', it.key) === true
          if (isAdopted) some.push({ ...it, foreign: false, value: { ...it.value, source: route.src } })
          else if (foreign || src === source) some.push(it)
          if (some.length < AT_A_TIME) continue
          yield some
          some = []
        }
        yield some
      }
    }
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

  async update(vpp, { value }, { value: { source } }) {
    await addDel(vpp, value, true)
    // What was taken over is the agent's own from now on.
    if (source !== undefined) await addDel(vpp, value, false, source)
  },

  remove: (vpp, { value }) => addDel(vpp, value, false, value.source),

  /** VPP takes a route of a source that comes after another one's, and shows only that of the other. */
  async verify(vpp, { value }) {
    try {
      const request = { tableId: value.table, prefix: value.prefix, exact: 1 }
      const { route } = await vpp.client(IpClient).ipRouteLookupV2(request)
      const has = readRoute(vpp, route, familyOf(value.prefix), await vpp.routeSource(), new Map())
      return has.foreign !== true && isSameRoute(value, has.value)
    } catch (error) {
      if (error instanceof VppApiError) return false
      throw error
    }
  },
}

/** Of the routes of one table: lists of one path by its next hop, with what VPP reports of it. A full table has a million routes over a few hundred next hops. */
type KnownPaths = Map<string, { readonly told: WirePath; readonly list: readonly RoutePath[] }[]>

const NO_PATHS: readonly RoutePath[] = []

function readPaths(
  vpp: Vpp,
  paths: readonly WirePath[],
  family: Family,
  table: number,
  known: KnownPaths,
): readonly RoutePath[] {
  const [path] = paths
  if (path === undefined || paths.length > 1 || path.nLabels > 0) {
    return paths.map((it) => readPath(vpp, it, family, table))
  }
  const { weight, preference, swIfIndex, tableId: of, nh } = path
  const address = String(family === 4 ? nh.address.ip4 : nh.address.ip6)
  const alike = known.get(address) ?? []
  for (const { told, list } of alike) {
    const isSame =
      told.swIfIndex === swIfIndex &&
      told.tableId === of &&
      told.weight === weight &&
      told.preference === preference
    if (isSame) return list
  }
  const list = [readPath(vpp, path, family, table)]
  alike.push({ told: path, list })
  known.set(address, alike)
  return list
}

function readRoute(
  vpp: Vpp,
  { tableId: table, prefix: wirePrefix, paths, src }: IpRouteV2Details['route'],
  family: Family,
  source: number | undefined,
  known: KnownPaths,
): Actual<RouteValue> {
  const text = String(wirePrefix)
  const prefix = canonicalPrefix(text) ?? text
  const action = actionOf(paths)
  const read = action === 'forward' ? readPaths(vpp, paths, family, table, known) : NO_PATHS
  const value: RouteValue = { table, prefix, paths: normalPaths(read, prefix, table), action }
  const object = { kind: 'route', key: [table, prefix].join('/'), value }
  return src === source ? object : { ...object, foreign: true }
}

/** What becomes of packets, where all paths say the same. */
function actionOf(paths: readonly WirePath[]): RouteValue['action'] {
  const [first] = paths
  if (first === undefined || first.type === NORMAL || paths.some(({ type }) => type !== first.type))
    return 'forward'
  const names = Object.keys(TYPES) as (keyof typeof TYPES)[]
  return names.find((name) => TYPES[name] === first.type) ?? 'forward'
}

function isSameRoute(a: RouteValue, b: RouteValue): boolean {
  if (a === b) return true
  return (
    a.table === b.table && a.prefix === b.prefix && a.action === b.action && isSamePaths(a.paths, b.paths)
  )
}

function isSamePaths(a: readonly RoutePath[], b: readonly RoutePath[]): boolean {
  return a === b || (a.length === b.length && a.every((path, index) => isSamePath(path, b[index])))
}

function isSamePath(a: RoutePath, b: RoutePath | undefined): boolean {
  return (
    a.nextHop === b?.nextHop &&
    a.interface === b?.interface &&
    a.table === b?.table &&
    a.weight === b?.weight &&
    a.preference === b.preference &&
    isSameLabels(a.labels, b.labels)
  )
}

function isSameLabels(a: RoutePath['labels'], b: RoutePath['labels']): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function pathsFor(vpp: Vpp, value: RouteValue, family: Family): RequestOf<WirePath>[] {
  const { action } = value
  if (action !== 'forward') return [{ swIfIndex: NONE, weight: 1, type: TYPES[action], proto: PROTO[family] }]
  return value.paths.map((path) => writePath(vpp, path, family, value.table))
}

/** Sources of routes that were added manually, and are not kept by a daemon or feature of VPP. */
const ADOPTABLE: ReadonlySet<string> = new Set(['API', 'CLI'])
/** Of every source. */
const ALL_SOURCES = 0

async function adoptableSources(vpp: Vpp): Promise<ReadonlySet<number>> {
  const sources = await vpp.client(FibClient).fibSourceDump().toArray()
  return new Set(sources.filter(({ src }) => ADOPTABLE.has(src.name)).map(({ src }) => src.id))
}

async function addDel(vpp: Vpp, value: RouteValue, isAdd: boolean, source?: number): Promise<void> {
  const src = source ?? (await vpp.makeRouteSource())
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
