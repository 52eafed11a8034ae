import type { ModelMessage, ModelModule, ModelType } from '../model/model.ts'
import { emitAlias } from './alias.ts'
import { emitConstants, emitCounters } from './constants.ts'
import type { EmitContext } from './context.ts'
import { emitEnum } from './enum.ts'
import { array } from './literal.ts'
import { emitMessage } from './message.ts'
import type { EmitOptions } from './options.ts'
import { SourceFile, type ImportPaths } from './source-file.ts'
import { emitStruct } from './struct.ts'
import { emitUnion } from './union.ts'

const CONSTANTS = ['API_NAME', 'API_VERSION', 'API_CRC', 'API_OPTIONS', 'counters', 'messages', 'paths']

/** `messages.ts`: everything that a module defines but its client. */
export function messagesFile(
  module: ModelModule,
  options: EmitOptions,
  paths: ImportPaths,
  header: readonly string[],
): string {
  const { types, messages, methods } = module
  const requests = new Set(methods.flatMap((method) => (method.kind === 'event' ? [] : [method.request])))
  const file = new SourceFile(paths, [...CONSTANTS, ...[...types, ...messages].map(({ name }) => name)])
  const context: EmitContext = { file, module: module.name, options }
  emitConstants(module, file)
  for (const type of types) {
    file.blank()
    emitType(type, context)
  }
  for (const message of messages) {
    file.blank()
    emitMessage(message, messages, requests.has(message), context)
  }
  emitList(messages, file)
  emitCounters(module, file)
  return file.text(header)
}

function emitType(type: ModelType, context: EmitContext): void {
  switch (type.kind) {
    case 'enum':
      return emitEnum(type, context)
    case 'alias':
      return emitAlias(type, context)
    case 'struct':
      return emitStruct(type, context)
    case 'union':
      return emitUnion(type, context)
  }
}

function emitList(messages: readonly ModelMessage[], file: SourceFile): void {
  file.blank().doc(['All messages of this module.'])
  file.assign('export const messages', array(messages.map(({ name }) => name)), ' as const')
}
