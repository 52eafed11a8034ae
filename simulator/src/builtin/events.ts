import type { Interface, InterfaceChange } from '../model/interfaces.ts'
import type { ModelEvent } from '../model/model.ts'
import type { Neighbor } from '../model/neighbors.ts'
import type { Run } from '../server/run.ts'
import type { Subscription } from '../server/subscriptions.ts'
import { NONE } from './built-in.ts'
import { flagsOf } from './interface.ts'

/** `IP_NEIGHBOR_API_EVENT_FLAG_…` */
const NEIGHBOR_CHANGE = { added: 1, removed: 2 } as const

/** Tells clients of what happened to the model. */
export function announce(run: Run, event: ModelEvent): void {
  if (event.kind === 'interface') announceInterface(run, event.change, event.interface)
  else announceNeighbor(run, event.change, event.neighbor)
}

function announceInterface(run: Run, change: InterfaceChange, it: Interface): void {
  if (change !== 'created' && change !== 'deleted' && change !== 'flags') return
  const deleted = change === 'deleted'
  // A sub-interface has no link of its own, and VPP's event does not look at that of the other.
  const linkUp = it.linkUp && it.sub === undefined
  const flags = change === 'flags' ? flagsOf({ adminUp: it.adminUp, linkUp }) : 0
  run.sendEvent('sw_interface_event', { swIfIndex: it.swIfIndex, flags, deleted })
}

function announceNeighbor(run: Run, change: 'added' | 'removed', neighbor: Neighbor): void {
  const wanted = ({ request }: Subscription): boolean => fits(request, neighbor)
  const { swIfIndex, flags, macAddress, ipAddress } = neighbor
  const fields = { swIfIndex, flags, macAddress, ipAddress }
  if (change === 'added') run.sendEvent('ip_neighbor_event', { neighbor: fields }, wanted)
  run.sendEvent('ip_neighbor_event_v2', { flags: NEIGHBOR_CHANGE[change], neighbor: fields }, wanted)
}

/** A subscription may ask for one address or one interface. */
function fits(request: Readonly<Record<string, unknown>>, neighbor: Neighbor): boolean {
  const { ip, swIfIndex } = request
  const anyAddress = ip === '0.0.0.0' || ip === '::'
  return (anyAddress || ip === neighbor.ipAddress) && (swIfIndex === NONE || swIfIndex === neighbor.swIfIndex)
}
