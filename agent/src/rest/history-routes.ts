import { z } from 'zod'
import type { Revision } from '../desired/revisions.ts'
import { query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'
import { refOfPath } from './collections.ts'
import { diffOf } from './item-diff.ts'
import { statusSchema, statusView } from './views.ts'
import { settled, waiting } from './waiting.ts'
import { writing } from './writing.ts'
import { RequestError } from '../web/request-error.ts'
import type { ItemRevision } from '../desired/declared-items.ts'

const revisionSchema = z.object({
  number: z.int().describe('Counts from 1.'),
  at: z.iso.datetime(),
  author: z.string(),
  origin: z.string(),
  comment: z.string().nullable(),
  created: z.int().describe('Items.'),
  changed: z.int(),
  removed: z.int(),
})

/** A change of the desired items. */
export type RevisionView = z.infer<typeof revisionSchema>

const itemRevisionSchema = revisionSchema.extend({
  diff: z.string().optional().describe('Its diff of the requested item.'),
})

/** A change of the desired items, with what it did to one where one was asked for. */
export type ItemRevisionView = z.infer<typeof itemRevisionSchema>

const comparedSchema = z.object({
  total: z.int().describe('Items that differ.'),
  diff: z.string().describe('`-` what only the first has, `+` what only the second has; secrets are hidden.'),
})

/** What differs between two revisions. */
export type ComparedView = z.infer<typeof comparedSchema>

const changedSchema = z.object({
  revision: z.int().describe('The revision created; the latest one if nothing had to change.'),
  created: z.int(),
  changed: z.int(),
  removed: z.int(),
})

const rolledBackSchema = changedSchema.extend({
  problems: z.array(statusSchema).describe('Items that are not in their desired state, after a wait.'),
})

/** What going back has done. */
export type RolledBackView = z.infer<typeof rolledBackSchema>

const confirmationSchema = z.object({
  revision: z.int(),
  until: z.iso.datetime().describe('When it is undone.'),
})

/** A change that is undone unless it is confirmed. */
export type ConfirmationView = z.infer<typeof confirmationSchema>

const revisionDetailSchema = revisionSchema.extend({
  total: z.int().describe('Items that it changed.'),
  diff: z.string().describe('`-` before, `+` after; secrets are hidden.'),
})

/** A change of the desired items, with what it changed. */
export type RevisionDetail = z.infer<typeof revisionDetailSchema>

const number = z.looseObject({ number: wholeInQuery(0, Number.MAX_SAFE_INTEGER) })

const note = {
  author: z.string().min(1).max(100).default('api').describe('Author, for the history.'),
  comment: z.string().max(500).optional().describe('Reason, for the history.'),
}

/** The history of the desired items, and rollback. */
export function historyRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/revisions',
    {
      schema: {
        summary: 'Changes of the desired items, the newest first; of one item with `kind` and `key`',
        tags: ['history'],
        querystring: query({
          kind: z.string().optional(),
          key: z.string().optional().describe('Of an item; each revision then has its diff of that item.'),
        }),
        response: { 200: z.object({ last: z.int(), revisions: z.array(itemRevisionSchema) }) },
      },
    },
    async (request) => {
      const { declared } = instanceOf(context, request)
      const { kind, key } = request.query
      const revisions = await declared.revisions()
      const last = revisions.at(-1)?.number ?? 0
      if (kind === undefined && key === undefined) {
        return { last, revisions: revisions.toReversed().map(revisionView) }
      }
      if (kind === undefined || key === undefined) {
        throw new RequestError('AGENT_REQUEST', 'query: kind and key go together; one of them is missing')
      }
      const found = await declared.historyOf(refOfPath(declared.kinds, kind, key, 0))
      const viewOf = ({ revision, difference }: ItemRevision) => ({
        ...revisionView(revision),
        diff: diffOf(declared.kinds, difference),
      })
      return { last, revisions: found.map(viewOf) }
    },
  )
  compareRoute(app, context)
  differenceRoute(app, context)
  rollbackRoute(app, context)
  confirmationRoutes(app, context)
}

function differenceRoute(app: ZodServer, context: RestContext): void {
  app.get(
    '/revisions/:number',
    {
      schema: {
        summary: 'A change of the desired items, with its diff',
        tags: ['history'],
        params: number,
        querystring: query({
          limit: wholeInQuery(1, 10_000).default(1000).describe('Maximum number of items in the diff.'),
          offset: wholeInQuery(0, Number.MAX_SAFE_INTEGER).default(0),
        }),
        response: { 200: revisionDetailSchema },
      },
    },
    async (request) => {
      const { declared } = instanceOf(context, request)
      const { limit, offset } = request.query
      const revision = await declared.revision(request.params.number)
      const differences = await declared.difference(request.params.number)
      const diff = differences.slice(offset, offset + limit).map((it) => diffOf(declared.kinds, it))
      return { ...revisionView(revision), total: differences.length, diff: diff.join('') }
    },
  )
}

function compareRoute(app: ZodServer, context: RestContext): void {
  app.get(
    '/compare',
    {
      schema: {
        summary: 'Differences between the items after two revisions',
        tags: ['history'],
        querystring: query({
          from: wholeInQuery(0, Number.MAX_SAFE_INTEGER).describe('A revision; 0: before the first.'),
          to: wholeInQuery(0, Number.MAX_SAFE_INTEGER).optional().describe('Default: now.'),
          limit: wholeInQuery(1, 10_000).default(1000).describe('Maximum number of items in the diff.'),
        }),
        response: { 200: comparedSchema },
      },
    },
    async (request) => {
      const { declared } = instanceOf(context, request)
      const { from, to, limit } = request.query
      const all = await declared.between(from, to)
      const diff = all.slice(0, limit).map((it) => diffOf(declared.kinds, it))
      return { total: all.length, diff: diff.join('') }
    },
  )
}

function rollbackRoute(app: ZodServer, context: RestContext): void {
  app.post(
    '/revisions/:number/rollback',
    {
      schema: {
        summary: 'Restore the desired items as they were after a revision; 0: before the first',
        tags: ['history'],
        params: number,
        querystring: query({ ...note, ...waiting, confirm: writing.confirm }),
        response: { 200: rolledBackSchema, 202: rolledBackSchema },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { author, comment, wait, timeout, confirm } = request.query
      const noted = { author, comment, confirmWithin: confirm }
      const result = await instance.declared.rollBack(request.params.number, noted)
      const { revision, created, changed, removed } = result
      const refs = [...created, ...changed, ...removed]
      const told = wait && (await settled(instance, request, timeout, refs))
      const problems = refs.flatMap((ref) => {
        const status = told ? instance.status(ref) : undefined
        return status === undefined || status.state === 'applied' ? [] : [statusView(ref, status)]
      })
      const counts = { created: created.length, changed: changed.length, removed: removed.length }
      await reply.code(told ? 200 : 202).send({ revision, ...counts, problems })
    },
  )
}

function confirmationRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/confirmation',
    {
      schema: {
        summary: 'The change that is undone unless it is confirmed',
        tags: ['history'],
        querystring: query({}),
        response: { 200: z.object({ confirmation: confirmationSchema.nullable() }) },
      },
    },
    async (request) => {
      const { declared } = instanceOf(context, request)
      await declared.known()
      const { confirmation } = declared
      return { confirmation: confirmation === undefined ? null : confirmationView(confirmation) }
    },
  )
  app.post(
    '/confirmation',
    {
      schema: {
        summary: 'Keep the change that awaits confirmation',
        tags: ['history'],
        querystring: query({}),
        response: { 200: confirmationSchema },
      },
    },
    async (request) => confirmationView(await instanceOf(context, request).declared.confirm()),
  )
  app.delete(
    '/confirmation',
    {
      schema: {
        summary: 'Undo the change that awaits confirmation now',
        tags: ['history'],
        querystring: query({}),
        response: { 202: z.object({ revision: z.int() }) },
      },
    },
    async (request, reply) => {
      const { revision } = await instanceOf(context, request).declared.revert()
      await reply.code(202).send({ revision })
    },
  )
}

function confirmationView({ revision, until }: { revision: number; until: number }) {
  return { revision, until: new Date(until).toISOString() }
}

function revisionView({ id: _id, at, comment, ...rest }: Revision): RevisionView {
  return { ...rest, at: at.toISOString(), comment: comment ?? null }
}
