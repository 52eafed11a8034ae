import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Project, ts, type FileSystemHost, type SourceFile } from 'ts-morph'
import { GeneratorError } from '../../errors.ts'
import type { Model } from '../../model/model.ts'
import { bindingFiles, BindingNames, pathOfPart } from './binding-files.ts'
import type { SourceText } from './list-sources.ts'
import { RUNTIME_STUB } from './runtime-stub.ts'

/** Folder that bindings are put into in memory; nothing of it is written. */
const BINDINGS = '.binapi-gen-bindings'
const RUNTIME = '@vpp-ts/runtime/codegen/v1'

/** A program, with the bindings of a release in place of whatever it has. */
export interface Program {
  readonly files: readonly SourceFile[]
  readonly checker: ts.TypeChecker
  readonly program: ts.Program
  readonly names: BindingNames
  /** Which module's bindings a file is of; undefined for any other file. */
  moduleOf(path: string): string | undefined
}

/** The `tsconfig.json` that is nearest to a file or folder; undefined when there is none above it. */
export function findTsconfig(place: string): string | undefined {
  for (let folder = resolve(place); ; folder = dirname(folder)) {
    const path = join(folder, 'tsconfig.json')
    if (existsSync(path)) return path
    if (folder === dirname(folder)) return undefined
  }
}

/**
 * Opens a program with the options of its own `tsconfig.json`, so that every name in it can be followed to its
 * declaration. Imports of bindings lead to those of the model, whether any are installed or not.
 *
 * @param place folder of the program, from which its `tsconfig.json` is looked for
 * @throws GeneratorError `BINAPI_INVALID` for source that cannot be parsed
 */
export async function openProgram(
  place: string,
  sources: readonly SourceText[],
  model: Model,
): Promise<Program> {
  const names = new BindingNames(model.modules.map(({ name }) => name))
  const folder = join(statSync(place).isDirectory() ? resolve(place) : dirname(resolve(place)), BINDINGS)
  const virtual = new Map<string, string>()
  for (const [path, text] of await bindingFiles(model, modulesNamedBy(sources, names)))
    virtual.set(join(folder, path), text)
  const stub = join(folder, 'runtime.ts')
  virtual.set(stub, RUNTIME_STUB)
  const project = openProject(findTsconfig(place), { names, folder, stub, virtual })
  const files = sources.map(({ path, text }) =>
    project.createSourceFile(resolve(path), text, { overwrite: true }),
  )
  const program = project.getProgram().compilerObject
  for (const file of files) refuseSyntaxErrors(program, file)
  return {
    files,
    checker: program.getTypeChecker(),
    program,
    names,
    moduleOf: (path) => (virtual.has(path) && path !== stub ? basename(dirname(path)) : undefined),
  }
}

/** Modules whose bindings the sources import, read without a compiler. */
function modulesNamedBy(sources: readonly SourceText[], names: BindingNames): Set<string> {
  const found = new Set<string>()
  for (const { text } of sources) {
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const part = names.partOf(fileName)
      if (part !== undefined) found.add(part.module)
    }
  }
  return found
}

interface VirtualBindings {
  readonly names: BindingNames
  readonly folder: string
  readonly stub: string
  readonly virtual: ReadonlyMap<string, string>
}

function openProject(tsConfigFilePath: string | undefined, bindings: VirtualBindings): Project {
  const { names, folder, stub, virtual } = bindings
  const isOurs = (path: string) => path.startsWith(`${folder}/`)
  return new Project({
    ...(tsConfigFilePath === undefined ? {} : { tsConfigFilePath }),
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: compilerOptions(tsConfigFilePath !== undefined),
    fileSystem: withFiles(new Project().getFileSystem(), virtual),
    resolutionHost: (host, getOptions) => ({
      resolveModuleNames: (specifiers, containingFile) =>
        specifiers.map((specifier) => {
          if (isOurs(containingFile) && specifier.startsWith('.'))
            return resolved(join(dirname(containingFile), specifier))
          const part = names.partOf(specifier)
          const path = part === undefined ? undefined : join(folder, pathOfPart(part))
          if (path !== undefined && virtual.has(path)) return resolved(path)
          const found = ts.resolveModuleName(specifier, containingFile, getOptions(), host).resolvedModule
          return found ?? (specifier === RUNTIME ? resolved(stub) : undefined)
        }),
    }),
  })
}

/** Options that make a program readable, whatever it is built with. */
function compilerOptions(hasConfig: boolean): ts.CompilerOptions {
  const always: ts.CompilerOptions = {
    noEmit: true,
    allowJs: true,
    composite: false,
    incremental: false,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
  }
  if (hasConfig) return always
  return {
    ...always,
    strict: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
  }
}

/** A file system with some more files, which are in memory alone. */
function withFiles(real: FileSystemHost, files: ReadonlyMap<string, string>): FileSystemHost {
  return new Proxy(real, {
    get(target, name: keyof FileSystemHost) {
      if (name === 'readFileSync')
        return (path: string, encoding?: string) => files.get(path) ?? target.readFileSync(path, encoding)
      if (name === 'fileExistsSync') return (path: string) => files.has(path) || target.fileExistsSync(path)
      if (name === 'realpathSync')
        return (path: string) => (files.has(path) ? path : target.realpathSync(path))
      const member = target[name] as unknown
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

function resolved(resolvedFileName: string): ts.ResolvedModuleFull {
  return { resolvedFileName, extension: ts.Extension.Ts, isExternalLibraryImport: false }
}

function refuseSyntaxErrors(program: ts.Program, file: SourceFile): void {
  const [first] = program.getSyntacticDiagnostics(file.compilerNode)
  if (first === undefined) return
  const { line } = file.compilerNode.getLineAndCharacterOfPosition(first.start)
  const reason = ts.flattenDiagnosticMessageText(first.messageText, ' ')
  throw new GeneratorError(
    'BINAPI_INVALID',
    `cannot parse "${displayPath(file.getFilePath())}": line ${line + 1}: ${reason}`,
  )
}

/** A path as a person would type it. */
export function displayPath(path: string): string {
  return relative('.', path) || path
}
