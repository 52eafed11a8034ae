import { apiComments, type ApiComments } from './comments.ts'
import type { ApiJson } from './api-json.ts'
import { fileCrc, messageCrc } from './crc.ts'
import { FileReport, type Diagnostic } from './diagnostics.ts'
import { IdlError } from './errors.ts'
import { flatten } from './flatten.ts'
import { printJson } from './json-text.ts'
import { normalizeNewlines } from './lexer.ts'
import { Linker } from './link.ts'
import type { LinkedFile, SourceFile } from './linked-file.ts'
import { checkMessageNames, messagesOf } from './messages.ts'
import { crcHex, moduleJson } from './module-json.ts'
import { parseFile } from './parser.ts'
import { resolveServices } from './services.ts'
import { belowSourceRoot, isInstalled, moduleName, originOf, type ModuleOrigin } from './source-layout.ts'

/** How many things of each kind a module defines itself (imported ones are not counted). */
export interface DefinitionCounts {
  readonly messages: number
  readonly types: number
  readonly enums: number
  readonly enumflags: number
  readonly unions: number
  readonly aliases: number
  readonly services: number
}

/** One `.api` file, imported. */
export interface ImportedModule {
  /** Base name of the file without `.api`. */
  readonly module: string
  /** Folder below `share/vpp/api` in which VPP installs the module. */
  readonly origin: ModuleOrigin
  /** False for modules of VPP's examples and tests, which VPP builds but does not install. */
  readonly installed: boolean
  /** Path of the `.api` file relative to the source root. */
  readonly path: string
  /** Content of the `.api.json` file, facts only. */
  readonly text: string
  /** The same with the comments in front of its messages and structs, as VPP's own tool writes it. */
  readonly documented: string
  /** The same as an object. */
  readonly json: ApiJson
  /**
   * CRC of the file without its imports, 8 hex digits. VPP registers the message range of the module under
   * `<module>_<this>`; it differs from `vl_api_version` when the module imports types.
   */
  readonly cModeCrc: string
  readonly counts: DefinitionCounts
}

/** Outcome of an import. */
export interface ImportResult {
  /** By module name. */
  readonly modules: readonly ImportedModule[]
  readonly warnings: readonly Diagnostic[]
}

/**
 * Imports `.api` files from memory: those of an unpacked archive of VPP's source, whose other files are left aside, or
 * any others whose paths are relative to the source root, as import statements spell them.
 *
 * @param files text, or bytes of UTF-8 text, by path
 * @throws IdlError with the errors of all files, when there is any
 */
export function importText(files: ReadonlyMap<string, string | Uint8Array>): ImportResult {
  return importFiles(belowSourceRoot(files))
}

/** The same for files whose paths are known to be relative to the source root. */
export function importFiles(files: ReadonlyMap<string, string | Uint8Array>): ImportResult {
  const sources = new Map([...files].map(([path, content]) => [path, parseSource(path, content)]))
  const linker = new Linker(sources)
  const checked = [...sources.values()].map((source) => checkFile(linker.link(source), source))
  checkModuleNames(sources.values())
  const diagnostics = [...sources.values()].flatMap((source) => source.report.diagnostics())
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw new IdlError(diagnostics)
  const modules = checked.map(buildModule)
  return { modules: modules.toSorted((a, b) => (a.module < b.module ? -1 : 1)), warnings: diagnostics }
}

interface ParsedSource extends SourceFile {
  /** False when statements are missing, so that what refers to them cannot be judged. */
  readonly intact: boolean
  readonly comments: ApiComments
}

function parseSource(path: string, content: string | Uint8Array): ParsedSource {
  const text = typeof content === 'string' ? content : decodeUtf8(content)
  if (text === undefined) return unreadable(path)
  const normalized = normalizeNewlines(text)
  const report = new FileReport(path, normalized)
  const { statements, lostNames } = parseFile(normalized, report)
  return { path, statements, lostNames, report, intact: !report.failed, comments: apiComments(normalized) }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // Leaves out the mark that some editors put at the start of a file.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function unreadable(path: string): ParsedSource {
  const report = new FileReport(path, '')
  report.error('IDL_FILE', 0, 'file is not UTF-8 text: save it in that encoding')
  return { path, statements: [], lostNames: new Set(), report, intact: false, comments: apiComments('') }
}

type CheckedFile = Pick<Parameters<typeof moduleJson>[0], 'messages' | 'services'> & {
  readonly file: LinkedFile
  readonly comments: ApiComments
}

function checkFile(file: LinkedFile, { intact, comments }: ParsedSource): CheckedFile {
  const messages = messagesOf(file.statements)
  checkMessageNames(messages, file.report)
  const services = intact ? resolveServices(file.statements, messages, file.report) : []
  return { file, comments, messages, services }
}

function checkModuleNames(sources: Iterable<SourceFile>): void {
  const paths = new Map<string, string>()
  for (const { path, report } of sources) {
    const module = moduleName(path)
    const other = paths.get(module)
    if (other === undefined) paths.set(module, path)
    else
      report.error('IDL_FILE', 0, `module "${module}" comes from "${other}" as well: rename one of the files`)
  }
}

function buildModule({ file, comments, messages, services }: CheckedFile): ImportedModule {
  const { path, statements, scope } = file
  const flat = flatten(file)
  const module = moduleName(path)
  const messageCrcs = messages.map((message) => messageCrc(message, scope))
  const content = { module, flat, messages, messageCrcs, services, fileCrc: fileCrc(flat) }
  const text = printJson(moduleJson(content))
  const count = (kind: string) => statements.filter((statement) => statement.kind === kind).length
  return {
    module,
    origin: originOf(path),
    installed: isInstalled(path),
    path,
    text,
    documented: printJson(moduleJson(content, comments)),
    json: JSON.parse(text) as ApiJson,
    cModeCrc: crcHex(fileCrc(statements)),
    counts: {
      messages: messages.length,
      types: count('typedef'),
      enums: count('enum'),
      enumflags: count('enumflag'),
      unions: count('union'),
      aliases: count('alias'),
      services: services.length,
    },
  }
}
