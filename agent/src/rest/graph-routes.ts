import { z } from 'zod'
import { ITEM_STATES } from '../status/item-status.ts'
import { RequestError } from '../web/request-error.ts'
import { query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'

const graphSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string().describe('Kind and key.'),
      kind: z.string(),
      key: z.string(),
      items: z.array(z.object({ kind: z.string(), key: z.string() })).describe('Items that it belongs to.'),
      isDeclared: z.boolean().describe('False for objects that others need and no item declares.'),
      state: z.enum(ITEM_STATES).nullable().describe('Of the first item that it belongs to.'),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string().describe('Created before `from`, and removed after it.'),
      isNeed: z.boolean().describe('False if `from` can exist without it.'),
    }),
  ),
  omitted: z.int().describe('Objects beyond the limit.'),
})

/** Objects and what they need, as JSON. */
export type GraphView = z.infer<typeof graphSchema>

/** The desired objects as a graph. */
export function graphRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/graph',
    {
      schema: {
        summary: 'Desired objects and their dependencies',
        tags: ['state'],
        querystring: query({
          kind: z
            .string()
            .optional()
            .describe('Only objects of these kinds and what they need; default: all but routes.'),
          limit: wholeInQuery(1, 100_000).default(1000).describe('Maximum number of objects.'),
        }),
        response: { 200: graphSchema },
      },
    },
    async (request): Promise<GraphView> => {
      const instance = instanceOf(context, request)
      const { kind, limit } = request.query
      const names = kind?.split(',')
      const unknown = names?.find((name) => !context.agent.kinds.objects.has(name))
      if (unknown !== undefined) {
        const message = `query: kind: there is no object kind ${JSON.stringify(unknown)}`
        throw new RequestError('AGENT_REQUEST', message)
      }
      const only = names === undefined ? undefined : new Set(names)
      const { nodes, edges, omitted } = await instance.graph({ only, limit })
      return {
        nodes: nodes.map(({ items, ...node }) => {
          const [first] = items
          const state = first === undefined ? undefined : instance.status(first)?.state
          return { ...node, items: [...items], state: state ?? null }
        }),
        edges: [...edges],
        omitted,
      }
    },
  )
}
