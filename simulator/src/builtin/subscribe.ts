import type { DynamicMessage, Service } from '@vpp-ts/runtime/dynamic'
import type { Answer, Call } from '../server/call.ts'
import type { Run } from '../server/run.ts'
import { DONE } from './built-in.ts'

/** Properties that switch a subscription, by the names that requests use. */
const SWITCHES = ['enableDisable', 'enable']

/** True for requests that switch the sending of events on and off. */
export function subscribes(service: Service): boolean {
  return service.events.length > 0 && service.request.startsWith('want_')
}

/** Any `want_…`: on twice is refused, off twice as well. */
export function subscribe(request: DynamicMessage, { subscriptions }: Run, call: Call): Answer {
  const { clientIndex, entry } = call
  const property = SWITCHES.find((name) => name in request)
  for (const event of entry.service?.events ?? []) {
    if (property === undefined || isOn(request[property])) {
      subscriptions.add(event, { clientIndex, pid: Number(request['pid'] ?? 0), request })
    } else {
      subscriptions.remove(event, clientIndex)
    }
  }
  return DONE
}

/** The switch is a boolean in some requests and a number in others. */
export function isOn(value: unknown): boolean {
  return value === true || (typeof value === 'number' && value !== 0)
}
