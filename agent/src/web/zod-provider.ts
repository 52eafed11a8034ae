import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { RequestError } from './request-error.ts'

/** What a route takes, as its zod schemas say. */
export interface ZodProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
}

/** A server whose routes have zod schemas. */
export type ZodServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodProvider
>

/** The schema of a body that the route itself checks, item by item; only for the documentation. */
export class DescribedBody {
  readonly schema: z.ZodType

  constructor(schema: z.ZodType) {
    this.schema = schema
  }
}

/** Checks parts of a request by zod schemas, and takes what comes out of them. */
export const checkByZod: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) return (value) => ({ value })
  return (value) => {
    const result = schema.safeParse(value ?? undefined)
    if (result.success) return { value: result.data }
    const problems = result.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      message: issue.message,
    }))
    const lines = problems.map(({ field, message }) => `${field === '' ? '' : `${field}: `}${message}`)
    const where = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request')
    return { error: new RequestError('AGENT_REQUEST', `${where}: ${lines.join('; ')}`, problems) }
  }
}

/** `true` or `false` in a query; left out: false. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true')

/** A whole number in a query. */
export function wholeInQuery(least: number, most: number) {
  const expected = `expected a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,16}$/, expected)
    .transform(Number)
    .pipe(z.number().min(least, expected).max(most, expected))
}

/** Parameters of a query. Under the short paths `instance` names the VPP; left out, it is the first. */
export function query<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject({ instance: z.string().optional(), ...shape })
}
