import { Components } from './components.ts'
import type { JsonSchema } from './json-schema.ts'
import { operationOf } from './operation.ts'
import type { RouteShape } from './route.ts'

/** What the document says about the whole API. */
export interface OpenApiOptions {
  readonly title: string
  readonly version: string
  /** Path below which the routes are, without a slash at its end. Default: none. */
  readonly prefix?: string | undefined
  /** Whether requests must carry a bearer token. Default: not. */
  readonly token?: boolean | undefined
}

/** An OpenAPI 3.1 document; `JSON.stringify` takes it as it is. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, object>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** RFC 9457, with what vpp-ts adds. */
const PROBLEM: JsonSchema = {
  type: 'object',
  properties: {
    title: { type: 'string', description: 'The status in words.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What is wrong, and what to do.' },
    code: { type: 'string', description: 'Stable name of the error.' },
    path: { type: 'string', description: 'Where in the request, as in route.paths[3].nh.' },
    retval: { type: 'integer', description: "VPP's number, when VPP has refused." },
    name: { type: 'string', description: "VPP's name of it, such as INVALID_SW_IF_INDEX." },
  },
  required: ['title', 'status', 'detail', 'code'],
}

/**
 * The OpenAPI 3.1 document of routes.
 * @param routes in the order of the document
 */
export function openApiDocument(routes: Iterable<RouteShape>, options: OpenApiOptions): OpenApiDocument {
  const components = new Components({ reserved: ['problem'], joinsAlike: true })
  const paths: Record<string, object> = {}
  const tags = new Set<string>()
  for (const route of routes) {
    const { verb, operation } = operationOf(route, components)
    tags.add(route.module)
    paths[`${options.prefix ?? ''}/${route.module}/${route.name}`] = { [verb]: operation }
  }
  const description = 'The request could not be carried out; `code` and `detail` say why'
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } }
  const { title, version } = options
  const token = { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } }
  return {
    openapi: '3.1.0',
    info: { title, version },
    ...(options.token === true ? { security: [{ token: [] }] } : {}),
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      schemas: { problem: PROBLEM, ...components.schemas() },
      responses: { problem: { description, content } },
      ...(options.token === true ? token : {}),
    },
  } as OpenApiDocument
}
