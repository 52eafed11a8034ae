import { GeneratorError } from '../errors.ts'
import type { Model, ModelMessage, ModelModule, ModelType, TypeUse } from '../model/model.ts'
import { generatorVersion } from '../version.ts'
import { fileHeader } from './header.ts'
import { messagesFile } from './messages-file.ts'
import { emitOptions } from './options.ts'

/** Which part of a module to print, and where it finds the runtime. */
export interface SubsetOptions {
  readonly module: string
  /** Wire names of the messages wanted; the types they use come along. */
  readonly messages: readonly string[]
  /** Specifier of the runtime's contract with generated code, seen from the file. */
  readonly runtime: string
}

/**
 * Part of a module as one file: what the runtime needs to know of VPP before it can ask.
 * @throws GeneratorError `BINAPI_USAGE` for a module or message that is not there, and for a module that imports types
 */
export function renderSubset(
  model: Model,
  { module: name, messages: wanted, runtime }: SubsetOptions,
): string {
  const module = model.modules.find((candidate) => candidate.name === name)
  if (module === undefined) throw new GeneratorError('BINAPI_USAGE', `no module "${name}" in the input`)
  const messages = wanted.map((wireName) => messageOf(module, wireName))
  const used = new Set<ModelType>()
  for (const { fields } of messages) for (const { use } of fields) collect(use, used)
  const subset: ModelModule = {
    ...module,
    messages,
    types: module.types.filter((type) => used.has(type)),
    methods: [],
    counters: [],
    paths: [],
  }
  const options = emitOptions()
  const paths = {
    runtime,
    module: (other: string): never => {
      throw new GeneratorError('BINAPI_USAGE', `the subset of "${name}" uses types of "${other}"`)
    },
  }
  return messagesFile(subset, options, paths, fileHeader(subset, model.release, generatorVersion(), options))
}

function messageOf({ name, messages }: ModelModule, wireName: string): ModelMessage {
  const message = messages.find((candidate) => candidate.wireName === wireName)
  if (message === undefined) throw new GeneratorError('BINAPI_USAGE', `no message "${wireName}" in "${name}"`)
  return message
}

function collect(use: TypeUse, used: Set<ModelType>): void {
  if (use.kind !== 'type' || used.has(use.type)) return
  const { type } = use
  used.add(type)
  if (type.kind === 'alias') collect(type.use, used)
  else if (type.kind === 'struct') for (const field of type.fields) collect(field.use, used)
  else if (type.kind === 'union') for (const arm of type.arms) collect(arm.use, used)
}
