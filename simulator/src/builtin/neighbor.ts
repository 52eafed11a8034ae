import type { NeighborEntry } from '../model/neighbors.ts'
import { familyOf } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'
import { isOn } from './subscribe.ts'

interface AddDel {
  readonly isAdd: boolean
  readonly neighbor: {
    readonly swIfIndex: number
    readonly flags: number
    readonly macAddress: string
    readonly ipAddress: string
  }
}

function family(af: number): Family {
  return af === 0 ? 4 : 6
}

function detailsOf({ since, swIfIndex, flags, macAddress, ipAddress }: NeighborEntry): object {
  const age = (performance.now() - since) / 1000
  return { age, neighbor: { swIfIndex, flags, macAddress, ipAddress } }
}

/** Neighbour events may be asked for again with another filter. */
const want: BuiltIn = (request: Record<string, unknown>, { subscriptions }, { clientIndex, entry }) => {
  for (const event of entry.service?.events ?? []) {
    const pid = Number(request['pid'])
    if (isOn(request['enable'])) subscriptions.replace(event, { clientIndex, pid, request })
    else subscriptions.remove(event, clientIndex)
  }
  return DONE
}

/** Neighbours of both families. */
export const neighbor: BuiltIns = {
  ip_neighbor_add_del: (request: AddDel, { model: { neighbors } }) =>
    orRefuse({ statsIndex: NONE }, () => {
      if (request.isAdd) return { statsIndex: neighbors.add(request.neighbor).statsIndex }
      neighbors.remove(request.neighbor)
      return { statsIndex: NONE }
    }),

  ip_neighbor_dump: (request: { swIfIndex: number; af: number }, { model: { neighbors } }) => {
    const { swIfIndex, af } = request
    return [...neighbors]
      .filter((it) => familyOf(it.ipAddress) === family(af))
      .filter((it) => swIfIndex === NONE || it.swIfIndex === swIfIndex)
      .reverse()
      .map(detailsOf)
  },

  ip_neighbor_flush: (request: { swIfIndex: number; af: number }, { model }) => {
    const { swIfIndex, af } = request
    if (swIfIndex !== NONE) model.interfaces.get(swIfIndex)
    model.neighbors.flush(
      (it) => familyOf(it.ipAddress) === family(af) && (swIfIndex === NONE || it.swIfIndex === swIfIndex),
    )
    return DONE
  },

  ip_neighbor_config: (
    request: { af: number; maxNumber: number; maxAge: number; recycle: boolean },
    { model: { neighbors } },
  ) => {
    const { af, maxNumber, maxAge, recycle } = request
    neighbors.config[family(af)] = { maxNumber, maxAge, recycle }
    return DONE
  },

  ip_neighbor_config_get: ({ af }: { af: number }, { model: { neighbors } }) => ({
    af,
    ...neighbors.config[family(af)],
  }),

  want_ip_neighbor_events: want,
  want_ip_neighbor_events_v2: want,
}
