import { z } from 'zod'
import type { Dump } from '../reconcile/dump.ts'
import { API_ORIGIN } from '../desired/declared-items.ts'
import { RequestError } from '../web/request-error.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'

const dumpSchema = z.object({
  items: z
    .array(z.record(z.string(), z.unknown()))
    .describe('Items in their shortest form, in the order of kinds and keys.'),
  leftOut: z
    .array(
      z.object({
        kind: z.string(),
        key: z.string(),
        reason: z.string(),
        isOwn: z
          .boolean()
          .describe("It carries the agent's mark; the agent removes it unless it is declared."),
      }),
    )
    .describe("What items cannot express of VPP's state, and why."),
})
const adoptedSchema = dumpSchema.extend({
  declared: z.int().describe('Items that were not declared before.'),
  objects: z.int().describe("Objects in VPP that were not the agent's before."),
})

/** What VPP has as items, as JSON. */
export type DumpView = z.infer<typeof dumpSchema>
/** What was taken over, as JSON. */
export type AdoptedView = z.infer<typeof adoptedSchema>

const kind = z.string().optional().describe('Only items of these kinds, separated by commas; default: all.')

/** What VPP has as items, and taking it over. */
export function dumpRoutes(app: ZodServer, context: RestContext): void {
  const onlyOf = (text: string | undefined): ReadonlySet<string> | undefined => {
    if (text === undefined) return undefined
    const names = text.split(',')
    const unknown = names.find((name) => !context.agent.kinds.items.has(name))
    if (unknown === undefined) return new Set(names)
    throw new RequestError('AGENT_REQUEST', `query: kind: there is no kind ${JSON.stringify(unknown)}`)
  }
  app.get(
    '/dump',
    {
      schema: {
        summary: "VPP's state, whoever created it, as items that change nothing when they are taken over",
        tags: ['state'],
        querystring: query({ kind }),
        response: { 200: dumpSchema },
      },
    },
    async (request) => dumpView(await instanceOf(context, request).dump(onlyOf(request.query.kind))),
  )
  app.post(
    '/adopt',
    {
      schema: {
        summary: 'Take over what VPP has and is not declared yet; VPP is not changed',
        tags: ['state'],
        querystring: query({
          kind,
          origin: z
            .string()
            .regex(/^[\w.-]{1,63}$/, 'expected letters, digits and "._-"')
            .default(API_ORIGIN),
        }),
        response: { 200: adoptedSchema },
      },
    },
    async (request) => {
      const { origin, kind: of } = request.query
      const adopted = await instanceOf(context, request).adopt({ origin, only: onlyOf(of) })
      const { declared, objects } = adopted
      return { ...dumpView(adopted), declared: declared.length, objects }
    },
  )
}

function dumpView({ items, leftOut }: Pick<Dump, 'items' | 'leftOut'>): DumpView {
  return { items: [...items], leftOut: [...leftOut] }
}
