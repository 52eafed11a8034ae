import type { MplsRoute } from '../model/mpls.ts'
import type { MplsTunnel } from '../model/mpls-tunnels.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'
import type { WirePath } from './path.ts'
import { readPath, writePath } from './path.ts'

interface WireRoute {
  readonly mrTableId: number
  readonly mrLabel: number
  readonly mrEos: number
  readonly mrEosProto: number
  readonly mrPaths: readonly WirePath[]
}

/** `DPO_PROTO_MPLS`: what is behind a label that is not the last one. */
const MPLS = 2

function detailsOf({ tableId, label, endOfStack, payload, paths }: MplsRoute): object {
  const mrPaths = paths.map(writePath)
  return {
    mrRoute: { mrTableId: tableId, mrLabel: label, mrEos: endOfStack ? 1 : 0, mrEosProto: payload, mrPaths },
  }
}

interface WireTunnel {
  readonly mtSwIfIndex: number
  readonly mtL2Only: boolean
  readonly mtIsMulticast: boolean
  readonly mtTag: string
  readonly mtPaths: readonly WirePath[]
}

function tunnelDetailsOf({ swIfIndex, tunnelIndex, l2Only, isMulticast, tag, paths }: MplsTunnel): object {
  return {
    mtTunnel: {
      mtSwIfIndex: swIfIndex,
      mtTunnelIndex: tunnelIndex,
      mtL2Only: l2Only,
      mtIsMulticast: isMulticast,
      mtTag: tag,
      mtPaths: paths.map(writePath),
    },
  }
}

/** MPLS: tables, routes, interfaces, tunnels. */
export const mpls: BuiltIns = {
  mpls_table_add_del: (
    { mtIsAdd, mtTable }: { mtIsAdd: boolean; mtTable: { mtTableId: number; mtName: string } },
    { model },
  ) => {
    if (mtIsAdd) model.mpls.addTable(mtTable.mtTableId, mtTable.mtName)
    else model.mpls.deleteTable(mtTable.mtTableId)
    return DONE
  },

  mpls_table_dump: (_request, { model }) =>
    model.mpls.tables().map(({ tableId, name }) => ({ mtTable: { mtTableId: tableId, mtName: name } })),

  sw_interface_set_mpls_enable: (
    { swIfIndex, enable }: { swIfIndex: number; enable: boolean },
    { model },
  ) => {
    model.mpls.enable(swIfIndex, enable)
    return DONE
  },

  mpls_interface_dump: (request: { swIfIndex: number }, { model }) =>
    (request.swIfIndex === NONE
      ? model.mpls.enabled()
      : [request.swIfIndex].filter((it) => model.mpls.isEnabled(it))
    ).map((swIfIndex) => ({ swIfIndex })),

  mpls_route_add_del: (
    request: { mrIsAdd: boolean; mrIsMultipath: boolean; mrRoute: WireRoute },
    { model },
  ) =>
    orRefuse({ statsIndex: NONE }, () => {
      const { mrTableId, mrLabel: label, mrEos, mrEosProto, mrPaths } = request.mrRoute
      const endOfStack = mrEos !== 0
      model.mpls.check(mrTableId)
      const paths = mrPaths.map((path) => readPath(path, model))
      const payload = endOfStack ? mrEosProto : MPLS
      const change = { label, endOfStack, payload, paths, multipath: request.mrIsMultipath }
      if (request.mrIsAdd) return { statsIndex: model.mpls.addRoute(mrTableId, change).statsIndex }
      model.mpls.removeRoute(mrTableId, change)
      return { statsIndex: NONE }
    }),

  mpls_route_dump: ({ table }: { table: { mtTableId: number } }, { model }) =>
    [...(model.mpls.find(table.mtTableId)?.routes.values() ?? [])]
      .sort((a, b) => a.label - b.label || Number(b.endOfStack) - Number(a.endOfStack))
      .map(detailsOf),

  mpls_tunnel_add_del: (request: { mtIsAdd: boolean; mtTunnel: WireTunnel }, { model }) =>
    orRefuse({ swIfIndex: NONE, tunnelIndex: NONE }, () => {
      const { mtSwIfIndex, mtL2Only: l2Only, mtIsMulticast: isMulticast, mtTag: tag } = request.mtTunnel
      const paths = request.mtTunnel.mtPaths.map((path) => readPath(path, model))
      const { mplsTunnels } = model
      const swIfIndex =
        request.mtIsAdd && mtSwIfIndex === NONE
          ? mplsTunnels.add({ l2Only, isMulticast, tag }).swIfIndex
          : mtSwIfIndex
      const tunnelIndex = mplsTunnels.find(swIfIndex)?.tunnelIndex ?? NONE
      if (request.mtIsAdd) mplsTunnels.addPaths(swIfIndex, paths)
      else mplsTunnels.removePaths(swIfIndex, paths)
      return { swIfIndex, tunnelIndex }
    }),

  mpls_tunnel_dump: (request: { swIfIndex: number }, { model }) =>
    [...model.mplsTunnels]
      .filter(({ swIfIndex }) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
      .map(tunnelDetailsOf),
}
