import { invalidInput } from '../../errors.ts'
import type { ApiDocument } from '../document.ts'
import { moduleOfImport } from '../module.ts'
import { FileReport } from '../report.ts'
import { loadShapeCheck, type ShapeCheck } from '../validate.ts'
import { printTypes, typeNames } from './api-text.ts'
import { findCompatibleMembers } from './compatible-members.ts'
import { moduleOfFile, type Input, type InputFile } from './input.ts'

/** Definitions in which `.api` files find what they import. */
export class Definitions {
  readonly input: Input
  readonly #files: ReadonlyMap<string, InputFile>
  readonly #documents = new Map<InputFile, ApiDocument>()
  readonly #check: ShapeCheck

  private constructor(input: Input, check: ShapeCheck) {
    this.input = input
    this.#files = new Map(input.files.map((file) => [moduleOfFile(file.source), file]))
    this.#check = check
  }

  static async of(input: Input): Promise<Definitions> {
    return new Definitions(input, await loadShapeCheck())
  }

  /**
   * The files behind import paths, and behind their imports, as text in VPP's API language.
   *
   * @returns text by import path; paths that are not here are left out
   * @throws GeneratorError `BINAPI_INVALID` when one of the files is damaged
   */
  print(paths: Iterable<string>): Map<string, string> {
    const documents = this.#reach(paths)
    const compatible = this.#compatibleMembers([...documents.values()])
    return new Map(
      [...documents].map(([path, document]) => {
        const imports = [...new Set(document.imports)].filter(
          (other) => documents.has(other) && other !== path,
        )
        const theirs = new Set(imports.flatMap((other) => namesIn(documents.get(other))))
        const own = new Set(typeNames(document).filter((name) => !theirs.has(name)))
        const lines = [`// ${path}`, ...imports.map((other) => `import "${other}";`)]
        return [path, [...lines, printTypes(document, own, compatible)].join('\n')]
      }),
    )
  }

  #reach(paths: Iterable<string>): Map<string, ApiDocument> {
    const reached = new Map<string, ApiDocument>()
    const visit = (path: string): void => {
      const file = this.#files.get(moduleOfImport(path))
      if (file === undefined || reached.has(path)) return
      const document = this.#document(file)
      reached.set(path, document)
      for (const imported of document.imports ?? []) visit(imported)
    }
    for (const path of paths) visit(path)
    return reached
  }

  #document(file: InputFile): ApiDocument {
    const known = this.#documents.get(file)
    if (known !== undefined) return known
    const report = new FileReport(file.file)
    const json = this.#parse(file, report)
    if (json === undefined) throw invalidInput(report.problems())
    this.#documents.set(file, json)
    return json
  }

  #parse(file: InputFile, report: FileReport): ApiDocument | undefined {
    try {
      const json: unknown = JSON.parse(Buffer.from(file.bytes).toString('utf8'))
      return this.#check(json, report) ? json : undefined
    } catch (error) {
      const message = `no JSON in ${file.bytes.length} bytes: ${(error as Error).message}`
      report.add('json', '', message, 'the file is damaged or was cut short; get it anew')
      return undefined
    }
  }

  #compatibleMembers(documents: readonly ApiDocument[]): ReadonlyMap<string, number> {
    const enums = new Set(
      documents.flatMap(({ enums: plain = [], enumflags = [] }) =>
        [...plain, ...enumflags].map(([name]) => name),
      ),
    )
    if (enums.size === 0) return new Map()
    return findCompatibleMembers(enums, this.#all())
  }

  /** All definitions that can be read; what is wrong with the others is said when they are loaded. */
  #all(): ApiDocument[] {
    return this.input.files.flatMap((file) => this.#parse(file, new FileReport(file.file)) ?? [])
  }
}

function namesIn(document: ApiDocument | undefined): string[] {
  return document === undefined ? [] : typeNames(document)
}
