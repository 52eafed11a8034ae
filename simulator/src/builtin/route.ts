import { RetvalError } from '../errors.ts'
import { normalPrefix } from '../model/fib-table.ts'
import { SOURCE } from '../model/fib-sources.ts'
import { familyOf, parsePrefix } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import type { Route } from '../model/route.ts'
import type { Model } from '../model/model.ts'
import type { BuiltIns } from './built-in.ts'
import { NONE, orRefuse } from './built-in.ts'
import type { WirePath } from './path.ts'
import { readPath, writePath } from './path.ts'

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
