import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { formatDiagnostic } from '../idl/diagnostics.ts'
import { describeRelease, releaseFiles } from '../idl/release.ts'
import { writeRelease } from '../idl/release-folder.ts'
import { revisionOf } from '../idl/revision.ts'
import { importTree } from '../idl/source-tree.ts'
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

Writes <output-dir>/<release>/{core,plugins}/*.api.json and <output-dir>/<release>/SOURCE.json.
Exit code: 0 done, 1 the tree has errors or a folder cannot be read or written, 2 wrong usage.`

/**
 * The subcommand `import`: VPP's `.api` files to `.api.json`. Failures are thrown: `GeneratorError` for the work,
 * commander's own error for wrong usage.
 */
export function importCommand(): Command {
  return new Command('import')
    .description("make .api.json files from the .api files of VPP's source")
    .argument('<source-tree>', 'checkout of VPP, or a folder that contains its src/')
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

async function runImport(tree: string, flags: ImportFlags): Promise<void> {
  const { source, summary, warnings } = await importRelease(tree, flags, new Progress(flags.quiet ?? false))
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
