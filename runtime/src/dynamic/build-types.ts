import { Struct, Union } from '../codec/classes.ts'
import { defineEnum } from '../codec/define-enum.ts'
import { defineAlias, defineForm, defineStruct, defineUnion } from '../codec/define.ts'
import type { ArmSpec, Constructor, TypeDescriptor, TypeRef } from '../codec/descriptor.ts'
import { layoutOfType } from '../codec/layout.ts'
import type { ApiDocument, TypeEntry } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'
import { readFields, readTrailer } from './field.ts'
import { aliasForm, structForm } from './form.ts'
import { knownCase } from './rules/discriminators.ts'
import { armScope, bareName, camelCase, enumScope, pascalCase } from './rules/names.ts'
import { isBuiltin, isEnumBase, isFlagSet, memberValue, type EnumBaseName } from './rules/scalars.ts'
import { specsOf } from './specs.ts'

type Described = { readonly descriptor: TypeDescriptor }

/** Types nested deeper than this are refused; VPP's own nest 7 deep. */
const DEEPEST = 64

/**
 * Descriptors of the types of all modules, made when they are asked for. A type that several modules define in the
 * same way has one descriptor, so that its instances fit everywhere.
 */
export class TypeBuilder {
  readonly #byDocument = new WeakMap<ApiDocument, Map<string, Described | undefined>>()
  readonly #bySignature = new Map<string, Described>()
  readonly #numbers = new WeakMap<TypeDescriptor, number>()
  #count = 0
  #depth = 0

  /**
   * The type that `reference` stands for in a document.
   * @throws VppSchemaError when there is none, or when it contains itself
   */
  resolve(document: ApiDocument, reference: string, path: string): TypeRef {
    if (isBuiltin(reference)) return reference
    const { module } = document
    const name = bareName(reference)
    let known = this.#byDocument.get(document)
    if (known === undefined) this.#byDocument.set(document, (known = new Map()))
    const found = known.get(name)
    if (found !== undefined) return found
    if (known.has(name) || this.#depth >= DEEPEST) {
      throw new VppSchemaError(
        { module, path },
        `type ${name} contains itself, or nests over ${DEEPEST} deep`,
      )
    }
    const entry = document.types.get(name)
    if (entry === undefined) throw new VppSchemaError({ module, path }, `there is no type ${reference}`)
    known.set(name, undefined)
    this.#depth++
    try {
      const type = this.#build(document, entry)
      known.set(name, type)
      return type
    } catch (error) {
      known.delete(name)
      throw error
    } finally {
      this.#depth--
    }
  }

  #build(document: ApiDocument, entry: TypeEntry): Described {
    switch (entry.kind) {
      case 'struct':
        return this.#struct(document, entry)
      case 'union':
        return this.#union(document, entry)
      case 'alias':
        return this.#alias(document, entry)
      default:
        return this.#enum(document, entry)
    }
  }

  #struct(document: ApiDocument, entry: TypeEntry): Described {
    const { name } = entry
    const fields = specsOf(document, name, readFields(document.module, entry), this)
    return this.#shared('struct', name, fields, () => {
      const form = structForm(name, fields)
      if (form !== undefined) return defineForm(name, form, fields)
      const made = named(pascalCase(name), class extends Struct<unknown> {})
      return describe(made, defineStruct(made, name, fields))
    })
  }

  #union(document: ApiDocument, entry: TypeEntry): Described {
    const { name } = entry
    const scope = armScope()
    const arms = readFields(document.module, entry).map(({ type, name: wireName, length, options, path }) => {
      const value = caseValue(document, name, wireName, options['case'], path)
      return [
        wireName,
        scope.take(camelCase(wireName)),
        this.resolve(document, type, path),
        length,
        value,
      ] as ArmSpec
    })
    return this.#shared('union', name, arms, () => {
      const size = Math.max(0, ...arms.map(([, , type, length]) => layoutOfType(type, length).size))
      const made = named(pascalCase(name), class extends Union<unknown> {})
      return describe(made, defineUnion(made, name, size, arms))
    })
  }

  #alias(document: ApiDocument, { name, items, path }: TypeEntry): Described {
    const { module } = document
    const { type: reference, length } = items[1] as Readonly<Record<string, unknown>>
    if (typeof reference !== 'string') {
      const at = { module, path: `${path}.type` }
      throw new VppSchemaError(at, `expected the name of a type, found ${kindOf(reference)}`)
    }
    if (length !== undefined && (!Number.isSafeInteger(length) || Number(length) < 0)) {
      throw new VppSchemaError(
        { module, path: `${path}.length` },
        `expected a length, found ${kindOf(length)}`,
      )
    }
    const type = this.resolve(document, reference, `${path}.type`)
    const count = length === undefined ? undefined : Number(length)
    return this.#shared('alias', name, [['', '', type, count]], () =>
      defineAlias(name, type, count, aliasForm(name, type, count)),
    )
  }

  #enum({ module }: ApiDocument, entry: TypeEntry): Described {
    const { name, kind } = entry
    const base = baseOf(module, entry)
    const scope = enumScope()
    const members = membersOf(module, entry, base).map(
      ([member, value]) => [scope.take(member), value] as const,
    )
    const signature = JSON.stringify([kind, name, base, members])
    const flags = isFlagSet(name, kind === 'enumflag')
    return this.#once(signature, () => defineEnum(name, base, Object.fromEntries(members), { flags }))
  }

  /** What `make` makes, once for all types of the same kind, name and parts. */
  #shared(
    kind: string,
    name: string,
    parts: readonly (readonly unknown[])[],
    make: () => Described,
  ): Described {
    const texts = parts.map(([wireName, , type, ...rest]) => [
      wireName,
      this.#partText(type as TypeRef),
      ...rest,
    ])
    const signature = JSON.stringify([kind, name, texts], (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    )
    return this.#once(signature, make)
  }

  #partText(type: TypeRef): string | number | undefined {
    return typeof type === 'string' ? type : this.#numbers.get(type.descriptor)
  }

  #once(signature: string, make: () => Described): Described {
    let type = this.#bySignature.get(signature)
    if (type === undefined) {
      type = make()
      this.#bySignature.set(signature, type)
      this.#numbers.set(type.descriptor, this.#count++)
    }
    return type
  }
}

/** Gives a class the name that `console.log` shows. */
export function named<C extends Constructor<unknown>>(name: string, made: C): C {
  return Object.defineProperty(made, 'name', { value: name, configurable: true })
}

/** Puts the descriptor where generated classes have it. */
export function describe<C, D>(made: C, descriptor: D): C & { readonly descriptor: D } {
  return Object.defineProperty(made, 'descriptor', { value: descriptor }) as C & { readonly descriptor: D }
}

function baseOf(module: string, entry: TypeEntry): EnumBaseName {
  const base = readTrailer(module, entry)['enumtype'] ?? 'u32'
  if (isEnumBase(base)) return base
  throw new VppSchemaError(
    { module, path: entry.path },
    `enum ${entry.name} cannot be based on ${String(base)}`,
  )
}

/** Members of an enum with their values on the wire: everything of the entry between its name and the object at its end. */
function membersOf(module: string, entry: TypeEntry, base: EnumBaseName): [string, number][] {
  return entry.items.slice(1, -1).map((item, index): [string, number] => {
    const fail = (problem: string): never => {
      throw new VppSchemaError({ module, path: `${entry.path}[${index + 1}]` }, problem)
    }
    const [name, value] = Array.isArray(item) ? (item as readonly unknown[]) : []
    if (typeof name !== 'string' || typeof value !== 'number')
      return fail(`expected a member [name, value], found ${kindOf(item)}`)
    return [name, memberValue(value, base) ?? fail(`${name} = ${value} does not fit ${base}`)]
  })
}

/** Value of the enum member that a union's arm stands for. */
function caseValue(
  document: ApiDocument,
  union: string,
  arm: string,
  written: unknown,
  path: string,
): number | undefined {
  const member = written ?? knownCase(union, arm)
  if (member === undefined) return undefined
  for (const entry of document.types.values()) {
    if (entry.kind !== 'enum' && entry.kind !== 'enumflag') continue
    const found = membersOf(document.module, entry, baseOf(document.module, entry)).find(
      ([name]) => name === member,
    )
    if (found !== undefined) return found[1]
  }
  if (written === undefined) return undefined
  throw new VppSchemaError({ module: document.module, path }, `no enum has the member ${String(member)}`)
}
