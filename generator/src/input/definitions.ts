import { Catalog } from '../tools/catalog/catalog.ts'
import { CountedMembersOf } from '../tools/diff/counted-members.ts'
import { checkInput } from '../schema/check-input.ts'
import type { ApiDocument } from '../schema/document.ts'
import { moduleOfImport } from '../schema/module.ts'
import { printTypes, typeNames, type CompatibleMembers } from './api-text.ts'
import { moduleOfFile, type Input } from '../schema/input.ts'
import { textOf } from '../schema/text.ts'

/** Definitions in which `.api` files find what they import. */
export class Definitions {
  readonly input: Input
  readonly #catalog: Catalog
  readonly #documents: ReadonlyMap<string, ApiDocument>

  private constructor(input: Input, catalog: Catalog) {
    this.input = input
    this.#catalog = catalog
    this.#documents = new Map(
      input.files.map(({ source, bytes }) => [
        moduleOfFile(source),
        JSON.parse(textOf(bytes)) as ApiDocument,
      ]),
    )
  }

  /** @throws GeneratorError `BINAPI_INVALID` with the errors of all files */
  static async of(input: Input): Promise<Definitions> {
    return new Definitions(input, new Catalog(await checkInput(input)))
  }

  /**
   * The files behind import paths, and behind their imports, as text in VPP's API language.
   *
   * @returns text by import path; paths that are not here are left out
   */
  print(paths: Iterable<string>): Map<string, string> {
    const documents = this.#reach(paths)
    const compatible = this.#compatibleMembers([...documents.keys()].map(moduleOfImport))
    return new Map(
      [...documents].map(([path, document]) => {
        const imports = [...new Set(document.imports)].filter((it) => documents.has(it) && it !== path)
        const theirs = new Set(imports.flatMap((it) => namesIn(documents.get(it))))
        const own = new Set(typeNames(document).filter((name) => !theirs.has(name)))
        const lines = [`// ${path}`, ...imports.map((it) => `import "${it}";`)]
        return [path, [...lines, printTypes(document, own, compatible)].join('\n')]
      }),
    )
  }

  #reach(paths: Iterable<string>): Map<string, ApiDocument> {
    const reached = new Map<string, ApiDocument>()
    const visit = (path: string): void => {
      const document = this.#documents.get(moduleOfImport(path))
      if (document === undefined || reached.has(path)) return
      reached.set(path, document)
      for (const imported of document.imports ?? []) visit(imported)
    }
    for (const path of paths) visit(path)
    return reached
  }

  #compatibleMembers(modules: readonly string[]): CompatibleMembers {
    const found = new Map<string, number>()
    if (modules.length === 0) return found
    const counted = new CountedMembersOf(this.#catalog)
    for (const name of modules) {
      const module = this.#catalog.schema.modules.get(name)
      for (const type of module?.types.values() ?? []) {
        const owned = module === undefined ? undefined : this.#catalog.typeIn(module, type.name)
        if (type.kind !== 'enum' || owned === undefined) continue
        found.set(type.name, type.members.length - (counted.of(owned) ?? type.members.length))
      }
    }
    return found
  }
}

function namesIn(document: ApiDocument | undefined): string[] {
  return document === undefined ? [] : typeNames(document)
}
