import { z } from 'zod'
import { documentationOfAll, fileSchema } from '../kinds/documentation.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import type { RestContext } from './context.ts'

const SCHEMA_TYPE = 'application/schema+json'
const json = z.record(z.string(), z.unknown())

const kindSchema = z.object({
  kind: z.string(),
  collection: z.string().describe('Path of its items below an instance, such as `routes`.'),
  keyFields: z.array(z.string()).describe('Fields that form the key; none for a kind with at most one item.'),
  description: z.string(),
  secrets: z.array(z.string()).describe('Fields that never appear in responses.'),
  examples: z.array(json).describe('Example items.'),
  schema: json.describe('JSON Schema of an item as written in files, with a description of every field.'),
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
        summary: 'Kinds of items with purpose, key, fields and examples',
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
        summary: 'JSON Schema of item files, for editors',
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
