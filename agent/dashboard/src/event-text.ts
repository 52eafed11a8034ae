import type { AgentEvent } from './event-log.ts'
import { counted } from './format.ts'
import type { StateLook } from './instance-state.ts'

const ITEM_LOOKS = {
  applied: { icon: 'good', words: 'Applied', tone: 'good' },
  removed: { icon: 'off', words: 'Removed', tone: 'off' },
  waiting: { icon: 'warning', words: 'Waiting', tone: 'warning' },
  failed: { icon: 'bad', words: 'Failed', tone: 'bad' },
} as const satisfies Record<string, StateLook>

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
      return ITEM_LOOKS[event.state]
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

/** What has happened, in words. */
export function eventText(event: AgentEvent): string {
  switch (event.kind) {
    case 'connection':
      return withReason(`VPP is ${event.status}`, event.message)
    case 'leadership':
      return event.leading ? 'This agent programs the VPP' : 'This agent programs the VPP no more'
    case 'link':
      if (event.deleted) return `Interface ${event.interface} was deleted`
      return `Interface ${event.interface}: admin ${upOrDown(event.adminUp)}, link ${upOrDown(event.linkUp)}`
    case 'item':
      return withReason(`${event.item.kind} ${event.item.key} ${event.state}`, event.message)
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
