import type { AgentEvent } from './event-log.ts'
import { counted } from './format.ts'
import type { StateLook } from './instance-state.ts'
import { itemLook } from './item-state.ts'

const REMOVED: StateLook = { icon: 'off', words: 'Removed', tone: 'off' }
const DRIFT: StateLook = { icon: 'warning', words: 'Drift', tone: 'warning' }
const DIAGNOSIS: StateLook = { icon: 'busy', words: 'Diagnosis', tone: 'off' }

/** Shape and short words of an event. */
export function eventLook(event: AgentEvent): StateLook {
  switch (event.kind) {
    case 'connection':
      return event.status === 'connected'
        ? { icon: 'good', words: 'Connection', tone: 'good' }
        : { icon: 'bad', words: 'Connection', tone: 'bad' }
    case 'leadership':
      return {
        icon: event.leading ? 'good' : 'off',
        words: 'Leadership',
        tone: event.leading ? 'good' : 'off',
      }
    case 'link':
      return linkLook(event)
    case 'item':
      return event.state === 'removed' ? REMOVED : itemLook({ state: event.state })
    case 'drift':
      return DRIFT
    case 'diagnosis':
      return DIAGNOSIS
    case 'resync':
      return event.failed > 0
        ? { icon: 'warning', words: 'Resync', tone: 'warning' }
        : { icon: 'good', words: 'Resync', tone: 'good' }
  }
}

function linkLook({
  adminUp,
  linkUp,
  deleted,
}: {
  adminUp: boolean
  linkUp: boolean
  deleted: boolean
}): StateLook {
  if (deleted) return { icon: 'off', words: 'Deleted', tone: 'off' }
  if (!adminUp) return { icon: 'down', words: 'Down', tone: 'off' }
  return linkUp
    ? { icon: 'up', words: 'Up', tone: 'good' }
    : { icon: 'warning', words: 'No link', tone: 'warning' }
}

const TOOLS = { trace: 'Packet trace', clear: 'Cleared', capture: 'Capture' } as const

/** What has happened, in words. */
export function eventText(event: AgentEvent): string {
  switch (event.kind) {
    case 'connection':
      return withReason(`VPP is ${event.status}`, event.message)
    case 'leadership':
      return event.leading ? 'This agent programs the VPP' : 'This agent no longer programs the VPP'
    case 'link':
      if (event.deleted) return `Interface ${event.interface} was deleted`
      return `Interface ${event.interface}: admin ${upOrDown(event.adminUp)}, link ${upOrDown(event.linkUp)}`
    case 'item':
      return withReason(`${event.item.kind} ${event.item.key} ${event.state}`, event.message)
    case 'drift': {
      const { kind, key } = event.object
      return `${kind} ${key} was changed by another client, ${event.repaired ? 'and repaired' : 'not repaired'}`
    }
    case 'diagnosis':
      return `${TOOLS[event.tool]}: ${event.what}`
    case 'resync':
      return resyncText(event)
  }
}

/** How a comparison with all that VPP has ended, in words. */
export function resyncText(it: {
  readonly duration: number
  readonly applied: number
  readonly failed: number
  readonly waiting: number
}): string {
  const counts = [
    counted(it.applied, 'change'),
    ...(it.failed > 0 ? [`${it.failed} refused`] : []),
    ...(it.waiting > 0 ? [`${it.waiting} waiting`] : []),
  ]
  return `Resync: ${counts.join(', ')} in ${it.duration < 10 ? it.duration.toFixed(1) : Math.round(it.duration)} ms`
}

function upOrDown(up: boolean): string {
  return up ? 'up' : 'down'
}

function withReason(text: string, reason: string | undefined): string {
  return reason === undefined ? text : `${text}: ${reason}`
}
