import { z } from 'zod'
import type { Source } from '../desired/source.ts'
import { AgentError } from '../model/errors.ts'
import { RequestError } from '../web/request-error.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'
import { pageOf, paging } from './paging.ts'
import { conflictSchema, conflictView } from './views.ts'

const sourceSchema = z.object({
  origin: z.string(),
  location: z.string().describe('Where it reads from.'),
  state: z
    .enum(['reading', 'ok', 'partial', 'held', 'failed'])
    .describe(
      'partial: valid items are declared, nothing is removed. held: a large removal must be confirmed. failed: nothing is changed.',
    ),
  items: z.int(),
  conflicts: z.int(),
  since: z.iso.datetime(),
  problems: z.array(
    z.object({
      where: z.string().describe('File and line.'),
      field: z.string(),
      message: z.string(),
    }),
  ),
})

/** Where items come from beside requests. */
export type SourceView = z.infer<typeof sourceSchema>

const frozenSchema = z.object({
  kind: z.string(),
  key: z.string(),
  origin: z.string().nullable(),
  reason: z.string(),
})

/** An item that this agent cannot read. */
export type FrozenView = z.infer<typeof frozenSchema>

/** Who declares what, and where they do not agree. */
export function originRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/origins',
    {
      schema: {
        summary: 'Origins that declare items, and how many are in force',
        tags: ['origins'],
        querystring: query({}),
        response: { 200: z.object({ origins: z.array(z.object({ origin: z.string(), items: z.int() })) }) },
      },
    },
    async (request) => {
      const origins = await instanceOf(context, request).declared.origins()
      return { origins: Array.from(origins, ([origin, items]) => ({ origin, items })) }
    },
  )
  app.get(
    '/conflicts',
    {
      schema: {
        summary:
          'Declarations that are not in force, since another origin keeps their key with another value',
        tags: ['origins'],
        querystring: query(paging),
        response: { 200: z.object({ total: z.int(), conflicts: z.array(conflictSchema) }) },
      },
    },
    async (request) => {
      const all = await instanceOf(context, request).declared.conflicts()
      const { total, entries } = await pageOf(all, request.query, ({ ref }) => ref.key)
      return { total, conflicts: entries.map(conflictView) }
    },
  )
  app.get(
    '/frozen',
    {
      schema: {
        summary: 'Items that this agent cannot read; their objects in VPP are left alone',
        tags: ['origins'],
        querystring: query(paging),
        response: {
          200: z.object({ total: z.int(), items: z.array(frozenSchema) }),
        },
      },
    },
    async (request) => {
      const all = await instanceOf(context, request).declared.frozen()
      const { total, entries } = await pageOf(all, request.query, ({ key }) => key)
      const items = entries.map(({ kind, key, origin, reason }) => ({
        kind,
        key,
        origin: origin ?? null,
        reason,
      }))
      return { total, items }
    },
  )
  sourceRoutes(app, context)
}

function sourceRoutes(app: ZodServer, context: RestContext): void {
  const sourcesOf = (name: string): Source[] => context.agent.sources.filter((it) => it.instance === name)
  app.get(
    '/sources',
    {
      schema: {
        summary: 'Sources of items besides requests, and their errors',
        tags: ['origins'],
        querystring: query({}),
        response: { 200: z.object({ sources: z.array(sourceSchema) }) },
      },
    },
    (request) => ({ sources: sourcesOf(instanceOf(context, request).name).map(sourceView) }),
  )
  app.post(
    '/sources/:origin/confirm',
    {
      schema: {
        summary: 'Let a source remove more than the deletion guard allows',
        tags: ['origins'],
        params: z.looseObject({ origin: z.string() }),
        querystring: query({}),
        response: { 202: sourceSchema },
      },
    },
    async (request, reply) => {
      const { name } = instanceOf(context, request)
      const { origin } = request.params
      const source = sourcesOf(name).find((it) => it.origin === origin)
      if (source === undefined) {
        throw new RequestError(
          'AGENT_NOT_FOUND',
          `instance "${name}" has no source ${JSON.stringify(origin)}`,
        )
      }
      if (!source.confirm()) {
        throw new AgentError(
          'AGENT_CONFIRMATION',
          `source ${JSON.stringify(origin)} has nothing to be confirmed`,
        )
      }
      await reply.code(202).send(sourceView(source))
    },
  )
}

function sourceView({ origin, location, status }: Source): SourceView {
  const { since, problems, ...rest } = status
  return {
    origin,
    location,
    ...rest,
    since: since.toISOString(),
    problems: problems.map((it) => ({ ...it })),
  }
}
