import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { formatDiagnostic } from '../idl/diagnostics.ts'
import type { ImportResult, ModuleOrigin } from '../idl/index.ts'
import { describeRelease, releaseFiles, type ReleaseSource } from '../idl/release.ts'
import { writeRelease } from '../idl/release-folder.ts'
import { revisionOf } from '../idl/revision.ts'
import type { Input } from '../schema/input.ts'
import { readInput } from '../input/read.ts'
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
    .option('--commit <hash>', 'commit of the source, if the tree is not a git checkout', parseCommit)
    .option('--date <date>', 'date of that commit, ISO 8601', parseDate)
    .option('-q, --quiet', 'print errors only')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .action(runImport)
}

async function runImport(place: string, flags: ImportFlags): Promise<void> {
  const progress = new Progress(flags.quiet ?? false)
  progress.show(`reading ${place}`)
  try {
    const input = await readInput({ input: place })
    progress.show(`writing ${input.files.length} modules`)
    const { source, summary } =
      input.imported === undefined
        ? await importJson(input, flags)
        : await importSource(place, input, input.imported, flags)
    progress.clear()
    if (flags.quiet) return
    for (const warning of input.imported?.warnings ?? [])
      process.stderr.write(`${formatDiagnostic(warning)}\n`)
    const { modules, messages, services } = source.counts
    const { written, unchanged, removed } = summary
    process.stdout.write(
      `${source.release}: ${modules} modules, ${messages} messages, ${services} services; ` +
        `${written} files written, ${unchanged} unchanged, ${removed} removed\n`,
    )
  } finally {
    progress.clear()
  }
}

async function importSource(
  place: string,
  { revision }: Input,
  { modules }: ImportResult,
  flags: ImportFlags,
) {
  const { release, outputDir } = flags
  const stated = pickStated(flags)
  const found = revision === undefined ? await revisionOf(place, stated) : { ...revision, ...stated }
  const source = describeRelease(modules, { ...found, release, generator: generatorVersion() })
  const summary = await writeRelease(join(outputDir, release), releaseFiles(modules, source))
  return { source, summary }
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
  const { files, source } = jsonReleaseFiles(input, await checkInput(input, { strict: true }), {
    release,
    commit: commit ?? input.revision?.commit ?? 'unknown',
    date: date ?? input.revision?.date ?? null,
    generator: generatorVersion(),
    origins: await knownOrigins(outputDir),
  })
  return { source, summary: await writeRelease(join(outputDir, release), files) }
}

function pickStated({ commit, date }: ImportFlags): { commit?: string; date?: string } {
  return { ...(commit === undefined ? {} : { commit }), ...(date === undefined ? {} : { date }) }
}

/** The line on a terminal that says what is being done; nothing where standard error is not a terminal. */
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
