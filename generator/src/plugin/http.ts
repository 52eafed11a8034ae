import { methodData } from '../emit/client-file.ts'
import { array, literal, object, quote, type Expression } from '../emit/literal.ts'
import { Descriptions } from '../model/describe.ts'
import type { ModelMessage, ModelMethod, ModelModule } from '../model/model.ts'
import { openApiDocument } from '../openapi/document.ts'
import { isServable, type MethodShape, type RouteShape } from '../openapi/route.ts'
import type { OutputContext, Plugin, PluginContext } from './plugin.ts'

/** VPP over HTTP: `http.ts` with the routes of every module that has methods, and `openapi.json` for all of them. */
export const http: Plugin = {
  name: 'http',
  module(context) {
    const { module, source, nameOf } = context
    const methods = servableMethods(module)
    if (methods.length === 0) return
    const file = source(['routes'])
    const use = (message: ModelMessage) => nameOf(message, file)
    file.doc([`Routes of VPP's API \`${module.name}\` over HTTP, as data for \`@vpp-ts/http\`.`])
    const items = methods.map((method) => routeData(module, method, use, context))
    file.assign('export const routes', array(items), ' as const')
    context.file('http.ts', file, true)
  },
  all(context) {
    const document = openApiDocument(routeShapes(context), {
      title: 'FD.io VPP',
      version: context.model.release ?? 'unknown',
    })
    context.file('openapi.json', `${JSON.stringify(document, null, 2)}\n`)
  },
}

function servableMethods({ methods }: ModelModule): ModelMethod[] {
  return methods.filter((method) => isServable(messageOf(method).wireName))
}

function messageOf(method: ModelMethod): ModelMessage {
  return method.kind === 'event' ? method.event : method.request
}

function routeData(
  module: ModelModule,
  method: ModelMethod,
  use: (message: ModelMessage) => string,
  context: PluginContext,
): Expression {
  const message = messageOf(method)
  const entries: [string, Expression][] = [
    ['module', quote(module.name)],
    ['name', quote(message.wireName)],
    ['method', methodData(method, use)],
  ]
  if (message.status.deprecated) entries.push(['deprecated', 'true'])
  const description = descriptionOf(message, context)
  if (description !== undefined) entries.push(['description', literal(description)])
  return object(entries)
}

function descriptionOf({ comment }: ModelMessage, { options }: PluginContext): string | undefined {
  return options.comments && comment.length > 0 ? comment.join('\n') : undefined
}

function routeShapes(context: OutputContext): RouteShape[] {
  const descriptions = new Descriptions()
  return context.model.modules.flatMap((module) =>
    servableMethods(module).map((method) => {
      const message = messageOf(method)
      return {
        module: module.name,
        name: message.wireName,
        method: methodShape(method, descriptions),
        deprecated: message.status.deprecated,
        description: descriptionOf(message, context),
      }
    }),
  )
}

function methodShape(method: ModelMethod, all: Descriptions): MethodShape {
  switch (method.kind) {
    case 'unary':
      return { kind: 'unary', request: all.message(method.request), reply: all.message(method.reply) }
    case 'one-way':
      return { kind: 'one-way', request: all.message(method.request) }
    case 'dump':
      return { kind: 'dump', request: all.message(method.request), details: all.message(method.details) }
    case 'stream':
      return {
        kind: 'stream',
        request: all.message(method.request),
        reply: all.message(method.reply),
        details: all.message(method.details),
      }
    case 'event': {
      const { want } = method
      const subscription = want && { request: all.message(want.request), enable: want.enable, pid: want.pid }
      return { kind: 'event', event: all.message(method.event), want: subscription }
    }
  }
}
