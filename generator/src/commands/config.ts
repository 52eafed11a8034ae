import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GeneratorError, reasonOf } from '../errors.ts'

/** What a configuration file can say: the options of the command line, and the modules. Paths are relative to the file. */
export interface GeneratorConfig {
  readonly input?: string
  readonly outputDir?: string
  readonly release?: string
  /** Names of modules, with `*`, `?`, `!` and names of messages, as on the command line. */
  readonly modules?: readonly string[]
  /** Folder of the program whose imports say which modules are generated. */
  readonly for?: string
  readonly layout?: 'modules' | 'packages'
  /** Plugins that come with the generator. */
  readonly gen?: string
  /** Plugins of your own: files, or names of packages. */
  readonly plugin?: readonly string[]
  readonly importPrefix?: string
  readonly importExtension?: '.js' | '.ts'
  readonly versionInfo?: boolean
  readonly sourcePathInfo?: boolean
  readonly comments?: boolean
  readonly prettier?: boolean
  readonly strict?: boolean
}

/** A whole file: options, and what is different in each of several outputs. */
export interface ConfigFile extends GeneratorConfig {
  /** Outputs that are generated one after the other; each takes what it does not say from the options beside. */
  readonly outputs?: readonly GeneratorConfig[]
}

/** A configuration, and the folder that its paths are relative to. */
export interface LoadedConfig {
  readonly path: string
  readonly folder: string
  /** One for each output. */
  readonly outputs: readonly GeneratorConfig[]
}

/** Names of the file, in the order in which they are looked for. */
export const CONFIG_FILES = [
  'binapi-gen.config.ts',
  'binapi-gen.config.js',
  'binapi-gen.config.mjs',
  'binapi-gen.config.json',
] as const

/** Where bindings go when nothing says so. */
export const DEFAULT_OUTPUT = 'binapi'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string' && value.trim() !== ''
const isSwitch: Check = (value) => typeof value === 'boolean'
const isList: Check = (value) => Array.isArray(value) && value.every(isText)
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string)

/** What each key must be, in words and as a check. */
const KEYS: Readonly<Record<keyof GeneratorConfig, readonly [what: string, check: Check]>> = {
  input: ['a text', isText],
  outputDir: ['a text', isText],
  release: ['a text', isText],
  modules: ['a list of texts', isList],
  for: ['a text', isText],
  layout: ['"modules" or "packages"', oneOf('modules', 'packages')],
  gen: ['a text', isText],
  plugin: ['a list of texts', isList],
  importPrefix: ['a text', isText],
  importExtension: ['".js" or ".ts"', oneOf('.js', '.ts')],
  versionInfo: ['true or false', isSwitch],
  sourcePathInfo: ['true or false', isSwitch],
  comments: ['true or false', isSwitch],
  prettier: ['true or false', isSwitch],
  strict: ['true or false', isSwitch],
}

/**
 * The configuration of a folder; undefined when it has none.
 *
 * @param named path of the file, when it was given
 * @throws GeneratorError `BINAPI_USAGE` when it cannot be loaded, or has keys or values that make no sense
 */
export async function loadConfig(named?: string): Promise<LoadedConfig | undefined> {
  const path = named ?? CONFIG_FILES.find((name) => existsSync(name))
  if (path === undefined) return undefined
  const config = await readConfig(path)
  checkKeys(path, config, '')
  const { outputs, ...options } = config as ConfigFile & { readonly $schema?: string }
  delete options.$schema
  const folder = dirname(resolve(path))
  if (outputs === undefined) return { path, folder, outputs: [options] }
  if (!Array.isArray(outputs) || outputs.length === 0)
    throw wrong(path, '"outputs" must be a list of objects')
  for (const [index, output] of outputs.entries()) checkKeys(path, output, `outputs[${index}]`)
  const merged = outputs.map((output) => ({ ...options, ...output }))
  refuseSharedFolders(path, folder, merged)
  return { path, folder, outputs: merged }
}

/** @param place of the object in the file; empty for the file itself */
function checkKeys(path: string, config: unknown, place: string): void {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw wrong(path, place === '' ? 'it has no object with options' : `"${place}" must be an object`)
  const own = place === '' ? ['$schema', 'outputs'] : []
  for (const [key, value] of Object.entries(config)) {
    if (own.includes(key)) continue
    const name = place === '' ? key : `${place}.${key}`
    if (!Object.hasOwn(KEYS, key))
      throw wrong(path, `unknown key "${name}"; known are ${Object.keys(KEYS).join(', ')}`)
    const [what, check] = KEYS[key as keyof GeneratorConfig]
    if (!check(value)) throw wrong(path, `"${name}" must be ${what}`)
  }
}

/** Each output removes what it did not generate itself. */
function refuseSharedFolders(path: string, folder: string, outputs: readonly GeneratorConfig[]): void {
  const seen = new Map<string, number>()
  for (const [index, { outputDir = DEFAULT_OUTPUT }] of outputs.entries()) {
    const place = resolve(folder, outputDir)
    const other = seen.get(place)
    if (other !== undefined)
      throw wrong(
        path,
        `outputs[${other}] and outputs[${index}] both go into "${outputDir}": give each its own outputDir`,
      )
    seen.set(place, index)
  }
}

async function readConfig(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8')) as unknown
    const module = (path.endsWith('.ts') ? await importTypeScript(path) : await importFile(path)) as {
      readonly default?: unknown
    }
    return module.default
  } catch (error) {
    throw wrong(path, reasonOf(error), error)
  }
}

function importFile(path: string): Promise<unknown> {
  return import(`${pathToFileURL(resolve(path)).href}?${Date.now()}`)
}

/** Without its types, beside the file itself, so that its imports lead where they led. */
async function importTypeScript(path: string): Promise<unknown> {
  const { ts } = await import('ts-morph')
  const { outputText } = ts.transpileModule(await readFile(path, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
  })
  const file = join(dirname(resolve(path)), `.binapi-gen.config.${process.pid}.mjs`)
  try {
    await writeFile(file, outputText)
    return await importFile(file)
  } finally {
    await rm(file, { force: true })
  }
}

function wrong(path: string, reason: string, cause?: unknown): GeneratorError {
  return new GeneratorError('BINAPI_USAGE', `cannot use the configuration "${path}": ${reason}`, { cause })
}

/** Options with a path in them, which the file means relative to itself; for each output. */
export function fromFolder({ folder, outputs }: LoadedConfig): GeneratorConfig[] {
  const below = (path: string) => relative('.', resolve(folder, path)) || '.'
  const place = (path: string) =>
    path.startsWith('.') || existsSync(join(folder, path)) ? below(path) : path
  return outputs.map((config) => ({
    ...config,
    ...(config.input === undefined ? {} : { input: place(config.input) }),
    ...(config.outputDir === undefined ? {} : { outputDir: below(config.outputDir) }),
    ...(config.for === undefined ? {} : { for: below(config.for) }),
    ...(config.plugin === undefined ? {} : { plugin: config.plugin.map(place) }),
  }))
}
