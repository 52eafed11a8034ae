import { isBuiltin } from '../../rules/scalars.ts'
import type { SchemaField, SchemaModule } from '../../schema/module.ts'
import { fieldsOf, type Catalog, type OwnedType } from './catalog.ts'

/** What the definitions of one release look like on the wire, names left out. */
export class Layouts {
  readonly #catalog: Catalog
  readonly #known = new Map<OwnedType, string>()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** Text that is the same for types of the same bytes: `{u32,u8[6]}`. Enums count as the integers they are. */
  ofType(module: SchemaModule, name: string): string {
    const owned = isBuiltin(name) ? undefined : this.#catalog.typeIn(module, name)
    if (owned === undefined) return name
    let text = this.#known.get(owned)
    if (text === undefined) {
      text = this.#ofOwned(owned)
      this.#known.set(owned, text)
    }
    return text
  }

  /** The same for fields that follow each other. */
  ofFields(module: SchemaModule, fields: readonly SchemaField[]): string {
    return fields.map((field) => this.ofField(module, field, fields)).join(',')
  }

  /** The same for one field; `among` are the fields of its block, one of which may count it. */
  ofField(module: SchemaModule, { type, array }: SchemaField, among: readonly SchemaField[]): string {
    const element = this.ofType(module, type)
    if (array === undefined) return element
    if (array.kind === 'open') return `${element}[]`
    if (array.kind === 'fixed') return `${element}[${array.length}]`
    return `${element}[#${among.findIndex(({ name }) => name === array.by)}]`
  }

  #ofOwned({ module, type }: OwnedType): string {
    switch (type.kind) {
      case 'enum':
        return type.base
      case 'alias': {
        const element = this.ofType(module, type.type)
        return type.length === undefined ? element : `${element}[${type.length}]`
      }
      case 'struct':
        return `{${this.ofFields(module, type.fields)}}`
      case 'union':
        return `(${fieldsOf(type)
          .map((arm) => this.ofField(module, arm, []))
          .join('|')})`
    }
  }
}
