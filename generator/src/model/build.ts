import type { Schema, SchemaModule } from '../schema/module.ts'
import { buildFields } from './build-fields.ts'
import { buildMethods } from './build-methods.ts'
import { TypeBuilder } from './build-types.ts'
import { readComment } from './comments.ts'
import { sizeOfMessage, splitHeader } from './layout.ts'
import type { Model, ModelMessage, ModelModule } from './model.ts'
import { pascalCase, type NameScope } from '../rules/names.ts'
import { moduleScope } from './names.ts'
import { Owners } from './owners.ts'
import { statusOf } from './status.ts'

/** Resolves definitions that were loaded: types, sizes, services, names. */
export function buildModel(schema: Schema): Model {
  const builder = new ModelBuilder(schema)
  const modules = [...schema.modules.values()].map((module) => builder.module(module))
  return { modules, release: schema.release }
}

interface Built {
  readonly model: ModelModule
  readonly types: TypeBuilder
}

class ModelBuilder {
  readonly #schema: Schema
  readonly #owners: Owners
  readonly #built = new Map<string, Built>()

  constructor(schema: Schema) {
    this.#schema = schema
    this.#owners = new Owners(schema)
  }

  module(module: SchemaModule): ModelModule {
    return this.#build(module).model
  }

  #build(module: SchemaModule): Built {
    let built = this.#built.get(module.name)
    if (built === undefined) {
      built = this.#buildAnew(module)
      this.#built.set(module.name, built)
    }
    return built
  }

  #buildAnew(module: SchemaModule): Built {
    const names = moduleScope()
    // Messages come first: they keep their plain names when a type has the same.
    const messageNames = module.messages.map(({ name }) => names.take(pascalCase(name), 'Message'))
    const types = new TypeBuilder({
      module,
      names,
      imported: (name) => this.#imported(module, name),
    })
    types.buildAll()
    const messages = module.messages.map((message, index) =>
      buildMessage(message, messageNames[index] as string, types, module),
    )
    return { model: this.#assemble(module, types, messages, names), types }
  }

  #imported(module: SchemaModule, type: string): ReturnType<TypeBuilder['resolve']> | undefined {
    const owner = this.#schema.modules.get(this.#owners.ownerOf(module, type))
    return owner === undefined || owner === module ? undefined : this.#build(owner).types.resolve(type)
  }

  #assemble(
    module: SchemaModule,
    types: TypeBuilder,
    messages: ModelMessage[],
    names: NameScope,
  ): ModelModule {
    const methods = buildMethods(
      module.services,
      new Map(messages.map((message) => [message.wireName, message])),
    )
    const typeName = pascalCase(module.name)
    const { version } = module.options
    return {
      name: module.name,
      typeName,
      clientName: methods.length === 0 ? undefined : names.take(`${typeName}Client`, 'Rpc'),
      source: module.source,
      crc: module.crc,
      version: typeof version === 'string' ? version : undefined,
      options: module.options,
      types: types.own,
      messages,
      methods,
      counters: module.counters,
      paths: module.paths,
    }
  }
}

function buildMessage(
  message: SchemaModule['messages'][number],
  name: string,
  types: TypeBuilder,
  module: SchemaModule,
): ModelMessage {
  const { header, own } = splitHeader(message.fields)
  const comment = readComment(message.comment)
  const fields = buildFields(message.name, own, comment.fields, types, module)
  return {
    wireName: message.name,
    name,
    module: module.name,
    crc: message.crc,
    header,
    fields,
    size: sizeOfMessage(
      header,
      fields.map(({ size }) => size),
    ),
    status: statusOf(message.options),
    options: message.options,
    comment: comment.text,
  }
}
