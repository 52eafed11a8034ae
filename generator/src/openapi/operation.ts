import type { Components } from './components.ts'
import type { JsonSchema } from './json-schema.ts'
import type { MethodShape, RouteShape } from './route.ts'

type EventShape = Extract<MethodShape, { kind: 'event' }>

/** An operation of OpenAPI; with the path's key for it. */
export interface PathItem {
  readonly verb: 'get' | 'post'
  readonly operation: object
}

const PROBLEM = { $ref: '#/components/responses/problem' }

const SUMMARY: Readonly<Record<MethodShape['kind'], string>> = {
  unary: 'Sends %s and waits for the reply',
  'one-way': 'Sends %s, which VPP does not answer',
  dump: 'Sends %s and streams the details',
  stream: 'Sends %s and streams the details, then the reply',
  event: 'Streams %s events',
}

/** The operation of a route. */
export function operationOf(route: RouteShape, components: Components): PathItem {
  const { method, module, name } = route
  const shared = {
    operationId: name,
    tags: [module],
    summary: SUMMARY[method.kind].replace('%s', name),
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.deprecated === true ? { deprecated: true } : {}),
  }
  if (method.kind === 'event') {
    return { verb: 'get', operation: { ...shared, ...eventParts(method, components) } }
  }
  const body = components.message(method.request.descriptor, 'input')
  const requestBody = { required: false, content: { 'application/json': { schema: body } } }
  return { verb: 'post', operation: { ...shared, requestBody, responses: responsesOf(method, components) } }
}

function responsesOf(method: Exclude<MethodShape, EventShape>, components: Components): object {
  switch (method.kind) {
    case 'unary': {
      const schema = components.message(method.reply.descriptor, 'output')
      return { 200: answer('The reply of VPP', 'application/json', schema), default: PROBLEM }
    }
    case 'one-way':
      return { 202: { description: 'The request has been sent' }, default: PROBLEM }
    case 'dump': {
      const lines = [components.message(method.details.descriptor, 'output')]
      return { 200: streamed('One line for each of the details', lines), default: PROBLEM }
    }
    case 'stream': {
      const reply = line('$reply', components.message(method.reply.descriptor, 'output'))
      const lines = [components.message(method.details.descriptor, 'output'), reply]
      return {
        200: streamed('One line for each of the details, then one for the reply', lines),
        default: PROBLEM,
      }
    }
  }
}

/** OpenAPI 3.1 has no word for a schema of each line: `x-line` holds it. */
function streamed(description: string, lines: readonly JsonSchema[]): object {
  const failure = line('$problem', { $ref: '#/components/schemas/problem' })
  return {
    description,
    content: {
      'application/x-ndjson': { schema: { type: 'string' }, 'x-line': { anyOf: [...lines, failure] } },
    },
  }
}

function line(property: string, schema: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { [property]: schema },
    required: [property],
    additionalProperties: false,
  }
}

function eventParts(method: EventShape, components: Components): object {
  const data = components.message(method.event.descriptor, 'output')
  const content = { 'text/event-stream': { schema: { type: 'string' }, 'x-data': data } }
  const responses = { 200: { description: 'Events as they come', content }, default: PROBLEM }
  const { want } = method
  if (want === undefined) return { responses }
  const switches = new Set([want.enable, want.pid])
  const fields = want.request.descriptor.fields.filter(([, property]) => !switches.has(property))
  if (fields.length === 0) return { responses }
  const schema = components.object(fields, 'input')
  const parameter = {
    name: 'want',
    in: 'query',
    description: `Properties of ${want.request.descriptor.name}, as JSON`,
    content: { 'application/json': { schema } },
  }
  return { parameters: [parameter], responses }
}

function answer(description: string, type: string, schema: JsonSchema): object {
  return { description, content: { [type]: { schema } } }
}
