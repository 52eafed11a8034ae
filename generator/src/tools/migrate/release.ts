import type { Model, ModelMessage, ModelMethod, ModelModule, ModelType } from '../../model/model.ts'

/** One end of a migration: what a release has, by the names that programs and VPP call it. */
export class Release {
  readonly model: Model
  readonly modules: ReadonlyMap<string, ModelModule>
  /** By wire name. */
  readonly messages: ReadonlyMap<string, ModelMessage>
  readonly #methods: ReadonlyMap<string, ModelMethod>

  constructor(model: Model) {
    this.model = model
    this.modules = new Map(model.modules.map((module) => [module.name, module]))
    this.messages = new Map(
      model.modules.flatMap(({ messages }) =>
        messages.map((message) => [message.wireName, message] as const),
      ),
    )
    this.#methods = new Map(
      model.modules
        .flatMap(({ methods }) => methods)
        .filter((method) => method.kind !== 'event')
        .map((method) => [method.request.wireName, method] as const),
    )
  }

  /** What people call it. */
  get name(): string {
    return this.model.release ?? 'the new definitions'
  }

  /** The method that sends a request, by its wire name. */
  methodOf(request: string): ModelMethod | undefined {
    return this.#methods.get(request)
  }

  /** The type of a module by its wire name. */
  typeOf(module: string, name: string): ModelType | undefined {
    return this.modules.get(module)?.types.find(({ wireName }) => wireName === name)
  }
}
