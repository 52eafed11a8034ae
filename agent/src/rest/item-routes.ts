import type { FastifyRequest } from 'fastify'
import { PROBLEM_TYPE } from '@vpp-ts/http/internal'
import { z } from 'zod'
import type { ChangeRequest, ConflictManner } from '../desired/change.ts'
import type { Declaration } from '../desired/declaration.ts'
import { conflictError, tagOf } from '../desired/plan-change.ts'
import type { Instance } from '../instance/instance.ts'
import { InvalidItemError, type ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { AgentError } from '../model/errors.ts'
import { problemOf, type Problem } from '../web/problem.ts'
import { DescribedBody, query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'
import { bulkSchema, declarationOfKind, parseItems, type BulkItem, type Parsed } from './bulk.ts'
import { collectionsOf, fieldsOfKey, pathOf, refOfPath, type KindCollection } from './collections.ts'
import { instanceOf, type RestContext } from './context.ts'
import { itemDetailRoute } from './item-detail.ts'
import { manyOf } from '../model/json-list.ts'
import { inTurns } from '../model/turns.ts'
import { sendList } from '../web/long-answers.ts'
import { pageOf, paging } from './paging.ts'
import { withSecrets } from './secrets.ts'
import { desiredSchemaOf, desiredView, statusSchema, statusView } from './views.ts'
import { write, writing, type Exchange } from './writing.ts'

/** Table of a route in a query. */
const anyTable = wholeInQuery(0, 0xffff_fffe).optional()
const table = wholeInQuery(0, 0xffff_fffe).default(0)

/** The rest of a path as a key, so that prefixes and names with slashes need not be encoded. */
export const keyInPath = z
  .looseObject({ '*': z.string() })
  .transform(({ '*': key, ...others }) => ({ ...others, key }))

/** `GET`, `POST`, `PUT` and `DELETE` for each kind of item. */
export function itemRoutes(app: ZodServer, context: RestContext): void {
  itemDetailRoute(app, context)
  for (const collection of collectionsOf(context.agent.kinds)) {
    if (collection.kind !== 'interface') readRoutes(app, context, collection)
    postRoute(app, context, collection)
    putRoute(app, context, collection)
    deleteRoute(app, context, collection)
  }
}

function readRoutes(
  app: ZodServer,
  context: RestContext,
  { path, kind, key, hasTable }: KindCollection,
): void {
  app.get(
    `/${path}`,
    {
      schema: {
        summary: `Items of kind ${kind}, and their status`,
        tags: [path],
        querystring: query({ ...paging, ...(hasTable === true ? { table: anyTable } : {}) }),
        response: { 200: z.object({ total: z.int(), items: z.array(desiredSchemaOf(context.agent.kinds)) }) },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const { table: wanted } = request.query as { table?: number }
      await instance.declared.known()
      const { total, entries } = await pageOf(
        instance.declared.keptOf(kind),
        request.query,
        ({ ref }) => ref.key,
        ({ item }) => wanted === undefined || !('table' in item) || item.table === wanted,
      )
      return { total, items: entries.map((kept) => desiredView(instance, kept)) }
    },
  )
  app.get(
    `/${path}/*`,
    {
      schema: {
        summary: `An item of kind ${kind} (key: ${key}), and its status`,
        tags: [path],
        params: keyInPath,
        querystring: query(hasTable === true ? { table } : {}),
        response: { 200: desiredSchemaOf(context.agent.kinds) },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const ref = refOfRequest(instance.declared.kinds, kind, request.params.key, request.query)
      await instance.declared.known()
      const kept = instance.declared.state.keptOf(ref)
      if (kept === undefined) throw unknown(instance, ref)
      await reply.header('etag', quoted(tagOf(kept))).send(desiredView(instance, kept))
    },
  )
}

function postRoute(app: ZodServer, context: RestContext, { path, kind, schema }: KindCollection): void {
  app.post(
    `/${path}`,
    {
      schema: {
        summary: `Put an item of kind ${kind}, or an array of them`,
        tags: [path],
        querystring: query(writing),
        body: new DescribedBody(z.union([schema, z.array(schema)])),
        response: {
          200: z.union([statusSchema, bulkSchema]),
          201: statusSchema,
          202: z.union([statusSchema, bulkSchema]),
          207: bulkSchema,
        },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { kinds } = instance.declared
      const exchange = { request, reply, ...request.query }
      const many = manyOf(request.body)
      if (many === undefined) {
        await putOne(instance, declarationOfKind(kinds, request.body, kind, kind), exchange)
      } else await putMany(instance, await parseItems(instance.declared, many, kind), exchange)
    },
  )
}

function putRoute(app: ZodServer, context: RestContext, collection: KindCollection): void {
  const { path, kind, key, hasTable, schema } = collection
  app.put(
    `/${path}/*`,
    {
      schema: {
        summary: `Put the item of kind ${kind} with this key (${key}); the body need not repeat it`,
        tags: [path],
        params: keyInPath,
        querystring: query({ ...writing, ...(hasTable === true ? { table } : {}) }),
        headers: preconditions,
        body: new DescribedBody(schema),
        response: { 200: statusSchema, 201: statusSchema, 202: statusSchema },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const { kinds } = instance.declared
      const ref = refOfRequest(kinds, kind, request.params.key, request.query)
      const declaration = declarationOfKind(kinds, request.body, kind, kind, fieldsOfKey(kinds, ref))
      if (declaration.ref.key !== ref.key) {
        const message = `the path says ${JSON.stringify(ref.key)}, the item ${JSON.stringify(declaration.ref.key)}`
        throw new InvalidItemError(kind, [{ field: '', message }])
      }
      await putOne(instance, declaration, { request, reply, ...request.query })
    },
  )
}

function deleteRoute(
  app: ZodServer,
  context: RestContext,
  { path, kind, key, hasTable }: KindCollection,
): void {
  app.delete(
    `/${path}/*`,
    {
      schema: {
        summary: `Drop the item of kind ${kind} with this key (${key})`,
        tags: [path],
        params: keyInPath,
        querystring: query({ ...writing, ...(hasTable === true ? { table } : {}) }),
        headers: preconditions,
        response: { 202: statusSchema, 204: z.null().describe('Removed from VPP.') },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      const ref = refOfRequest(instance.declared.kinds, kind, request.params.key, request.query)
      await instance.declared.known()
      if (!instance.declared.exists(ref)) throw unknown(instance, ref)
      const exchange = { request, reply, ...request.query }
      const { result, told } = await write(
        instance,
        { drop: [ref], precondition: preconditionOf(request, ref) },
        exchange,
      )
      const status = instance.status(ref)
      if (told && status === undefined) return await reply.code(204).send()
      // Another origin may declare it too, and then it stays.
      const view = statusView(ref, status)
      return await reply.code(202).send(result.removed.length > 0 ? { ...view, state: 'removing' } : view)
    },
  )
}

/** Headers by which a caller says what it takes an item for. */
const preconditions = z.looseObject({
  'if-match': z.string().optional().describe('Only while the item has this ETag; `*`: only while it exists.'),
  'if-none-match': z.literal('*').optional().describe('Only while the item does not exist.'),
})

function preconditionOf({ headers }: FastifyRequest, ref: ItemRef): ChangeRequest['precondition'] {
  const { 'if-match': match, 'if-none-match': none } = headers
  if (none !== undefined) return { ref, tag: null }
  if (match === undefined) return undefined
  return { ref, tag: match.trim().replace(/^"(.*)"$/, '$1') }
}

function quoted(tag: string): string {
  return `"${tag}"`
}

/** Puts an item and responds with its status once it was applied to VPP, or else 202. */
export async function putOne(instance: Instance, given: Declaration, exchange: Exchange): Promise<void> {
  const { request, reply } = exchange
  const { ref } = given
  const put = [await withSecrets(instance.declared, given)]
  const { result, told } = await write(
    instance,
    { put, precondition: preconditionOf(request, ref) },
    exchange,
  )
  const created = result.created.length > 0
  if (created) void reply.header('location', locationOf(instance, ref))
  const kept = instance.declared.state.keptOf(ref)
  if (kept !== undefined) void reply.header('etag', quoted(tagOf(kept)))
  const status = statusView(ref, told ? instance.status(ref) : undefined)
  if (status.state === 'failed') await reply.code(422).type(PROBLEM_TYPE).send(refusal(status))
  else await reply.code(status.state !== 'applied' ? 202 : created ? 201 : 200).send(status)
}

function locationOf({ name: instance, declared }: Instance, ref: ItemRef): string {
  const { collection, name, table: of } = pathOf(declared.kinds, ref)
  const rest = of === null ? '' : `?table=${of}`
  return `/api/v1/instances/${encodeURIComponent(instance)}/${collection}/${encodeURIComponent(name)}${rest}`
}

/** VPP has said no; the item is kept and tried again. */
function refusal({ kind, key, error }: z.infer<typeof statusSchema>): Problem {
  const { message = 'VPP has refused it', code = 'VPP_API_ERROR', ...facts } = error ?? {}
  const detail = `${kind} ${key}: ${message}; the item is kept and will be tried again`
  return { title: 'Unprocessable Entity', status: 422, detail, code, ...facts }
}

/** Puts those of many items that nothing is wrong with, and answers for each. */
export async function putMany(instance: Instance, parsed: Parsed, exchange: Exchange): Promise<void> {
  const { reply, allOrNothing } = exchange
  const { count, put } = parsed
  const problems = new Map(parsed.problems)
  if (allOrNothing && problems.size > 0) throw wrongItems(problems)
  const manner: ConflictManner = allOrNothing ? 'fail' : 'skip'
  const { result, told } = await write(instance, { put, conflicts: manner }, exchange)
  if (result.conflicts.length > 0) addConflicts(parsed, result.conflicts, problems)
  const answerOf = ({ index, ref }: Placed): BulkItem => {
    const problem = problems.get(index)
    if (problem !== undefined || ref === undefined) {
      return { index, accepted: false, ...(problem === undefined ? {} : { problem }) }
    }
    return { index, accepted: true, status: statusView(ref, told ? instance.status(ref) : undefined) }
  }
  const refused = problems.size
  const head = { accepted: count - refused, refused, revision: result.revision }
  const allApplied = told && refused === 0 && (await areApplied(instance, put))
  void reply.code(bulkCode(count, refused, told, allApplied))
  await sendList(reply, head, 'items', placesOf(parsed), answerOf)
}

async function areApplied(instance: Instance, put: Iterable<Declaration>): Promise<boolean> {
  let all = true
  await inTurns(put, ({ ref }) => {
    if (instance.status(ref)?.state !== 'applied') all = false
  })
  return all
}

/** A place of the request, with the item that nothing was wrong with. */
interface Placed {
  readonly index: number
  readonly ref: ItemRef | undefined
}

function* placesOf({ count, put, problems }: Parsed): Iterable<Placed> {
  const declarations = put[Symbol.iterator]()
  for (let index = 0; index < count; index++) {
    yield { index, ref: problems.has(index) ? undefined : declarations.next().value?.ref }
  }
}

function addConflicts(
  parsed: Parsed,
  conflicts: readonly Parameters<typeof conflictError>[0][],
  problems: Map<number, Problem>,
): void {
  const known = new Map(conflicts.map((conflict) => [idOf(conflict.ref), conflict]))
  for (const { index, ref } of placesOf(parsed)) {
    const conflict = ref === undefined ? undefined : known.get(idOf(ref))
    if (conflict !== undefined) problems.set(index, problemOf(conflictError(conflict)))
  }
}

function idOf({ kind, key }: ItemRef): string {
  return `${kind} ${key}`
}

/** The error for items of a request that is made as a whole or not at all. */
export function wrongItems(problems: ReadonlyMap<number, Problem>): InvalidItemError {
  const wrong = [...problems].flatMap(([index, { detail, problems: ofFields }]) =>
    (ofFields ?? [{ field: '', message: detail }]).map(({ field, message }) => ({
      field: field === '' ? String(index) : `${index}.${field}`,
      message,
    })),
  )
  return new InvalidItemError(`${problems.size} of the items`, wrong)
}

function bulkCode(count: number, refused: number, told: boolean, allApplied: boolean): number {
  if (refused > 0) return refused === count ? 400 : 207
  if (!told) return count === 0 ? 200 : 202
  return allApplied ? 200 : 207
}

function refOfRequest(kinds: Kinds, kind: string, key: string, parameters: object): ItemRef {
  const { table: of = 0 } = parameters as { table?: number }
  return refOfPath(kinds, kind, key, of)
}

function unknown(instance: Instance, { kind, key }: ItemRef): AgentError {
  return new AgentError('AGENT_UNKNOWN_ITEM', `instance "${instance.name}" has no ${kind} "${key}"`)
}
