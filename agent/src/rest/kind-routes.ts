import { z } from 'zod'
import { documentationOfAll, fileSchema } from '../kinds/documentation.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import type { RestContext } from './context.ts'

const SCHEMA_TYPE = 'application/schema+json'
const json = z.record(z.string(), z.unknown())

const kindSchema = z.object({
  kind: z.string(),
  collection: z.string().describe('Path of its items below an instance, as `routes`.'),
  keyFields: z.array(z.string()).describe('Fields that make the key; none for a kind with one item at most.'),
  description: z.string(),
  secrets: z.array(z.string()).describe('Fields that appear in no answer.'),
  examples: z.array(json).describe('Items as they may be written.'),
  schema: json.describe('JSON Schema of an item as it is written, with a description of every field.'),
})

/** A kind of items. */
export type KindView = z.infer<typeof kindSchema>

/** What items can be: their kinds, and schemas for editors and forms. */
export function kindRoutes(app: ZodServer, { agent: { kinds } }: RestContext): void {
  const documented = documentationOfAll(kinds)
  const schema = fileSchema(kinds)
  app.get(
    '/kinds',
    {
      schema: {
        summary: 'Kinds of items: what each is for, its key, its fields, examples',
        tags: ['kinds'],
        querystring: query({}),
        response: { 200: z.object({ kinds: z.array(kindSchema) }) },
      },
    },
    () => ({ kinds: documented }),
  )
  app.get(
    '/schema',
    {
      schema: {
        summary: 'JSON Schema of a file of items, for editors',
        tags: ['kinds'],
        querystring: query({}),
        response: { 200: { description: 'JSON Schema', content: { [SCHEMA_TYPE]: { schema: json } } } },
      },
    },
    async (_request, reply) => {
      await reply.type(SCHEMA_TYPE).send(JSON.stringify(schema))
    },
  )
}
