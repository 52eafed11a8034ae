import { moduleOfImport, type Schema, type SchemaModule } from '../schema/module.ts'

/**
 * Which module defines the types that a file lists. A `.api.json` file contains the types of everything it imports, and
 * nothing in it tells them from its own.
 */
export class Owners {
  readonly #schema: Schema
  readonly #known = new Map<string, ReadonlyMap<string, string>>()

  constructor(schema: Schema) {
    this.#schema = schema
  }

  /** Name of the module that defines a type which `module` lists. */
  ownerOf(module: SchemaModule, type: string): string {
    return this.#ownersIn(module).get(type) ?? module.name
  }

  #ownersIn(module: SchemaModule): ReadonlyMap<string, string> {
    let owners = this.#known.get(module.name)
    if (owners === undefined) {
      owners = this.#findOwners(module)
      this.#known.set(module.name, owners)
    }
    return owners
  }

  #findOwners(module: SchemaModule): ReadonlyMap<string, string> {
    const owners = new Map<string, string>()
    for (const path of module.imports) {
      const imported = this.#schema.modules.get(moduleOfImport(path))
      if (imported === undefined) continue
      for (const type of imported.types.keys()) {
        if (!owners.has(type)) owners.set(type, this.ownerOf(imported, type))
      }
    }
    return owners
  }
}
