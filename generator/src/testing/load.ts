import { GeneratorError } from '../errors.ts'
import { buildModel } from '../model/build.ts'
import type { Model, ModelMessage, ModelModule, ModelType } from '../model/model.ts'
import type { Problem } from '../problem.ts'
import { checkInput } from '../schema/check-input.ts'
import type { Schema } from '../schema/module.ts'

/** Loads documents from memory, as files called after their modules. */
export function schemaOf(...documents: readonly Record<string, unknown>[]): Promise<Schema> {
  const files = documents.map((document) => {
    const source = `${String(document['module'])}.api.json`
    return { source, file: source, bytes: Buffer.from(JSON.stringify(document)) }
  })
  return checkInput({ files, release: '26.06', label: 'memory' }, { strict: true })
}

/** The model of documents from memory. */
export async function modelOf(...documents: readonly Record<string, unknown>[]): Promise<Model> {
  return buildModel(await schemaOf(...documents))
}

/** The problems that loading and resolving documents ends with. */
export async function problemsOf(
  ...documents: readonly Record<string, unknown>[]
): Promise<readonly Problem[]> {
  try {
    await modelOf(...documents)
    return []
  } catch (error) {
    if (error instanceof GeneratorError && error.code === 'BINAPI_INVALID') return error.problems
    throw error
  }
}

/** A module of a model, which must have it. */
export function moduleIn(model: Model, name: string): ModelModule {
  return must(
    model.modules.find((module) => module.name === name),
    name,
  )
}

/** A type of a module, which must have it. */
export function typeIn(module: ModelModule, wireName: string): ModelType {
  return must(
    module.types.find((type) => type.wireName === wireName),
    wireName,
  )
}

/** A message of a module, which must have it. */
export function messageIn(module: ModelModule, wireName: string): ModelMessage {
  return must(
    module.messages.find((message) => message.wireName === wireName),
    wireName,
  )
}

function must<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`no ${name}`)
  return value
}
