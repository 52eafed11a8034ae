import { z } from 'zod'
import { ITEM_STATES } from '../status/item-status.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'
import { NODE_TYPES, RELATIONS, topologyOf } from './topology.ts'

const topologySchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      type: z.enum(NODE_TYPES).describe('hop: a neighbour or a next hop.'),
      name: z.string(),
      about: z.string().describe('Addresses, device or type, in words.'),
      up: z.boolean().nullable().describe('For interfaces: administratively up with a link.'),
      item: z.object({ kind: z.string(), key: z.string() }).nullable(),
      state: z.enum(ITEM_STATES).nullable().describe('Of the item.'),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      relation: z.enum(RELATIONS),
      interface: z.string().nullable().describe('The interface that its packets use.'),
      routes: z.int().describe('Routes that use a next hop.'),
    }),
  ),
})

/** The network of a VPP as a graph. */
export type TopologyView = z.infer<typeof topologySchema>

/** The network of a VPP as a graph. */
export function topologyRoutes(app: ZodServer, context: RestContext): void {
  app.get(
    '/topology',
    {
      schema: {
        summary: 'Interfaces, bonds, bridges, tables, neighbours and next hops as a graph',
        description:
          'What VPP has as of the last look, and what it should have. Routes are counted by next hop.',
        tags: ['state'],
        querystring: query({}),
        response: { 200: topologySchema },
      },
    },
    async (request) => {
      const instance = instanceOf(context, request)
      await instance.declared.known()
      const { nodes, edges } = await topologyOf(
        instance,
        await context.telemetry.of(instance).interfaces.read(),
      )
      return { nodes: [...nodes], edges: [...edges] }
    },
  )
}
