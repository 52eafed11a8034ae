import type { Schema } from '@vpp-ts/runtime/dynamic'

/** What a message is for. `call` is a request for `vpp-ts call`, `dump` one for `vpp-ts dump`. */
export type Role = 'call' | 'dump' | 'reply' | 'details' | 'event' | 'other'

export const ROLES: readonly Role[] = ['call', 'dump', 'reply', 'details', 'event', 'other']

/** Roles of all messages that a service names. */
export function rolesOf(schema: Schema): Map<string, Role> {
  const roles = new Map<string, Role>()
  for (const { request, kind, reply, details, events } of schema.services()) {
    if (reply !== undefined) roles.set(reply, 'reply')
    if (details !== undefined) roles.set(details, 'details')
    for (const event of events) roles.set(event, 'event')
    roles.set(request, kind === 'dump' || kind === 'stream' ? 'dump' : 'call')
  }
  return roles
}

/** What VPP says of the state of a message: `deprecated`, `in progress` or nothing. */
export function statusOf(schema: Schema, message: string): string {
  const options = schema.optionsOf(message)
  if ('deprecated' in options) return 'deprecated'
  return 'in_progress' in options || options['status'] === 'in_progress' ? 'in progress' : ''
}
