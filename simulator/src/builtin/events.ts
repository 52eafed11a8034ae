import type { Interface, InterfaceChange } from '../model/interfaces.ts'
import type { ModelEvent } from '../model/model.ts'
import type { Neighbor } from '../model/neighbors.ts'
import { INTERFACE_EVENT } from '../server/interface-events.ts'
import type { Run } from '../server/run.ts'
import type { Subscription } from '../server/subscriptions.ts'
import { NONE } from './built-in.ts'
import { announceLease } from './dhcp.ts'

/** `IP_NEIGHBOR_API_EVENT_FLAG_…` */
const NEIGHBOR_CHANGE = { added: 1, removed: 2 } as const

/** Tells clients of what happened to the model, when the request that caused it is answered. */
export function announce(run: Run, event: ModelEvent): void {
  if (event.kind === 'neighbor') {
    const { change, neighbor } = event
    run.events.add(() => announceNeighbor(run, change, neighbor))
    return
  }
  if (event.kind === 'lease') {
    const { client } = event
    run.events.add(() => announceLease(run, client))
    return
  }
  const { swIfIndex } = event.interface
  const bit = interfaceEvent(event.change, event.interface)
  if (bit !== undefined) run.events.add(() => run.interfaceEvents.add(swIfIndex, bit))
}

function interfaceEvent(change: InterfaceChange, it: Interface): number | undefined {
  switch (change) {
    case 'created':
      return INTERFACE_EVENT.OTHER
    case 'deleted':
      return INTERFACE_EVENT.DELETED
    case 'admin':
      return it.adminUp ? INTERFACE_EVENT.ADMIN_UP : INTERFACE_EVENT.OTHER
    case 'link':
      return it.linkUp ? INTERFACE_EVENT.LINK_UP : INTERFACE_EVENT.OTHER
    default:
      return undefined
  }
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
