import type { SchemaService } from '../../schema/module.ts'
import type { OwnedService } from '../catalog/catalog.ts'
import { change, gravest, type Change } from './change.ts'
import type { Difference } from './report.ts'
import type { Release } from './type-pairs.ts'

/** Compares what answers the requests that both releases have; a service comes and goes with its request. */
export function compareServices(before: Release, after: Release): Difference[] {
  const requests = [...before.catalog.messages.keys()].filter((name) => after.catalog.messages.has(name))
  return requests.flatMap((request) => {
    const [old, now] = [before.catalog.services.get(request), after.catalog.services.get(request)]
    const owner = now ?? old
    const changes = compareService(old, now)
    if (owner === undefined || changes.length === 0) return []
    const impact = gravest(changes.map((item) => item.impact)) ?? 'compatible'
    return [{ name: request, module: owner.module.name, impact, changes }]
  })
}

function compareService(old: OwnedService | undefined, now: OwnedService | undefined): Change[] {
  if (old === undefined && now === undefined) return []
  if (old === undefined) return [change('added', 'none', 'service added')]
  if (now === undefined) return [change('removed', 'source', 'service removed')]
  return [...compareAnswers(old.service, now.service), ...compareEvents(old.service, now.service)]
}

function compareAnswers(old: SchemaService, now: SchemaService): Change[] {
  const changes: Change[] = []
  if (old.reply !== now.reply) {
    const facts = { before: old.reply ?? 'null', after: now.reply ?? 'null' }
    changes.push(change('service-reply', 'source', `returned ${facts.before}, now ${facts.after}`, facts))
  }
  if (old.stream !== now.stream || old.streamMessage !== now.streamMessage) {
    const facts = { before: streamText(old), after: streamText(now) }
    changes.push(change('service-stream', 'source', `streamed ${facts.before}, now ${facts.after}`, facts))
  }
  return changes
}

function streamText({ stream, streamMessage, reply }: SchemaService): string {
  return stream ? (streamMessage ?? reply ?? 'null') : 'nothing'
}

function compareEvents(old: SchemaService, now: SchemaService): Change[] {
  const gone = old.events.filter((event) => !now.events.includes(event))
  const fresh = now.events.filter((event) => !old.events.includes(event))
  return [
    ...gone.map((event) =>
      change('service-event', 'source', `event ${event} no longer declared`, { path: event, before: event }),
    ),
    ...fresh.map((event) =>
      change('service-event', 'none', `event ${event} declared`, { path: event, after: event }),
    ),
  ]
}
