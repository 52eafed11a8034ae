import { RetvalError } from '../errors.ts'
import type { Mroute, MroutePath } from '../model/mroutes.ts'
import type { Family } from '../model/prefix.ts'
import type { BuiltIns } from './built-in.ts'
import { NONE, orRefuse } from './built-in.ts'

type Address = Readonly<Record<'ip4' | 'ip6', string>>

interface WireRoute {
  readonly tableId: number
  readonly entryFlags: number
  readonly rpfId: number
  readonly prefix: {
    readonly af: number
    readonly grpAddressLength: number
    readonly grpAddress: Address
    readonly srcAddress: Address
  }
  readonly paths: readonly MroutePath[]
}

function textOf(address: Address, family: Family): string {
  return family === 4 ? address.ip4 : address.ip6
}

function readRoute({ tableId, entryFlags, rpfId, prefix, paths }: WireRoute): Mroute {
  const family = prefix.af === 0 ? 4 : 6
  const group = textOf(prefix.grpAddress, family)
  const source = textOf(prefix.srcAddress, family)
  return { tableId, family, group, groupLength: prefix.grpAddressLength, source, entryFlags, rpfId, paths }
}

function detailsOf(it: Mroute): object {
  const key = it.family === 4 ? 'ip4' : 'ip6'
  const prefix = {
    af: it.family === 4 ? 0 : 1,
    grpAddressLength: it.groupLength,
    grpAddress: { [key]: it.group },
    srcAddress: { [key]: it.source },
  }
  // VPP tells neither flags nor RPF id.
  return { route: { tableId: it.tableId, prefix, nPaths: it.paths.length, paths: it.paths } }
}

/** Multicast routes. */
export const mroute: BuiltIns = {
  ip_mtable_dump: (_request, { model: { fib } }) =>
    fib.tables().map(({ tableId, family }) => ({ table: { tableId, isIp6: family === 6 } })),

  // VPP does not look at `is_multipath`.
  ip_mroute_add_del: ({ isAdd, route }: { isAdd: boolean; route: WireRoute }, { model }) =>
    orRefuse({ statsIndex: NONE }, () => {
      const changed = readRoute(route)
      model.fib.table(changed.family, changed.tableId)
      for (const { path } of changed.paths) {
        if (path.swIfIndex !== NONE && model.interfaces.find(path.swIfIndex) === undefined)
          throw new RetvalError('NO_MATCHING_INTERFACE')
      }
      const counted = isAdd ? model.mroutes.add(changed) : model.mroutes.remove(changed)
      return { statsIndex: counted ? 0 : NONE }
    }),

  ip_mroute_dump: ({ table }: { table: { tableId: number; isIp6: boolean } }, { model }) =>
    [...model.mroutes.of(table.isIp6 ? 6 : 4, table.tableId)].map(detailsOf),
}
