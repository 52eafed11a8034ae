import { z } from 'zod'
import type { ChangeRequest } from '../desired/change.ts'
import { API_ORIGIN } from '../desired/declared-items.ts'
import type { Proposal } from '../desired/proposal.ts'
import type { ItemDifference } from '../desired/revisions.ts'
import type { Instance } from '../instance/instance.ts'
import { AgentError } from '../model/errors.ts'
import { manyOf, type Many } from '../model/json-list.ts'
import type { RouteAccess } from '../web/route-access.ts'
import { RequestError } from '../web/request-error.ts'
import { DescribedBody, flag, query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'
import { parseItems } from './bulk.ts'
import { instanceOf, type RestContext } from './context.ts'
import { diffOf } from './item-diff.ts'
import { wrongItems } from './item-routes.ts'
import { conflictSchema, conflictView, planSchema, planView } from './views.ts'
import { originName } from './writing.ts'

/** Items of a proposal that are listed one by one, unless a query asks for more. */
const TOLD = 1000

const calls = flag.describe('Include the requests to VPP for each change.')
const limit = wholeInQuery(0, 100_000).default(TOLD).describe('Maximum number of items to list.')

const itemChangeSchema = z.object({
  kind: z.string(),
  key: z.string(),
  action: z.enum(['create', 'change', 'remove']),
  diff: z.string().describe('`-` before, `+` after; secrets are hidden.'),
})

const proposedSchema = planSchema.extend({
  created: z.int().describe('Items that would be created.'),
  changed: z.int(),
  removed: z.int(),
  items: z.array(itemChangeSchema),
  conflicts: z.array(conflictSchema).describe('Items that another origin declares differently.'),
  held: z
    .string()
    .nullable()
    .describe('Why the change would be refused unless it confirms its deletions; null if it would not.'),
})

/** What a change of the desired items would do. */
export type ProposedView = z.infer<typeof proposedSchema>

const dropSchema = z.array(z.strictObject({ kind: z.string(), key: z.string() }))

/** What would be changed: now, or by a change of the items that is only proposed. */
export function planRoutes(app: ZodServer, context: RestContext): void {
  const { kinds } = context.agent
  app.get(
    '/plan',
    {
      schema: {
        summary: 'What an apply would change now',
        tags: ['state'],
        querystring: query({ calls }),
        response: { 200: planSchema },
      },
    },
    async (request) => planView(await instanceOf(context, request).plan({ calls: request.query.calls })),
  )
  app.post(
    '/plan',
    {
      config: { readOnly: true } satisfies RouteAccess,
      schema: {
        summary: 'The effect of a change on the items and VPP; nothing is changed',
        description:
          'The body is a list of items to put, or an object with items to put and keys to drop. In the agent nothing is written, and VPP is only asked what it has.',
        tags: ['state'],
        querystring: query({
          origin: originName.default(API_ORIGIN),
          whole: flag.describe(
            'The items would be all that the origin declares; its others would be dropped.',
          ),
          takeOver: flag.describe('Take over items declared by another origin.'),
          calls,
          limit,
        }),
        body: new DescribedBody(
          z.union([
            z.array(kinds.itemSchema),
            z.strictObject({ put: z.array(kinds.itemSchema).optional(), drop: dropSchema.optional() }),
          ]),
        ),
        response: { 200: proposedSchema },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const { origin, whole, takeOver, ...told } = request.query
      const { put: given, drop } = bodyOf(request.body)
      const { put, problems } = await parseItems(instance.declared, given, undefined)
      if (problems.size > 0) throw wrongItems(problems)
      const conflicts = takeOver ? 'take-over' : whole ? 'beside' : 'skip'
      const change: ChangeRequest = { origin, put, drop, whole, conflicts }
      const { proposal, held } = await proposalOf(instance, change)
      return await proposedView(instance, proposal, { held, ...told })
    },
  )
  app.get(
    '/revisions/:number/rollback',
    {
      schema: {
        summary: 'The effect of a rollback on the items and VPP; nothing is changed',
        tags: ['history'],
        params: z.looseObject({ number: wholeInQuery(0, Number.MAX_SAFE_INTEGER) }),
        querystring: query({ calls, limit }),
        response: { 200: proposedSchema },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      const proposal = await instance.declared.proposeRollBack(request.params.number)
      return await proposedView(instance, proposal, { held: null, ...request.query })
    },
  )
}

function bodyOf(body: unknown): { put: Many<unknown>; drop: z.infer<typeof dropSchema> } {
  const list = manyOf(body)
  if (list !== undefined) return { put: list, drop: [] }
  const { put: given, drop = [], ...others } = (body ?? {}) as Record<string, unknown>
  const put = given === undefined ? [] : manyOf(given)
  const dropped = dropSchema.safeParse(drop)
  if (put !== undefined && dropped.success && Object.keys(others).length === 0) {
    return { put, drop: dropped.data }
  }
  const message = 'body: expected an array of items, or {"put": [item…], "drop": [{"kind": …, "key": …}…]}'
  throw new RequestError('AGENT_REQUEST', message)
}

async function proposalOf(
  { declared }: Instance,
  change: ChangeRequest,
): Promise<{ proposal: Proposal; held: string | null }> {
  try {
    return { proposal: await declared.propose(change), held: null }
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== 'AGENT_DELETION_GUARD') throw error
    return {
      proposal: await declared.propose({ ...change, confirmDeletions: true }),
      held: error.message,
    }
  }
}

async function proposedView(
  instance: Instance,
  proposal: Proposal,
  told: { readonly held: string | null; readonly calls: boolean; readonly limit: number },
): Promise<ProposedView> {
  const { kinds } = instance.declared
  const { differences, conflicts } = proposal
  const actions = differences.map(actionOf)
  const count = (action: string): number => actions.filter((it) => it === action).length
  const plan = await instance.plan({ proposal, calls: told.calls })
  return {
    ...planView(plan),
    created: count('create'),
    changed: count('change'),
    removed: count('remove'),
    items: differences.slice(0, told.limit).map((it) => ({
      kind: it.ref.kind,
      key: it.ref.key,
      action: actionOf(it),
      diff: diffOf(kinds, it),
    })),
    conflicts: conflicts.map(conflictView),
    held: told.held,
  }
}

function actionOf({ before, after }: ItemDifference): 'create' | 'change' | 'remove' {
  if (before === undefined) return 'create'
  return after === undefined ? 'remove' : 'change'
}
