import { suggest } from '@vpp-ts/runtime/dynamic'
import { z } from 'zod'
import { declaredOf } from '../desired/declared-items.ts'
import { tagOf } from '../desired/plan-change.ts'
import type { Instance } from '../instance/instance.ts'
import type { ItemRef } from '../kinds/item.ts'
import { AgentError } from '../model/errors.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import { pathOf, refOfPath } from './collections.ts'
import { instanceOf, type RestContext } from './context.ts'
import { withoutSecrets } from './secrets.ts'
import { statusSchema, statusView } from './views.ts'

/** Keys among which one is looked for that resembles a wrong one. */
const MOST_KEYS = 10_000

const detailSchema = z.object({
  kind: z.string(),
  key: z.string(),
  collection: z.string().describe('First part of its path, such as `routes`.'),
  name: z.string().describe('Last part of its path, decoded, such as `10.0.0.0/8`.'),
  table: z.int().nullable().describe('Parameter `table` of its path; null for kinds without tables.'),
  tag: z.string().nullable().describe('Its ETag; null if it is no longer desired.'),
  given: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('As declared; secrets are hidden. Null if it is no longer desired.'),
  status: statusSchema.extend({
    waitsFor: z.string().nullable().describe('What is missing, such as `interface "lan"`.'),
    nextTry: z.iso.datetime().nullable().describe('Time of the next attempt.'),
  }),
  declarations: z
    .array(
      z.object({
        origin: z.string(),
        inForce: z.boolean(),
        where: z.string().nullable().describe('File and line, for items of a folder.'),
      }),
    )
    .describe('Declarations, the one in force first.'),
})

/** An item in full. */
export type ItemDetail = z.infer<typeof detailSchema>

/** Items one by one, by kind and key, with all that is known of them. */
export function itemDetailRoute(app: ZodServer, context: RestContext): void {
  app.get(
    '/items/:kind/*',
    {
      schema: {
        summary:
          'An item by kind and key: how it stands and since when, what it waits for, who declares it and where',
        tags: ['state'],
        params: z
          .looseObject({ kind: z.string(), '*': z.string() })
          .transform(({ '*': key, ...others }) => ({ ...others, key })),
        querystring: query({}),
        response: { 200: detailSchema },
      },
    },
    async (request): Promise<ItemDetail> => {
      const instance = instanceOf(context, request)
      const { kind, key } = request.params
      await instance.declared.known()
      const ref = await refOf(instance, kind, key)
      const kept = instance.declared.state.keptOf(ref)
      const given = await instance.declared.given(ref)
      const { waitsFor, nextTry } = instance.waitOf(ref)
      const of = kept === undefined ? undefined : declaredOf(kept)
      const origins = of === undefined ? [] : [of.origin, ...of.others.map(({ origin }) => origin)]
      const { kinds } = instance.declared
      return {
        ...ref,
        ...pathOf(kinds, ref),
        tag: kept === undefined ? null : tagOf(kept),
        given: given === undefined ? null : withoutSecrets(kinds, ref.kind, given),
        status: {
          ...statusView(ref, instance.status(ref)),
          waitsFor: waitsFor ?? null,
          nextTry: nextTry?.toISOString() ?? null,
        },
        declarations: await Promise.all(
          origins.map(async (origin, at) => {
            const source = context.agent.sources.find(
              (it) => it.instance === instance.name && it.origin === origin,
            )
            return { origin, inForce: at === 0, where: (await source?.find(ref)) ?? null }
          }),
        ),
      }
    },
  )
}

/**
 * The item that is meant: by its whole key, or by what its path has.
 * @throws AgentError `AGENT_UNKNOWN_ITEM`, with names that resemble the wrong one
 */
async function refOf(instance: Instance, kind: string, key: string): Promise<ItemRef> {
  const { declared, name } = instance
  const { kinds } = declared
  if (!kinds.items.has(kind)) {
    const near = suggest(kind, [...kinds.items.keys()])
    throw unknown(`there is no kind "${kind}"`, near)
  }
  const whole = { kind, key }
  const candidates = [whole]
  try {
    candidates.push(refOfPath(kinds, kind, key, 0))
  } catch (error) {
    // It may be the key of an item that is being removed, or nothing that there can be.
    if (!(error instanceof AgentError)) throw error
  }
  const found = candidates.find((ref) => declared.exists(ref) || instance.status(ref) !== undefined)
  if (found !== undefined) return found
  const keys: string[] = []
  for (const { ref } of declared.keptOf(kind)) {
    if (keys.push(ref.key) === MOST_KEYS) break
  }
  throw unknown(`instance "${name}" has no ${kind} "${key}"`, suggest(key, keys))
}

function unknown(problem: string, near: readonly string[]): AgentError {
  const hint = near.length === 0 ? '' : `; did you mean ${near.map((it) => `"${it}"`).join(' or ')}?`
  return new AgentError('AGENT_UNKNOWN_ITEM', `${problem}${hint}`)
}
