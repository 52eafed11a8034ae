import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AgentError } from '../model/errors.ts'
import type { Instance } from '../instance/instance.ts'
import { ITEM_SCHEMAS, InvalidItemError, keyOf, refOf, type Item, type ItemRef } from '../kinds/item.ts'
import { bulkSchema, parseItemOf, parseItems, type BulkItem, type Parsed } from './bulk.ts'
import { COLLECTIONS, refOfPath, type Collection } from './collections.ts'
import { instanceOf, type RestContext } from './context.ts'
import { pageOf, paging } from './paging.ts'
import { PROBLEM_TYPE, type Problem } from '../web/problem.ts'
import { desiredSchema, desiredView, statusSchema, statusView } from './views.ts'
import { settled, waiting } from './waiting.ts'
import { DescribedBody, query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'

/** Table of a route in a query. */
const anyTable = wholeInQuery(0, 0xffff_fffe).optional()
const table = wholeInQuery(0, 0xffff_fffe).default(0)

/** How a write is to be answered. */
export interface Manner {
  readonly wait: boolean
  /** Milliseconds. */
  readonly timeout: number
}

/** `GET`, `POST`, `PUT` and `DELETE` for each kind of item. */
export function itemRoutes(app: ZodServer, context: RestContext): void {
  for (const collection of COLLECTIONS) {
    if (collection.kind !== 'interface') readRoutes(app, context, collection)
    writeRoutes(app, context, collection)
  }
}

function readRoutes(app: ZodServer, context: RestContext, { path, kind, key }: Collection): void {
  app.get(
    `/${path}`,
    {
      schema: {
        summary: `Items of kind ${kind}, and how they stand`,
        tags: [path],
        querystring: query({ ...paging, ...(kind === 'route' ? { table: anyTable } : {}) }),
        response: { 200: z.object({ total: z.int(), items: z.array(desiredSchema) }) },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const { table: wanted } = request.query as { table?: number }
      const all = (await instance.desired()).filter(
        (item) => item.kind === kind && (wanted === undefined || !('table' in item) || item.table === wanted),
      )
      const { total, entries } = pageOf(all, request.query, keyOf)
      return { total, items: entries.map((item) => desiredView(instance, item)) }
    },
  )
  app.get(
    `/${path}/:key`,
    {
      schema: {
        summary: `An item of kind ${kind} (key: ${key}), and how it stands`,
        tags: [path],
        params: z.looseObject({ key: z.string() }),
        querystring: query(kind === 'route' ? { table } : {}),
        response: { 200: desiredSchema },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const ref = refOfRequest(kind, request.params.key, request.query)
      const item = await instance.get(ref)
      if (item === undefined) throw unknown(instance, ref)
      return desiredView(instance, item)
    },
  )
}

function writeRoutes(app: ZodServer, context: RestContext, { path, kind, key }: Collection): void {
  const one = ITEM_SCHEMAS[kind]
  const answers = { 200: statusSchema, 202: statusSchema }
  app.post(
    `/${path}`,
    {
      schema: {
        summary: `Put an item of kind ${kind}, or an array of them`,
        tags: [path],
        querystring: query(waiting),
        body: new DescribedBody(z.union([one, z.array(one)])),
        response: {
          200: z.union([statusSchema, bulkSchema]),
          202: z.union([statusSchema, bulkSchema]),
          207: bulkSchema,
        },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      if (!Array.isArray(request.body)) {
        await putOne(instance, parseItemOf(request.body, kind, kind), { request, reply, ...request.query })
      } else {
        const parsed = await parseItems(request.body, kind)
        await putMany(instance, parsed, { request, reply, ...request.query })
      }
    },
  )
  app.put(
    `/${path}/:key`,
    {
      schema: {
        summary: `Put the item of kind ${kind} with this key (${key})`,
        tags: [path],
        params: z.looseObject({ key: z.string() }),
        querystring: query({ ...waiting, ...(kind === 'route' ? { table } : {}) }),
        body: new DescribedBody(one),
        response: answers,
      },
    },
    async (request, reply) => {
      const ref = refOfRequest(kind, request.params.key, request.query)
      const item = parseItemOf(request.body, kind, kind)
      if (keyOf(item) !== ref.key) {
        const message = `the path says ${JSON.stringify(ref.key)}, the item ${JSON.stringify(keyOf(item))}`
        throw new InvalidItemError(kind, [{ field: '', message }])
      }
      await putOne(instanceOf(context, request), item, { request, reply, ...request.query })
    },
  )
  app.delete(
    `/${path}/:key`,
    {
      schema: {
        summary: `Take out the item of kind ${kind} with this key (${key})`,
        tags: [path],
        params: z.looseObject({ key: z.string() }),
        querystring: query({ ...waiting, ...(kind === 'route' ? { table } : {}) }),
        response: { 202: statusSchema, 204: z.null().describe('VPP does not have it any more.') },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const ref = refOfRequest(kind, request.params.key, request.query)
      const [deleted] = await instance.delete([ref])
      if (deleted === undefined) throw unknown(instance, ref)
      const { wait, timeout } = request.query
      const done = wait && (await settled(instance, request, timeout)) && instance.status(ref) === undefined
      if (done) await reply.code(204).send()
      else {
        const view = statusView(ref, instance.status(ref))
        await reply.code(202).send({ ...view, state: 'removing' })
      }
    },
  )
}

interface Exchange extends Manner {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Puts an item and answers: with its status once VPP was told, or else 202. */
export async function putOne(instance: Instance, item: Item, exchange: Exchange): Promise<void> {
  const { request, reply, wait, timeout } = exchange
  const ref = refOf(item)
  await instance.put([item])
  if (!wait || !(await settled(instance, request, timeout))) {
    await reply.code(202).send(statusView(ref, undefined))
    return
  }
  const status = statusView(ref, instance.status(ref))
  if (status.state !== 'failed') await reply.code(status.state === 'applied' ? 200 : 202).send(status)
  else await reply.code(422).type(PROBLEM_TYPE).send(refusal(status))
}

/** VPP has said no; the item is kept and tried again. */
function refusal({ kind, key, error }: z.infer<typeof statusSchema>): Problem {
  const { message = 'VPP has refused it', code = 'VPP_API_ERROR', ...facts } = error ?? {}
  const detail = `${kind} ${key}: ${message}; the item is kept and will be tried again`
  return { title: 'Unprocessable Entity', status: 422, detail, code, ...facts }
}

/** Puts those of many items that are none of them wrong, and answers for each. */
export async function putMany(instance: Instance, parsed: Parsed, exchange: Exchange): Promise<void> {
  const { request, reply, wait, timeout } = exchange
  const good = parsed.items.filter((item) => item !== undefined)
  if (good.length > 0) await instance.put(good)
  const known = wait && good.length > 0 && (await settled(instance, request, timeout))
  const items = parsed.items.map((item, index): BulkItem => {
    const problem = parsed.problems.get(index)
    if (problem !== undefined || item === undefined) {
      return { index, accepted: false, ...(problem === undefined ? {} : { problem }) }
    }
    const ref = refOf(item)
    return { index, accepted: true, status: statusView(ref, known ? instance.status(ref) : undefined) }
  })
  const refused = parsed.problems.size
  const code = bulkCode(items, refused, known)
  await reply.code(code).send({ accepted: good.length, refused, items })
}

function bulkCode(items: readonly BulkItem[], refused: number, known: boolean): number {
  if (refused > 0) return refused === items.length ? 400 : 207
  if (!known) return items.length === 0 ? 200 : 202
  return items.every(({ status }) => status?.state === 'applied') ? 200 : 207
}

function refOfRequest(kind: Collection['kind'], key: string, parameters: object): ItemRef {
  const { table: of = 0 } = parameters as { table?: number }
  return refOfPath(kind, key, of)
}

function unknown(instance: Instance, { kind, key }: ItemRef): AgentError {
  return new AgentError('AGENT_UNKNOWN_ITEM', `instance "${instance.name}" has no ${kind} "${key}"`)
}
