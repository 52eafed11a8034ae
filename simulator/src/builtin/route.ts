import { RetvalError } from '../errors.ts'
import { normalPrefix } from '../model/fib-table.ts'
import { SOURCE } from '../model/fib-sources.ts'
import { familyOf, parsePrefix } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import { PATH_TYPE, makePath } from '../model/route.ts'
import type { Path, PathLabel, Route } from '../model/route.ts'
import type { Model } from '../model/model.ts'
import type { BuiltIns } from './built-in.ts'
import { NONE, orRefuse } from './built-in.ts'

/** `FIB_API_PATH_NH_PROTO_IP6` */
const IP6 = 1

interface WirePath {
  readonly swIfIndex: number
  readonly tableId: number
  readonly weight: number
  readonly preference: number
  readonly type: number
  readonly flags: number
  readonly proto: number
  readonly nh: { readonly address: { readonly ip4: string; readonly ip6: string } }
  readonly nLabels: number
  readonly labelStack: readonly PathLabel[]
}

interface WireRoute {
  readonly tableId: number
  readonly prefix: string
  readonly paths: readonly WirePath[]
  /** Id of the source; not in the first version of the message. */
  readonly src?: number
}

interface AddDel {
  readonly isAdd: boolean
  readonly isMultipath: boolean
  readonly route: WireRoute
}

interface Lookup {
  readonly tableId: number
  readonly exact: number
  readonly prefix: string
}

interface OfTable {
  readonly table: { readonly tableId: number; readonly isIp6: boolean }
}

/** @throws RetvalError -54 for an unknown interface, -3 for an unknown table of the next hop */
function readPath(path: WirePath, { interfaces, fib }: Model): Path {
  const { swIfIndex, tableId, weight, preference, type, flags, proto, nh } = path
  const labels = path.labelStack.slice(0, path.nLabels)
  const common = { weight: weight === 0 ? 1 : weight, preference, type, flags, proto, labels }
  if (type === PATH_TYPE.LOCAL) return makePath({ ...common, swIfIndex })
  if (type !== PATH_TYPE.NORMAL) return makePath(common)
  if (swIfIndex !== NONE && interfaces.find(swIfIndex) === undefined) {
    throw new RetvalError('NO_MATCHING_INTERFACE')
  }
  const address = proto === IP6 ? nh.address.ip6 : nh.address.ip4
  const nextHop = address === '0.0.0.0' || address === '::' ? undefined : address
  if (swIfIndex === NONE) fib.table(proto === IP6 ? 6 : 4, tableId)
  return makePath({ ...common, swIfIndex, tableId, nextHop })
}

function writePath(path: Path): object {
  // VPP keeps no flags of a path that it could tell.
  const { swIfIndex, weight, preference, type, proto, nextHop, labels } = path
  return {
    swIfIndex,
    weight,
    preference,
    type,
    proto,
    ...(nextHop === undefined
      ? {}
      : { nh: { address: { [familyOf(nextHop) === 4 ? 'ip4' : 'ip6']: nextHop } } }),
    ...(labels.length === 0 ? {} : { nLabels: labels.length, labelStack: fullStack(labels) }),
  }
}

const LABELS = 16
const NO_LABEL: PathLabel = { isUniform: 0, label: 0, ttl: 0, exp: 0 }

function fullStack(labels: readonly PathLabel[]): PathLabel[] {
  return Array.from({ length: LABELS }, (_, index) => labels[index] ?? NO_LABEL)
}

function writeRoute(model: Model, family: Family, route: Route): object {
  const { tableId, shownPrefix: prefix } = route
  const statsIndex = model.fib.statsIndexOf(family, route)
  return { tableId, statsIndex, prefix, paths: model.fib.pathsInForce(family, route).map(writePath) }
}

function writeRouteV2(model: Model, family: Family, route: Route): object {
  return { ...writeRoute(model, family, route), src: route.contributions[0]?.source ?? 0 }
}

function addDel({ isAdd, isMultipath: multipath, route }: AddDel, model: Model, source: number): object {
  const { tableId, prefix } = route
  model.fib.table(familyOf(prefix), tableId)
  const paths = route.paths.map((path) => readPath(path, model))
  if (isAdd) return { statsIndex: model.fib.add(tableId, prefix, paths, { multipath, source }).statsIndex }
  model.fib.remove(tableId, prefix, paths, { multipath, source })
  return { statsIndex: NONE }
}

function lookup({ tableId, exact, prefix }: Lookup, { fib }: Model): [Family, Route] {
  const { family, length } = parsePrefix(prefix)
  const network = normalPrefix(prefix)
  const table = fib.table(family, tableId)
  const address = network.slice(0, network.indexOf('/'))
  const found = exact === 0 ? table.cover(address, length) : table.get(network)
  if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
  return [family, found]
}

/** Routes of both versions of the API. */
export const route: BuiltIns = {
  ip_route_add_del: (request: AddDel, { model }) =>
    orRefuse({ statsIndex: NONE }, () => addDel(request, model, SOURCE.API)),

  ip_route_add_del_v2: (request: AddDel, { model }) =>
    orRefuse({ statsIndex: NONE }, () => addDel(request, model, request.route.src || SOURCE.API)),

  *ip_route_dump({ table }: OfTable, { model }) {
    const family = table.isIp6 ? 6 : 4
    for (const it of model.fib.find(family, table.tableId) ?? [])
      yield { route: writeRoute(model, family, it) }
  },

  *ip_route_v2_dump({ table, src }: OfTable & { src: number }, { model }) {
    const family = table.isIp6 ? 6 : 4
    for (const it of model.fib.find(family, table.tableId) ?? []) {
      if (src === 0 || it.contributions[0]?.source === src) yield { route: writeRouteV2(model, family, it) }
    }
  },

  ip_route_lookup: (request: Lookup, { model }) => {
    const [family, found] = lookup(request, model)
    return { route: writeRoute(model, family, found) }
  },

  ip_route_lookup_v2: (request: Lookup, { model }) => {
    const [family, found] = lookup(request, model)
    return { route: writeRouteV2(model, family, found) }
  },
}
