import { existsSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { formatDiagnostic } from '../idl/diagnostics.ts'
import type { ModuleOrigin } from '../idl/index.ts'
import { describeRelease, releaseFiles, type ReleaseSource } from '../idl/release.ts'
import { writeRelease } from '../idl/release-folder.ts'
import { revisionOf } from '../idl/revision.ts'
import { importTree } from '../idl/source-tree.ts'
import { findRelease } from '../schema/input/bundled.ts'
import { listApiJson } from '../schema/input/folder.ts'
import type { Input } from '../schema/input/input.ts'
import { LIVE_PREFIX } from '../schema/input/live.ts'
import { readInput } from '../schema/input/read.ts'
import { checkInput } from '../schema/check-input.ts'
import { jsonReleaseFiles } from '../tools/import/json-release.ts'
import { generatorVersion } from '../version.ts'

interface ImportFlags {
  readonly release: string
  readonly outputDir: string
  readonly commit?: string
  readonly date?: string
  readonly quiet?: true
}

const EXAMPLES = `
Examples:
  $ git clone --branch v26.06 https://github.com/FDio/vpp
  $ binapi-gen import vpp --release 26.06 --output-dir api-json
  $ binapi-gen import vpp-26.02 --release 26.02 --output-dir api-json --commit 9258530f38
  $ binapi-gen import /usr/share/vpp/api --release 26.06 --output-dir api-json    from an installed package

Writes <output-dir>/<release>/{core,plugins}/*.api.json and <output-dir>/<release>/SOURCE.json.
Exit code: 0 done, 1 the tree has errors or a folder cannot be read or written, 2 wrong usage.`

/**
 * The subcommand `import`: VPP's `.api` files to `.api.json`. Failures are thrown: `GeneratorError` for the work,
 * commander's own error for wrong usage.
 */
export function importCommand(): Command {
  return new Command('import')
    .description(
      "make a release of .api.json files, from VPP's source or from definitions that are such files already",
    )
    .argument(
      '<place>',
      'checkout of VPP, a folder that contains its src/, or any other place of definitions',
    )
    .requiredOption(
      '--release <release>',
      'VPP release, the name of the folder that is written',
      parseRelease,
    )
    .requiredOption('-o, --output-dir <folder>', 'folder that holds one folder for each release')
    .option('--commit <hash>', 'commit of the source, if the tree is no git checkout', parseCommit)
    .option('--date <date>', 'date of that commit, ISO 8601', parseDate)
    .option('-q, --quiet', 'print errors only')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .action(runImport)
}

async function runImport(place: string, flags: ImportFlags): Promise<void> {
  const progress = new Progress(flags.quiet ?? false)
  const json = await readJsonPlace(place)
  const { source, summary, warnings } =
    json === undefined ? await importRelease(place, flags, progress) : await importJson(json, flags)
  if (flags.quiet) return
  for (const warning of warnings) process.stderr.write(`${formatDiagnostic(warning)}\n`)
  const { modules, messages, services } = source.counts
  const { written, unchanged, removed } = summary
  process.stdout.write(
    `${source.release}: ${modules} modules, ${messages} messages, ${services} services; ` +
      `${written} files written, ${unchanged} unchanged, ${removed} removed\n`,
  )
}

async function importRelease(tree: string, flags: ImportFlags, progress: Progress) {
  const { release, outputDir } = flags
  try {
    const { modules, warnings } = await importTree(tree, {
      onStep: (step, files) =>
        progress.show(step === 'read' ? `reading ${tree}` : `importing ${files} files`),
    })
    const revision = await revisionOf(tree, pickStated(flags))
    const source = describeRelease(modules, { ...revision, release, generator: generatorVersion() })
    progress.show(`writing ${modules.length} modules`)
    const summary = await writeRelease(join(outputDir, release), releaseFiles(modules, source))
    return { source, summary, warnings }
  } finally {
    progress.clear()
  }
}

/** Definitions that are `.api.json` files already; undefined for a source tree, and for what is not there. */
async function readJsonPlace(place: string): Promise<Input | undefined> {
  const isJson =
    place.startsWith(LIVE_PREFIX) ||
    findRelease(place) !== undefined ||
    (existsSync(place) && (!statSync(place).isDirectory() || (await listApiJson(place)).length > 0))
  return isJson ? readInput({ input: place }) : undefined
}

/** Folder of each module in the releases that were imported before, the newest last. */
async function knownOrigins(outputDir: string): Promise<ReadonlyMap<string, ModuleOrigin>> {
  const releases = existsSync(outputDir) ? (await readdir(outputDir)).toSorted() : []
  const sources = releases
    .map((release) => join(outputDir, release, 'SOURCE.json'))
    .filter((path) => existsSync(path))
  const modules = await Promise.all(
    sources.map(async (path) => JSON.parse(await readFile(path, 'utf8')) as ReleaseSource),
  )
  return new Map(
    modules.flatMap((source) => source.modules.map(({ module, origin }) => [module, origin] as const)),
  )
}

async function importJson(input: Input, { release, outputDir, commit, date }: ImportFlags) {
  const { files, source } = jsonReleaseFiles(input, await checkInput(input), {
    release,
    commit: commit ?? 'unknown',
    date: date ?? null,
    generator: generatorVersion(),
    origins: await knownOrigins(outputDir),
  })
  return { source, summary: await writeRelease(join(outputDir, release), files), warnings: [] }
}

function pickStated({ commit, date }: ImportFlags): { commit?: string; date?: string } {
  return { ...(commit === undefined ? {} : { commit }), ...(date === undefined ? {} : { date }) }
}

/** The line on a terminal that says what is being done; nothing where standard error is no terminal. */
class Progress {
  readonly #enabled: boolean

  constructor(quiet: boolean) {
    this.#enabled = !quiet && process.stderr.isTTY
  }

  show(text: string): void {
    if (this.#enabled) process.stderr.write(`\r\u001B[K${text}`)
  }

  clear(): void {
    this.show('')
  }
}

function parseRelease(text: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z._-]*$/.test(text)) return text
  throw new InvalidArgumentError('Expected a name such as 26.06.')
}

function parseCommit(text: string): string {
  if (/^[0-9a-f]{7,64}$/.test(text)) return text
  throw new InvalidArgumentError('Expected 7 to 64 hex digits.')
}

function parseDate(text: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('Expected a date such as 2026-06-21 or 2026-06-21T16:02:56+02:00.')
}
