import { z } from 'zod'
import { API_ORIGIN } from '../desired/declared-items.ts'
import { OBJECT_KINDS } from '../model/plan.ts'
import { ITEM_KINDS, itemSchema, keyOf } from '../kinds/item.ts'
import { bulkSchema, parseItems } from './bulk.ts'
import { instanceOf, type RestContext } from './context.ts'
import { putMany } from './item-routes.ts'
import { pageOf, paging } from './paging.ts'
import { RequestError } from '../web/request-error.ts'
import {
  actualSchema,
  actualView,
  applySchema,
  applyView,
  desiredSchema,
  desiredView,
  planSchema,
  planView,
  statusSchema,
} from './views.ts'
import { settled, waiting } from './waiting.ts'
import { DescribedBody, query, type ZodServer } from '../web/zod-provider.ts'

const STATES = ['applied', 'pending', 'waiting', 'failed', 'removing'] as const

/** What VPP is to have, what it has, and how the one becomes the other. */
export function stateRoutes(app: ZodServer, context: RestContext): void {
  desiredRoutes(app, context)
  replaceRoute(app, context)
  app.get(
    '/actual',
    {
      schema: {
        summary: 'What VPP has, of everything that items can be about',
        tags: ['state'],
        querystring: query({
          ...paging,
          kind: z.enum(OBJECT_KINDS).optional(),
          owned: z.enum(['true', 'false']).optional(),
        }),
        response: { 200: z.object({ total: z.int(), objects: z.array(actualSchema) }) },
      },
    },
    async (request) => {
      const { kind, owned } = request.query
      const all = (await instanceOf(context, request).actual()).filter(
        (it) =>
          (kind === undefined || it.kind === kind) && (owned === undefined || String(it.owned) === owned),
      )
      const { total, entries } = pageOf(all, request.query, ({ key }) => key)
      return { total, objects: entries.map(actualView) }
    },
  )
  app.get(
    '/plan',
    {
      schema: {
        summary: 'What an apply would change now',
        tags: ['state'],
        querystring: query({}),
        response: { 200: planSchema },
      },
    },
    async (request) => planView(await instanceOf(context, request).plan()),
  )
  app.post(
    '/resync',
    {
      schema: {
        summary: 'Compare all that VPP has with what it is to have, and change what differs',
        tags: ['state'],
        querystring: query({}),
        response: { 200: applySchema },
      },
    },
    async (request) => applyView(await instanceOf(context, request).resync()),
  )
}

function desiredRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/desired',
    {
      schema: {
        summary: 'What VPP is to have, and how it stands',
        tags: ['state'],
        querystring: query({
          ...paging,
          kind: z.enum(ITEM_KINDS).optional(),
          state: z.enum(STATES).optional(),
        }),
        response: { 200: z.object({ total: z.int(), items: z.array(desiredSchema) }) },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const { kind, state } = request.query
      const all = (await instance.desired()).filter((item) => {
        if (kind !== undefined && item.kind !== kind) return false
        if (state === undefined) return true
        return (instance.status({ kind: item.kind, key: keyOf(item) })?.state ?? 'pending') === state
      })
      const { total, entries } = pageOf(all, request.query, keyOf)
      return { total, items: entries.map((item) => desiredView(instance, item)) }
    },
  )
  app.post(
    '/desired',
    {
      schema: {
        summary: 'Put items of any kind',
        tags: ['state'],
        querystring: query(waiting),
        body: new DescribedBody(z.array(itemSchema)),
        response: { 200: bulkSchema, 202: bulkSchema, 207: bulkSchema },
      },
    },
    async (request, reply) => {
      const parsed = await parseItems(arrayOf(request.body), undefined)
      await putMany(instanceOf(context, request), parsed, { request, reply, ...request.query })
    },
  )
}

function replaceRoute(app: ZodServer, context: RestContext): void {
  app.put(
    '/desired',
    {
      schema: {
        summary: 'Make these items all that an origin wants; others that it put before are taken out',
        tags: ['state'],
        querystring: query({
          ...waiting,
          origin: z
            .string()
            .regex(/^[\w.-]{1,63}$/, 'expected letters, digits and "._-"')
            .default(API_ORIGIN),
        }),
        body: new DescribedBody(z.array(itemSchema)),
        response: {
          200: z.object({ items: z.int(), problems: z.array(statusSchema) }),
          202: z.object({ items: z.int(), problems: z.array(statusSchema) }),
        },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { origin, wait, timeout } = request.query
      const { items, problems } = await parseItems(arrayOf(request.body), undefined)
      // All or nothing: with one left out by mistake, what it stands for would be removed.
      if (problems.size > 0) {
        const wrong = Array.from(problems, ([index, { detail }]) => ({
          field: String(index),
          message: detail,
        }))
        throw new RequestError('AGENT_REQUEST', `${wrong.length} of the items are wrong`, wrong)
      }
      const good = items.filter((item) => item !== undefined)
      await instance.replace(good, origin)
      const done = wait && (await settled(instance, request, timeout))
      const result = done ? applyProblems(instance.statuses()) : []
      await reply.code(done ? 200 : 202).send({ items: good.length, problems: result })
    },
  )
}

function applyProblems(statuses: Parameters<typeof applyView>[0]['problems']) {
  const problems = statuses.filter(({ state }) => state !== 'applied')
  return applyView({ duration: 0, applied: 0, failed: 0, waiting: 0, problems }).problems
}

function arrayOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body as readonly unknown[]
  throw new RequestError('AGENT_REQUEST', 'body: expected an array of items')
}
