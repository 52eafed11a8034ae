import type { ModelMessage, ModelMethod, ModelModule } from '../model/model.ts'
import { fieldForAll, findsAllLines } from '../model/dump-all.ts'
import { requiredProperties } from '../model/required.ts'
import { statusLines } from './facts.ts'
import { call, object, quote, type Expression } from './literal.ts'
import type { SourceFile } from './source-file.ts'

type Of<K extends ModelMethod['kind']> = Extract<ModelMethod, { kind: K }>

/**
 * Prints the methods of a module as data, and a class that calls them.
 *
 * @param use local name of a message in the file
 */
export function emitClient(module: ClientModule, file: SourceFile, use: Use): void {
  const methods = module.methods.map((method) => [method.name, methodData(method, use)] as const)
  file.doc(['Methods of the API, as data.'])
  file.assign('export const methods', object(methods), ' as const')
  emitClass(module, file, use)
}

/** A module that has methods. */
export type ClientModule = ModelModule & { readonly clientName: string }

type Use = (message: ModelMessage) => string

/** A method as data: what a connection needs to call it. */
export function methodData(method: ModelMethod, use: Use): Expression {
  const kind = ['kind', quote(method.kind)] as const
  switch (method.kind) {
    case 'unary':
      return object([kind, ['request', use(method.request)], ['reply', use(method.reply)]])
    case 'one-way':
      return object([kind, ['request', use(method.request)]])
    case 'dump':
      return object([kind, ['request', use(method.request)], ['details', use(method.details)]])
    case 'stream':
      return object([
        kind,
        ['request', use(method.request)],
        ['reply', use(method.reply)],
        ['details', use(method.details)],
      ])
    case 'event':
      return object([kind, ['event', use(method.event)], ...wantData(method, use)])
  }
}

function wantData({ want }: Of<'event'>, use: Use): (readonly [string, Expression])[] {
  if (want === undefined) return []
  const pid = want.pid === undefined ? [] : [['pid', quote(want.pid)] as const]
  const entries = [
    ['request', use(want.request)],
    ['reply', use(want.reply)],
    ['enable', quote(want.enable)],
    ...pid,
  ] as const
  return [['want', object(entries)]]
}

function emitClass({ clientName, name, methods, messages }: ClientModule, file: SourceFile, use: Use): void {
  file.blank().doc([`Client of VPP's API \`${name}\`, on a connection that it does not own.`])
  file.block(`export class ${clientName}`, () => {
    file.line(`readonly #connection: ${file.runtime('RpcConnection')}`).blank()
    file.method('constructor', [`connection: ${file.runtime('RpcConnection')}`], '', () => {
      file.line('this.#connection = connection')
    })
    for (const method of methods) {
      file.blank().doc(methodDoc(method, messages))
      emitMethod(method, file, use)
      if (method.kind === 'dump' || method.kind === 'stream') emitAll(method, messages, file, use)
    }
  })
}

const SUMMARY: Readonly<Record<ModelMethod['kind'], string>> = {
  unary: 'sends `%` and waits for the reply',
  'one-way': 'sends `%`, which VPP does not answer',
  dump: 'sends `%` and gives the details as they come',
  stream: 'sends `%` and gives the details as they come, then the reply',
  event: 'gives each `%` as it comes',
}

function methodDoc(method: ModelMethod, messages: readonly ModelMessage[]): string[] {
  const message = method.kind === 'event' ? method.event : method.request
  const summary = SUMMARY[method.kind].replace('%', message.wireName)
  const how = method.kind === 'event' ? `; ${howToAsk(method)}` : ''
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}${how}.`,
    ...findsAllLines(message),
    ...statusLines(message, messages),
  ]
}

function howToAsk({ want, announcedBy }: Of<'event'>): string {
  const request = `\`${announcedBy.wireName}\``
  return want === undefined ? `call ${request} to get any` : `subscribes with ${request}`
}

function emitMethod(method: ModelMethod, file: SourceFile, use: Use): void {
  if (method.kind === 'event') emitEventMethod(method, file, use)
  else emitCallMethod(method, file, use)
}

const CONNECTION_METHODS = { unary: 'call', 'one-way': 'send', dump: 'dump', stream: 'stream' } as const

function emitCallMethod(method: Exclude<ModelMethod, { kind: 'event' }>, file: SourceFile, use: Use): void {
  const parameters = [requestParameter(method.request, file, use), `options?: ${file.runtime('CallOptions')}`]
  file.method(method.name, parameters, `: ${resultOf(method, file, use)}`, () => {
    const target = `this.#connection.${CONNECTION_METHODS[method.kind]}`
    file.returns(call(target, `methods.${method.name}`, 'request', 'options'))
  })
}

/** For a dump that finds all only when it is told `~0`: a method that does so. */
function emitAll(
  method: Of<'dump'> | Of<'stream'>,
  messages: readonly ModelMessage[],
  file: SourceFile,
  use: Use,
): void {
  const { request, allName } = method
  const field = fieldForAll(request)
  if (allName === undefined || field === undefined) return
  const parts = [`Sends \`${request.wireName}\` with \`${field.name}\` \`NONE\`, which finds all.`]
  file.blank().doc([...parts, ...statusLines(request, messages)])
  const others = request.fields.filter(
    (each) => each !== field && !each.isCount && each.wireName !== 'cursor',
  )
  const isAlone = others.length === 0
  const options = `options?: ${file.runtime('CallOptions')}`
  const given = () => `request: ${file.runtime('RequestWithout')}<${use(request)}, ${quote(field.name)}> = {}`
  const parameters = isAlone ? [options] : [given(), options]
  const all = `{ ${isAlone ? '' : '...request, '}${field.name}: 0xffffffff }`
  file.method(allName, parameters, `: ${resultOf(method, file, use)}`, () => {
    file.returns(call(`this.#connection.${method.kind}`, `methods.${method.name}`, all, 'options'))
  })
}

/** May be left out unless it must say which interface is meant. */
function requestParameter(request: ModelMessage, file: SourceFile, use: Use): string {
  const absent = requiredProperties(request.fields).length === 0 ? ' = {}' : ''
  return `request: ${file.runtime('RequestOf')}<${use(request)}>${absent}`
}

function resultOf(method: Exclude<ModelMethod, { kind: 'event' }>, file: SourceFile, use: Use): string {
  switch (method.kind) {
    case 'unary':
      return `Promise<${use(method.reply)}>`
    case 'one-way':
      return 'Promise<void>'
    case 'dump':
      return `${file.runtime('Dump')}<${use(method.details)}>`
    case 'stream':
      return `${file.runtime('DumpWithReply')}<${use(method.details)}, ${use(method.reply)}>`
  }
}

function emitEventMethod({ name, event, want }: Of<'event'>, file: SourceFile, use: Use): void {
  const options = file.runtime('EventOptions')
  const result = `: ${file.runtime('EventStream')}<${use(event)}>`
  const parameters =
    want === undefined
      ? [`options?: ${options}`]
      : [`options: ${options} & { readonly want?: ${file.runtime('RequestOf')}<${use(want.request)}> } = {}`]
  file.method(name, parameters, result, () => {
    const request = want === undefined ? '{}' : 'options.want ?? {}'
    file.returns(call('this.#connection.events', `methods.${name}`, request, 'options'))
  })
}
