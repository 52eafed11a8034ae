import { EVENT_STREAM } from '@vpp-ts/http/internal'
import { z } from 'zod'
import type { LoggedEvent } from '../status/event-log.ts'
import type { Instance } from '../instance/instance.ts'
import { instanceOf, type RestContext } from './context.ts'
import { EVENT_KINDS, eventSchema, eventView } from './views.ts'
import { query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'

const kinds = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(EVENT_KINDS)))
  .optional()
  .describe(`Only of these kinds, separated by commas: ${EVENT_KINDS.join(', ')}.`)

/** Events as a log that can be queried, and as a stream. */
export function eventRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/events',
    {
      schema: {
        summary: 'Events of a VPP: a log, or server-sent events when text/event-stream is accepted',
        description:
          'A stream begins with what came after Last-Event-ID, or with what is yet to come. Its ids are not those of the log.',
        tags: ['events'],
        querystring: query({
          kind: kinds,
          since: z.iso.datetime({ offset: true }).optional().describe('Only those of this time or later.'),
          after: wholeInQuery(0, Number.MAX_SAFE_INTEGER)
            .optional()
            .describe('Only those with greater ids, the oldest first up to the limit.'),
          limit: wholeInQuery(1, 20_000).default(1000).describe('The newest ones, unless `after` is given.'),
        }),
        response: {
          200: {
            description: 'Events, the oldest first.',
            content: {
              'application/json': { schema: z.object({ last: z.int(), events: z.array(eventSchema) }) },
              [EVENT_STREAM]: { schema: z.string() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { kind, since, after, limit } = request.query
      const wanted = ({ event }: LoggedEvent): boolean => kind === undefined || kind.includes(event.type)
      if (request.headers.accept?.includes(EVENT_STREAM) === true) {
        const lastId = request.headers['last-event-id']
        const from = startOf(instance, typeof lastId === 'string' ? lastId : undefined, context.epoch)
        await context.streams.serve(reply, (send) => {
          const tell = (logged: LoggedEvent): void => {
            if (!wanted(logged)) return
            const data = JSON.stringify(eventView(logged))
            send({ type: logged.event.type, id: `${context.epoch}-${logged.id}`, data })
          }
          for (const logged of instance.events.after(from)) tell(logged)
          return instance.events.listen(tell)
        })
        return
      }
      const time = since === undefined ? -Infinity : Date.parse(since)
      const found = instance.events.after(after).filter((it) => it.at.getTime() >= time && wanted(it))
      const events = after === undefined ? found.slice(-limit) : found.slice(0, limit)
      await reply.send({ last: instance.events.last, events: events.map(eventView) })
    },
  )
}

/** Where a stream begins. Ids of another life of the agent say nothing: then it begins with all that is kept. */
function startOf(instance: Instance, lastId: string | undefined, epoch: string): number {
  if (lastId === undefined) return instance.events.last
  const [life, id] = lastId.split('-')
  return life === epoch && id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : 0
}
