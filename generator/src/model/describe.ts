import type { FieldFacts, FieldShape, MessageShape, NamedShape, TypeShape } from '../openapi/shape.ts'
import type { ModelField, ModelMessage, ModelType, TypeUse } from './model.ts'

/** Types and messages of a model, each described once, in the shape of the runtime's descriptors. */
export class Descriptions {
  readonly #types = new Map<ModelType, { readonly descriptor: NamedShape }>()
  readonly #messages = new Map<ModelMessage, { readonly descriptor: MessageShape }>()

  readonly #items = new Map<MessageShape | NamedShape, ModelMessage | ModelType>()

  /** What has been described by this. */
  itemOf(described: MessageShape | NamedShape): ModelMessage | ModelType {
    const item = this.#items.get(described)
    if (item === undefined) throw new Error(`${described.name} has not been described here`)
    return item
  }

  message(message: ModelMessage): { readonly descriptor: MessageShape } {
    let made = this.#messages.get(message)
    if (made === undefined) {
      const fields = message.fields.map((field) => this.#field(field))
      made = { descriptor: { kind: 'message', name: message.wireName, fields } }
      this.#messages.set(message, made)
      this.#items.set(made.descriptor, message)
    }
    return made
  }

  type(type: ModelType): { readonly descriptor: NamedShape } {
    let made = this.#types.get(type)
    if (made === undefined) {
      made = { descriptor: this.#describe(type) }
      this.#types.set(type, made)
      this.#items.set(made.descriptor, type)
    }
    return made
  }

  #describe(type: ModelType): NamedShape {
    const { wireName: name } = type
    switch (type.kind) {
      case 'enum': {
        const members = Object.fromEntries(type.members.map((member) => [member.name, member.value]))
        return { kind: 'enum', name, base: type.base, flags: type.flags, members }
      }
      case 'alias':
        return { kind: 'alias', name, type: this.#use(type.use), length: type.length, form: type.form }
      case 'struct': {
        const fields = type.fields.map((field) => this.#field(field))
        return { kind: 'struct', name, fields, form: type.form }
      }
      case 'union': {
        const arms = type.arms.map((arm) => [arm.wireName, arm.name, this.#use(arm.use), arm.length] as const)
        return { kind: 'union', name, size: type.size.bytes, arms }
      }
    }
  }

  #field(field: ModelField): FieldShape {
    return [field.wireName, field.name, this.#use(field.use), lengthOf(field), factsOf(field)]
  }

  #use(use: TypeUse): TypeShape {
    if (use.kind === 'type') return this.type(use.type)
    return use.kind === 'scalar' ? use.scalar : 'string'
  }
}

function lengthOf({ occurs, use }: ModelField): number | string | undefined {
  switch (occurs.kind) {
    case 'once':
      return undefined
    case 'fixed':
      return occurs.length
    case 'counted':
      return occurs.by
    case 'open':
      return use.kind === 'string' ? 0 : '*'
  }
}

function factsOf({ default: preset, limit }: ModelField): FieldFacts | undefined {
  if (preset === undefined && limit === undefined) return undefined
  return {
    ...(preset === undefined ? {} : { default: preset }),
    ...(limit === undefined ? {} : { limit }),
  }
}
