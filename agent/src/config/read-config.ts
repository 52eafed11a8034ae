import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  ConfigError,
  parseConfig as parseGovpp,
  readConfig as readGovpp,
  type GovppConfig,
} from '@vpp-ts/config'
import { YAMLParseError, parse, stringify } from 'yaml'
import { AgentError } from '../model/errors.ts'
import { configSchema, FOLDER, type ConfigFile } from './schema.ts'

/** What is wrong with one field of a configuration file. */
export interface AgentConfigProblem {
  readonly file: string
  /** Path of the field, as in `instances.0.name`; empty for the whole file. */
  readonly field: string
  /** What is wrong and what to do. */
  readonly message: string
}

/** The configuration cannot be used. All that is wrong with it is in `problems`. */
export class AgentConfigError extends AgentError {
  readonly problems: readonly AgentConfigProblem[]

  constructor(problems: readonly AgentConfigProblem[], options?: ErrorOptions) {
    const lines = problems.map(
      ({ file, field, message }) => `${file}: ${field === '' ? '' : `${field}: `}${message}`,
    )
    super('AGENT_CONFIG', lines.join('\n'), options)
    this.problems = problems
  }
}

/** One VPP of a configuration. */
export interface InstanceConfig {
  readonly name: string
  readonly govpp: GovppConfig
  /** Absolute path of the folder of items. */
  readonly watch: string | undefined
  /** What to do about changes to declared objects that the agent did not make. */
  readonly drift: 'repair' | 'report'
  /** Milliseconds between looks at all that VPP has. */
  readonly 'resync-interval': number
}

/** A configuration with all defaults; paths are absolute. */
export interface AgentConfig extends Omit<ConfigFile, 'instances' | 'history'> {
  /** The file that it was read from. */
  readonly file: string
  readonly instances: readonly InstanceConfig[]
  /** Settings of the history, and its folder. */
  readonly history: HistoryConfig | false
}

/** Settings of the history. */
export interface HistoryConfig {
  readonly path: string
  readonly interfaces: number
  readonly size: number
}

/**
 * Reads the agent's configuration file. Paths in it are taken from its folder.
 * @throws AgentConfigError naming every field that is wrong
 */
export async function readAgentConfig(file: string): Promise<AgentConfig> {
  let content: unknown
  try {
    content = parse(await readFile(file, 'utf8'))
  } catch (error) {
    const line = error instanceof YAMLParseError ? ` (line ${error.linePos?.[0].line ?? '?'})` : ''
    const message = `${error instanceof YAMLParseError ? 'is not YAML' : 'cannot be read'}${line}: ${(error as Error).message.split('\n')[0] ?? ''}`
    throw new AgentConfigError([{ file, field: '', message }], { cause: error })
  }
  const result = configSchema.safeParse(content ?? {})
  if (!result.success) throw new AgentConfigError(result.error.issues.flatMap((it) => problemsOf(file, it)))
  return await complete(result.data, file)
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
}

function problemsOf(file: string, issue: Issue, above: readonly PropertyKey[] = []): AgentConfigProblem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors !== undefined) {
    // The arm that is meant is the one that is not just a literal.
    const arm = issue.errors.find((errors) => errors.some((it) => it.code !== 'invalid_value'))
    if (arm !== undefined) return arm.flatMap((it) => problemsOf(file, it, path))
  }
  const field = path.join('.')
  if (issue.code !== 'unrecognized_keys') return [{ file, field, message: issue.message }]
  return (issue.keys ?? []).map((key) => ({
    file,
    field: [...path, key].join('.'),
    message: 'unknown key; see docs/agent.md for the right spelling',
  }))
}

async function complete(content: ConfigFile, file: string): Promise<AgentConfig> {
  const folder = dirname(resolve(file))
  const absolute = (path: string): string => resolve(folder, path)
  const optional = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : absolute(path)
  const instances = await Promise.all(
    content.instances.map(async (it, at) => ({
      name: it.name,
      govpp: await govppOf(it, { file, at, absolute }),
      watch: optional(it.watch),
      drift: it.drift,
      'resync-interval': it['resync-interval'],
    })),
  )
  const { store, rest, metrics, history } = content
  const storePath = store.kind === 'lmdb' ? absolute(store.path) : FOLDER
  const historyPath = (path: string | undefined): string => optional(path) ?? join(storePath, 'history')
  return {
    ...content,
    file,
    instances,
    store: store.kind === 'lmdb' ? { ...store, path: absolute(store.path) } : withPaths(store, absolute),
    history: history === false ? false : { ...history, path: historyPath(history.path) },
    rest: rest === false ? false : servedWithPaths(rest, absolute),
    metrics: metrics === false ? false : servedWithPaths(metrics, absolute),
  }
}

function servedWithPaths<T extends { tls?: object | undefined }>(
  section: T,
  absolute: (path: string) => string,
): T {
  const whole = withPaths(section, absolute)
  return whole.tls === undefined ? whole : { ...whole, tls: withPaths(whole.tls, absolute) }
}

const PATHS: ReadonlySet<string> = new Set([
  'token-file',
  'read-token-file',
  'password-file',
  'ca',
  'cert',
  'key',
  'client-ca',
])

function withPaths<T extends object>(section: T, absolute: (path: string) => string): T {
  const entries = Object.entries(section).map(([key, value]) => [
    key,
    PATHS.has(key) && typeof value === 'string' ? absolute(value) : (value as unknown),
  ])
  return Object.fromEntries(entries) as T
}

interface Place {
  readonly file: string
  /** Number of the instance in the file. */
  readonly at: number
  readonly absolute: (path: string) => string
}

async function govppOf(it: ConfigFile['instances'][number], place: Place): Promise<GovppConfig> {
  const { file, at, absolute } = place
  try {
    const path = it['govpp-file']
    if (path !== undefined) return await readGovpp(absolute(path))
    return parseGovpp(stringify(it.govpp ?? {}), file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const within = it['govpp-file'] === undefined ? `instances.${at}.govpp.` : ''
    throw new AgentConfigError(
      error.problems.map(({ key, message }) => ({ file: error.file, field: `${within}${key}`, message })),
      { cause: error },
    )
  }
}
