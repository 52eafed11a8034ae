import { Owners } from '../../model/owners.ts'
import {
  moduleOfImport,
  type Schema,
  type SchemaBlock,
  type SchemaField,
  type SchemaMessage,
  type SchemaModule,
  type SchemaService,
  type SchemaType,
} from '../../schema/module.ts'

/** A message, and the module that defines it. */
export interface OwnedMessage {
  readonly module: SchemaModule
  readonly message: SchemaMessage
}

/** A type, and the module that defines it. */
export interface OwnedType {
  readonly module: SchemaModule
  readonly type: SchemaType
}

/** A service, and the module that declares it. */
export interface OwnedService {
  readonly module: SchemaModule
  readonly service: SchemaService
}

/** Part of a message in the exchange it belongs to. */
export type Role = 'request' | 'reply' | 'details' | 'event' | 'none'

/** Definitions by name, with what refers to what: the ground that all schema tools depend on. */
export class Catalog {
  readonly schema: Schema
  /** By wire name, which is unique in a VPP. */
  readonly messages: ReadonlyMap<string, OwnedMessage>
  /** Each once, in the module that defines it. */
  readonly types: readonly OwnedType[]
  /** By the wire name of the request. */
  readonly services: ReadonlyMap<string, OwnedService>
  readonly #owners: Owners
  readonly #types = new Map<string, OwnedType>()
  #roles: ReadonlyMap<string, Role> | undefined

  constructor(schema: Schema) {
    this.schema = schema
    this.#owners = new Owners(schema)
    const modules = [...schema.modules.values()]
    this.messages = new Map(
      modules.flatMap((module) =>
        module.messages.map((message) => [message.name, { module, message }] as const),
      ),
    )
    this.services = new Map(
      modules.flatMap((module) =>
        module.services.map((service) => [service.request, { module, service }] as const),
      ),
    )
    this.types = modules.flatMap((module) =>
      [...module.types.values()]
        .filter(({ name }) => this.#owners.ownerOf(module, name) === module.name)
        .map((type) => this.#note({ module, type })),
    )
  }

  /** The type that a module means by a name; undefined for a built-in type. */
  typeIn(module: SchemaModule, name: string): OwnedType | undefined {
    if (!module.types.has(name)) return undefined
    const owner = this.#owners.ownerOf(module, name)
    const known = this.#types.get(`${owner} ${name}`)
    if (known !== undefined) return known
    // The type of an imported file that is not in the input: whoever uses it owns it.
    return this.#note({ module, type: module.types.get(name) as SchemaType })
  }

  /** True for a module that is imported, but is not in the input. */
  isMissing(module: string): boolean {
    return !this.schema.modules.has(module) && this.#importersOf(module).length > 0
  }

  /** What stands for a type of another catalog whose file is missing here: the same name, in each that imports the file. */
  hidden({ module, type }: OwnedType): OwnedType[] {
    if (this.schema.modules.has(module.name)) return []
    return this.#importersOf(module.name).flatMap((importer) => this.typeIn(importer, type.name) ?? [])
  }

  /** Types that the fields of a block, or an alias, refer to; each once, not what these refer to in turn. */
  references(owned: OwnedMessage | OwnedType): OwnedType[] {
    const names = new Set(referredNames('message' in owned ? owned.message : owned.type))
    return [...names].flatMap((name) => this.typeIn(owned.module, name) ?? [])
  }

  /** All types that something is made of, itself left out. */
  reach(owned: OwnedMessage | OwnedType): Set<OwnedType> {
    const found = new Set<OwnedType>()
    const visit = (from: OwnedMessage | OwnedType): void => {
      for (const type of this.references(from)) {
        if (found.has(type)) continue
        found.add(type)
        visit(type)
      }
    }
    visit(owned)
    return found
  }

  /** What a message is for, by the services. */
  roleOf(message: string): Role {
    this.#roles ??= this.#findRoles()
    return this.#roles.get(message) ?? 'none'
  }

  #importersOf(module: string): SchemaModule[] {
    return [...this.schema.modules.values()].filter(({ imports }) =>
      imports.some((path) => moduleOfImport(path) === module),
    )
  }

  #note(owned: OwnedType): OwnedType {
    this.#types.set(`${owned.module.name} ${owned.type.name}`, owned)
    return owned
  }

  #findRoles(): ReadonlyMap<string, Role> {
    const roles = new Map<string, Role>()
    for (const { service } of this.services.values()) {
      const { reply, stream, streamMessage } = service
      roles.set(service.request, 'request')
      if (reply !== undefined) roles.set(reply, stream && streamMessage === undefined ? 'details' : 'reply')
      if (streamMessage !== undefined) roles.set(streamMessage, 'details')
    }
    for (const { service } of this.services.values()) {
      for (const event of service.events) if (!roles.has(event)) roles.set(event, 'event')
    }
    return roles
  }
}

/** Fields of a struct or union; none for other types. */
export function fieldsOf(type: SchemaType): readonly SchemaField[] {
  return isBlock(type) ? type.fields : []
}

/** True for a struct or union. */
export function isBlock(type: SchemaType): type is SchemaBlock {
  return type.kind === 'struct' || type.kind === 'union'
}

function referredNames(of: SchemaMessage | SchemaType): string[] {
  if (!('kind' in of)) return of.fields.map(({ type }) => type)
  return of.kind === 'alias' ? [of.type] : fieldsOf(of).map(({ type }) => type)
}
