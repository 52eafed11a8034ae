import { Schema, VppSchemaError } from '@vpp-ts/runtime/dynamic'
import { SimulatorError } from '../errors.ts'
import type { NodeInit } from '../model/nodes.ts'
import type { ModuleSource, ReleaseSource } from './folder.ts'
import { graphNodes } from './graph.ts'

/** The definitions that a simulator serves. */
export class Release {
  readonly name: string
  readonly schema: Schema
  /** By the names that the schema uses. */
  readonly #modules: ReadonlyMap<string, ModuleSource>
  #json: string | undefined

  /** @throws SimulatorError `SIMULATOR_RELEASE` when the definitions are broken or lack the built-in module */
  constructor(source: ReleaseSource) {
    this.name = source.release
    try {
      this.schema = Schema.fromApiJson(
        source.modules.map(({ document }) => document),
        { moduleNames: source.modules.map(({ name }) => name) },
      )
    } catch (error) {
      if (!(error instanceof VppSchemaError)) throw error
      throw new SimulatorError('SIMULATOR_RELEASE', error.message, { cause: error })
    }
    const names = this.schema.modules()
    this.#modules = new Map(source.modules.map((module, index) => [names[index] ?? module.name, module]))
    if (!this.schema.has('sockclnt_create')) {
      throw new SimulatorError(
        'SIMULATOR_RELEASE',
        'the definitions lack the module memclnt, which every VPP has',
      )
    }
  }

  /** CRC in the name of a module's range of ids; undefined when it is not known. */
  rangeCrcOf(module: string): string | undefined {
    return this.#modules.get(module)?.rangeCrc
  }

  /** Modules that are plugins, as far as the definitions tell. */
  plugins(): string[] {
    return this.schema.modules().filter((name) => this.#modules.get(name)?.plugin === true)
  }

  /** The graph nodes that have counters, as far as the definitions tell. */
  nodes(): NodeInit[] {
    return graphNodes([...this.#modules.values()])
  }

  /** What `get_api_json` answers: the definitions of all modules with messages but the built-in one. */
  apiJson(): string {
    this.#json ??= JSON.stringify(this.#served(), null, 4)
    return this.#json
  }

  #served(): unknown[] {
    return [...this.#modules]
      .filter(([name]) => name !== 'memclnt' && this.schema.messages(name).length > 0)
      .map(([, { document }]) => document)
  }
}
