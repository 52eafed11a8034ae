import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { PROBLEM_TYPE } from '@vpp-ts/http/internal'
import { z } from 'zod'
import { problemSchema } from './problem.ts'
import type { RouteAccess } from './route-access.ts'
import { DescribedBody } from './zod-provider.ts'

const DESCRIPTION = `Desired and actual state of one or more VPPs. Every path below
\`/api/v1/instances/{instance}\` also works without this prefix; the parameter \`instance\` then names the VPP, which is the
first one by default. Items are returned with all defaults filled in.`

/** In a route's `config`: the path under which it is documented, such as `/interfaces/{key}/state`. */
export interface DocumentedPath {
  readonly path?: string
}

/**
 * Documents all routes added afterwards: OpenAPI 3.1 at `/openapi.json`, and a page at `/documentation`.
 * @param icon of the page, as SVG
 */
export async function documentRoutes(app: FastifyInstance, version: string, icon: Buffer): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'vpp-ts-agent',
        description: DESCRIPTION,
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    transform: ({ schema, url, route }) => {
      const path = pathOf(url, (route.config ?? {}) as DocumentedPath)
      const [method = 'GET'] = [route.method].flat()
      return { schema: described(schema, path, method), url: path }
    },
  })
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      const config: RouteAccess = { public: true }
      route.config = { ...route.config, ...config }
    })
    scope.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
    await scope.register(swaggerUi, {
      routePrefix: '/documentation',
      // This layout has no bar with the mark of those who made the page.
      uiConfig: { validatorUrl: null, deepLinking: true, layout: 'BaseLayout' },
      logo: { type: 'image/svg+xml', content: icon },
      theme: {
        title: 'vpp-ts-agent API',
        favicon: [{ filename: 'agent.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
      },
      staticCSP: STATIC_POLICY,
    })
  })
}

/** The page puts styles into its elements, and pictures into its style sheets. */
const STATIC_POLICY = {
  'default-src': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
}

/** A route's path with its parameters in colons, as fastify writes them; the rest of a path is called `key`. */
function pathOf(url: string, { path }: DocumentedPath): string {
  if (path === undefined) return url.replace('/*', '/:key').replace(/(.)\/$/, '$1')
  const common = url.slice(0, url.indexOf('/*'))
  const at = common.lastIndexOf('/')
  return common.slice(0, at) + path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Name of an operation among all, as `getInterfacesKey`. */
function nameOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1\/(instances\/:instance)?/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
  const all = words.length === 0 ? ['instance'] : words
  return method.toLowerCase() + all.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Parameters of a path, each text. */
function parametersOf(path: string): object | undefined {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  if (names.length === 0) return undefined
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
  return { type: 'object', properties, required: names }
}

/** A route's schemas as the document has them. */
function described(schema: FastifySchema | undefined, path: string, method: string): FastifySchema {
  if (schema === undefined || (schema as { hide?: boolean }).hide === true) return schema ?? {}
  const { params: _params, querystring, headers, body, response, ...rest } = schema
  const params = parametersOf(path)
  const problem = {
    description: 'What is wrong.',
    content: { [PROBLEM_TYPE]: { schema: jsonSchema(problemSchema) } },
  }
  const named = { ...rest, operationId: nameOf(method, path) }
  return {
    ...named,
    ...(params === undefined ? {} : { params }),
    ...(querystring === undefined ? {} : { querystring: jsonSchema(querystring) }),
    ...(headers === undefined ? {} : { headers: jsonSchema(headers) }),
    ...(body === undefined ? {} : { body: jsonSchema(body) }),
    response: {
      ...responsesOf((response ?? { 200: z.looseObject({}) }) as Readonly<Record<string, unknown>>),
      '4XX': problem,
      '5XX': problem,
    },
  }
}

function responsesOf(responses: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      if (response instanceof z.ZodType) {
        return [status, { description: STATUS_TEXT[status] ?? 'Done.', ...jsonSchema(response) }]
      }
      const { content, ...rest } = response as { content: Readonly<Record<string, { schema: unknown }>> }
      const types = Object.entries(content).map(([type, it]) => [type, { schema: jsonSchema(it.schema) }])
      return [status, { ...rest, content: Object.fromEntries(types) as unknown }]
    }),
  )
}

const STATUS_TEXT: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Created; `Location` names it.',
  202: 'Accepted; VPP does not have it yet.',
  204: 'Removed.',
  207: 'Partial success.',
  503: 'Not ready.',
}

function jsonSchema(schema: unknown): object {
  const zod = schema instanceof DescribedBody ? schema.schema : schema
  if (!(zod instanceof z.ZodType)) return schema as object
  const { $schema: _version, $defs, ...json } = z.toJSONSchema(zod, { io: 'input', unrepresentable: 'any' })
  return $defs === undefined ? json : (expanded(json, $defs) as object)
}

const DEFS = '#/$defs/'

/** A schema without own definitions, which nothing in the document can refer to. A recursive part becomes any object. */
function expanded(
  node: unknown,
  defs: Readonly<Record<string, unknown>>,
  within: readonly string[] = [],
): unknown {
  if (Array.isArray(node)) return node.map((it) => expanded(it, defs, within))
  if (typeof node !== 'object' || node === null) return node
  const { $ref, ...rest } = node as Readonly<Record<string, unknown>>
  if (typeof $ref === 'string' && $ref.startsWith(DEFS)) {
    const name = $ref.slice(DEFS.length)
    if (within.includes(name)) return { type: 'object', description: 'Same structure again.', ...rest }
    return { ...(expanded(defs[name], defs, [...within, name]) as object), ...rest }
  }
  return Object.fromEntries(Object.entries(node).map(([key, it]) => [key, expanded(it, defs, within)]))
}
