import { GeneratorError } from './errors.ts'
import type { GeneratedFile } from './emit/files.ts'
import { emitOptions, type EmitOptions } from './emit/options.ts'
import { buildModel } from './model/build.ts'
import type { Model } from './model/model.ts'
import type { Plugin } from './plugin/plugin.ts'
import { rpc } from './plugin/rpc.ts'
import { emitFiles } from './plugin/run.ts'
import type { Input } from './schema/input.ts'
import { readInput } from './input/read.ts'
import { checkInput } from './schema/check-input.ts'
import type { LoadOptions } from './input/load.ts'
import type { LeftOut, Schema } from './schema/module.ts'
import { generatorVersion } from './version.ts'
import { compareOutput, writeOutput, type WriteResult } from './write/apply.ts'
import { fingerprint, noteRun, recallRun } from './write/fingerprint.ts'

/** Steps of a run. */
export type Step = 'read' | 'check' | 'emit' | 'format' | 'write'

/** What to generate, from what, into what. */
export interface GenerateOptions extends LoadOptions, Partial<EmitOptions> {
  /** Folder of the output. */
  readonly outputDir: string
  /** What adds files; left out: the clients alone. */
  readonly plugins?: readonly Plugin[] | undefined
  /** Format with prettier and the configuration that it finds for the output folder. */
  readonly prettier?: boolean | undefined
  /** Threads for prettier; left out: one. */
  readonly jobs?: number | undefined
  /** Called at the start of each step, and before each module. */
  readonly onProgress?: ((step: Step, module?: string, done?: number, total?: number) => void) | undefined
}

/** What a run has made. */
export interface GenerateResult extends WriteResult {
  readonly release: string | undefined
  /** What was read, for people. */
  readonly source: string
  readonly counts: Counts
  /** Things worth knowing that are not errors. */
  readonly notes: readonly string[]
  /** What cannot be supported and was left out. */
  readonly leftOut: readonly LeftOut[]
}

/** How much a run has made. */
export interface Counts {
  readonly modules: number
  readonly messages: number
  readonly types: number
  readonly methods: number
  readonly files: number
  readonly lines: number
  readonly bytes: number
}

/**
 * Generates bindings. Nothing in the output folder changes unless everything has gone well.
 * @throws GeneratorError; its `code` says what is wrong
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { outputDir, onProgress } = options
  onProgress?.('read')
  const input = await readInput(options)
  const print = fingerprintOf(input, options)
  const known = print === undefined ? undefined : recallRun<GenerateResult>(outputDir, print)
  if (known !== undefined) return { ...known, written: 0, removed: 0, unchanged: known.counts.files }
  const { files, schema, model } = await render(input, options)
  onProgress?.('write')
  const written = writeOutput(outputDir, files, input)
  const result = {
    ...written,
    release: input.release,
    source: input.label,
    counts: count(model, files),
    notes: schema.notes,
    leftOut: schema.leftOut,
  }
  if (print !== undefined) noteRun(outputDir, print, result)
  return result
}

/**
 * Compares the output folder with what would be generated; writes nothing.
 * @throws GeneratorError `BINAPI_OUTDATED` with every difference
 */
export async function checkOutput(options: GenerateOptions): Promise<GenerateResult> {
  const { outputDir } = options
  options.onProgress?.('read')
  const input = await readInput(options)
  const { files, schema, model } = await render(input, options)
  const problems = compareOutput(outputDir, files, input)
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 difference' : `${problems.length} differences`
    const message = `"${outputDir}" is not what would be generated: ${count}`
    throw new GeneratorError('BINAPI_OUTDATED', message, { problems })
  }
  const counts = count(model, files)
  return {
    written: 0,
    removed: 0,
    unchanged: files.length,
    kept: [],
    release: input.release,
    source: input.label,
    counts,
    notes: schema.notes,
    leftOut: schema.leftOut,
  }
}

/** Makes all files of the output in memory. */
export async function renderBindings(
  model: Model,
  options: Partial<EmitOptions> & Pick<GenerateOptions, 'plugins' | 'onProgress'> = {},
): Promise<GeneratedFile[]> {
  const { plugins = [rpc], onProgress } = options
  return emitFiles(model, plugins, emitOptions(options), generatorVersion(), (module, done, total) =>
    onProgress?.('emit', module, done, total),
  )
}

async function render(
  input: Input,
  options: GenerateOptions,
): Promise<{ files: GeneratedFile[]; model: Model; schema: Schema }> {
  options.onProgress?.('check')
  const schema = await checkInput(input, { wanted: options.modules, strict: options.strict })
  const model = buildModel(schema)
  const files = await renderBindings(model, options)
  if (options.prettier !== true) return { files, model, schema }
  options.onProgress?.('format')
  const { formatFiles } = await import('./emit/prettier.ts')
  return { files: await formatFiles(files, options.outputDir, options.jobs ?? 1), model, schema }
}

/** Plugins from elsewhere and prettier depend on more than the input: with them every run starts from scratch. */
function fingerprintOf(input: Input, options: GenerateOptions): string | undefined {
  const { plugins = [rpc], modules, prettier } = options
  if (prettier === true || plugins.some((plugin) => plugin !== rpc)) return undefined
  return fingerprint(input, [
    emitOptions(options),
    input.named ?? [],
    modules ?? [],
    plugins.length,
    options.strict === true,
  ])
}

function count({ modules }: Model, files: readonly GeneratedFile[]): Counts {
  const total = (of: (module: Model['modules'][number]) => number) =>
    modules.reduce((sum, module) => sum + of(module), 0)
  return {
    modules: modules.length,
    messages: total(({ messages }) => messages.length),
    types: total(({ types }) => types.length),
    methods: total(({ methods }) => methods.length),
    files: files.length,
    lines: files.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0),
    bytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
  }
}
