import { z } from 'zod'
import type { Declaration } from '../desired/declaration.ts'
import type { Instance } from '../instance/instance.ts'
import type { ItemRef } from '../kinds/item.ts'
import { manyOf, type Many } from '../model/json-list.ts'
import { inTurns } from '../model/turns.ts'
import { API_ORIGIN } from '../desired/declared-items.ts'
import { ITEM_STATES } from '../status/item-status.ts'
import { bulkSchema, parseItems } from './bulk.ts'
import { instanceOf, type RestContext } from './context.ts'
import { putMany, wrongItems } from './item-routes.ts'
import { pageOf, paging } from './paging.ts'
import { RequestError } from '../web/request-error.ts'
import {
  actualSchema,
  actualView,
  applySchema,
  applyView,
  conflictSchema,
  conflictView,
  desiredSchemaOf,
  desiredView,
  statusSchema,
  statusView,
  type StatusView,
} from './views.ts'
import { originName, write, writing } from './writing.ts'
import { DescribedBody, flag, query, type ZodServer } from '../web/zod-provider.ts'

/** The desired state, the actual state, and the changes between them. */
export function stateRoutes(app: ZodServer, context: RestContext): void {
  desiredRoutes(app, context)
  replaceRoute(app, context)
  app.get(
    '/actual',
    {
      schema: {
        summary: "VPP's state, as far as items can declare it",
        tags: ['state'],
        querystring: query({
          ...paging,
          kind: z.enum([...context.agent.kinds.objects.keys()]).optional(),
          owned: z.enum(['true', 'false']).optional(),
        }),
        response: { 200: z.object({ total: z.int(), objects: z.array(actualSchema) }) },
      },
    },
    async (request) => {
      const { kind, owned } = request.query
      const { total, entries } = await pageOf(
        await instanceOf(context, request).actual(),
        request.query,
        ({ key }) => key,
        (it) =>
          (kind === undefined || it.kind === kind) && (owned === undefined || String(it.owned) === owned),
      )
      return { total, objects: entries.map(actualView) }
    },
  )
  app.post(
    '/resync',
    {
      schema: {
        summary: 'Compare the whole state of VPP with the desired state, and change what differs',
        tags: ['state'],
        querystring: query({}),
        response: { 200: applySchema },
      },
    },
    async (request) => applyView(await instanceOf(context, request).resync()),
  )
}

function desiredRoutes(app: ZodServer, context: RestContext): void {
  const { kinds } = context.agent
  app.get(
    '/desired',
    {
      schema: {
        summary: 'The desired items and their status',
        tags: ['state'],
        querystring: query({
          ...paging,
          kind: z.enum([...kinds.items.keys()]).optional(),
          state: z.enum(ITEM_STATES).optional(),
          origin: z.string().optional(),
        }),
        response: { 200: z.object({ total: z.int(), items: z.array(desiredSchemaOf(kinds)) }) },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const { kind, state, origin } = request.query
      await instance.declared.known()
      const { total, entries } = await pageOf(
        instance.declared.keptOf(kind),
        request.query,
        ({ ref }) => ref.key,
        ({ ref, origin: of }) =>
          (origin === undefined || of === origin) &&
          (state === undefined || (instance.status(ref)?.state ?? 'pending') === state),
      )
      return { total, items: entries.map((kept) => desiredView(instance, kept)) }
    },
  )
  app.post(
    '/desired',
    {
      schema: {
        summary: 'Put items of any kind',
        tags: ['state'],
        querystring: query(writing),
        body: new DescribedBody(z.array(context.agent.kinds.itemSchema)),
        response: { 200: bulkSchema, 202: bulkSchema, 207: bulkSchema },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const parsed = await parseItems(instance.declared, listOf(request.body), undefined)
      await putMany(instance, parsed, { request, reply, ...request.query })
    },
  )
}

const replacedSchema = z.object({
  items: z.int(),
  revision: z.int().describe('Of all items; see /revisions.'),
  created: z.int(),
  changed: z.int(),
  removed: z.int(),
  conflicts: z.array(conflictSchema).describe('Items that another origin declares differently.'),
  problems: z.array(statusSchema).describe('Items of the request that are not in VPP, and why.'),
})

/** What has become of a request that replaces all items of an origin. */
export type ReplacedView = z.infer<typeof replacedSchema>

function replaceRoute(app: ZodServer, context: RestContext): void {
  app.put(
    '/desired',
    {
      schema: {
        summary:
          'Replace everything that an origin declares with these items; others that it declared before are dropped',
        tags: ['state'],
        querystring: query({
          ...writing,
          origin: originName.default(API_ORIGIN),
          confirmDeletions: flag.describe('Remove more than the deletion guard allows.'),
        }),
        body: new DescribedBody(z.array(context.agent.kinds.itemSchema)),
        response: { 200: replacedSchema, 202: replacedSchema },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { origin, confirmDeletions } = request.query
      const { put, problems } = await parseItems(instance.declared, listOf(request.body), undefined)
      // All or nothing: with one left out by mistake, what it stands for would be removed.
      if (problems.size > 0) throw wrongItems(problems)
      const change = { origin, put, whole: true, conflicts: 'beside', confirmDeletions } as const
      const { result, told } = await write(instance, change, { request, reply, ...request.query })
      const unapplied = told ? await problemsAmong(instance, put, result.removed) : []
      const { revision, created, changed, removed } = result
      await reply.code(told ? 200 : 202).send({
        items: put.length,
        revision,
        created: created.length,
        changed: changed.length,
        removed: removed.length,
        conflicts: result.conflicts.map(conflictView),
        problems: unapplied,
      })
    },
  )
}

async function problemsAmong(
  instance: Instance,
  put: Iterable<Declaration>,
  removed: readonly ItemRef[],
): Promise<StatusView[]> {
  const found: StatusView[] = []
  const look = (ref: ItemRef): void => {
    const status = instance.status(ref)
    if (status !== undefined && status.state !== 'applied') found.push(statusView(ref, status))
  }
  await inTurns(put, ({ ref }) => look(ref))
  await inTurns(removed, look)
  return found
}

function listOf(body: unknown): Many<unknown> {
  const list = manyOf(body)
  if (list !== undefined) return list
  throw new RequestError('AGENT_REQUEST', 'body: expected an array of items')
}
