import { packageFolder, packageVersion } from '../../emit/package-files.ts'

/** Keys of `package.json` that name packages with versions. */
const SECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const

const BINDING = /^(.*-binapi-|.*\/binapi-)(.+)$/

/** What the bindings of a program are to be. */
export interface WantedBindings {
  readonly release: string | undefined
  /** Modules that its sources import. */
  readonly used: ReadonlySet<string>
  /** All modules that the release has: packages of others cannot be installed. */
  readonly known: ReadonlySet<string>
}

/**
 * The text of a `package.json` with bindings of another release, and of the modules that the program uses now.
 *
 * @returns undefined when it has no packages of bindings, or the release has no version
 */
export function migrateManifest(text: string, wanted: WantedBindings): string | undefined {
  const { release } = wanted
  const version = packageVersion(release, 0)
  const json = JSON.parse(text) as Record<string, unknown>
  if (release === undefined || version === '0.0.0') return undefined
  let changed = false
  for (const section of SECTIONS) {
    const before = json[section] as Readonly<Record<string, string>> | undefined
    if (before === undefined) continue
    const after = migrateSection(before, wanted, version)
    if (after === undefined) continue
    json[section] = after
    changed = true
  }
  if (!changed) return undefined
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  return `${JSON.stringify(json, null, indent)}${text.endsWith('\n') ? '\n' : ''}`
}

function migrateSection(
  before: Readonly<Record<string, string>>,
  { used, known }: WantedBindings,
  version: string,
): Readonly<Record<string, string>> | undefined {
  const first = Object.keys(before).find((name) => BINDING.test(name))
  if (first === undefined) return undefined
  const [, prefix = ''] = BINDING.exec(first) ?? []
  const nameOf = (module: string) => `${prefix}${packageFolder(module)}`
  const installable = new Set([...known].map(nameOf))
  const range = before[first]?.match(/^[~^]/)?.[0] ?? ''
  const isOurs = ([name, value]: [string, string]) => BINDING.test(name) && isVersion(value)
  const kept = Object.entries(before)
    .filter((entry) => !isOurs(entry) || installable.has(entry[0]))
    .map((entry) => [entry[0], isOurs(entry) ? `${range}${version}` : entry[1]])
  const added = [...used]
    .map(nameOf)
    .filter((name) => before[name] === undefined && isVersion(before[first]))
    .map((name) => [name, `${range}${version}`])
  const entries = [...kept, ...added] as [string, string][]
  return Object.fromEntries(added.length === 0 ? entries : entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Links to folders and to workspaces are not versions. */
function isVersion(value: string | undefined): boolean {
  return /^[~^]?\d+\.\d+\.\d+/.test(value ?? '')
}
