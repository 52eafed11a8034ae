import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { createTwoFilesPatch } from 'diff'
import { GeneratorError } from '../errors.ts'
import { releasesBetween } from '../input/bundled.ts'
import type { Schema } from '../schema/module.ts'
import { counted } from '../tools/catalog/text.ts'
import type { MigratedFile, MigrateResult } from '../tools/migrate/migrate.ts'
import { loadPlace, PLACES, type Outcome } from './places.ts'

interface MigrateFlags {
  readonly from: string
  readonly to: string
  readonly newest?: true
  readonly dryRun?: true
  readonly exitCode?: true
  readonly quiet?: true
}

const EXAMPLES = `
What is certain is rewritten: messages, fields, enum members and modules that have another name, a newer version of a
message that is gone and means the same, imports, defaults that have changed. Where a person must decide, a comment
"// vpp: …" says why. Files are formatted with the project's prettier if they were before; package.json takes the
bindings of the new release. At the end the program is checked with the bindings of the new release.

Examples:
  $ binapi-gen migrate --from 26.02 --to 26.06 src              rewrites the program in src/
  $ binapi-gen migrate --from 24.10 --to 26.06 src --dry-run    prints a patch and changes nothing
  $ binapi-gen migrate --from 26.02 --to vpp:/run/vpp/api.sock src
  $ binapi-gen migrate --from 26.06 --to ~/vpp src --newest     also away from deprecated messages

Exit code: 0 done, 1 with --exit-code when a person must still look at something, or an input has errors, 2 wrong usage.`

/** The subcommand `migrate`. */
export function migrateCommand(outcome: Outcome): Command {
  return new Command('migrate')
    .description('rewrite a program for another release of VPP')
    .argument('<program>', 'folder of the program, or a file')
    .requiredOption('--from <place>', 'definitions that the program was written for')
    .requiredOption('--to <place>', 'definitions that it is to be for')
    .option('--newest', 'also replace deprecated messages, where a newer version means the same')
    .option('--dry-run', 'print a patch, change nothing')
    .option('--exit-code', 'end with 1 when a person must still look at something')
    .option('-q, --quiet', 'print errors only')
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .exitOverride()
    .action(async (program: string, flags: MigrateFlags) => {
      const { migrateProgram } = await import('../tools/migrate/migrate.ts')
      const releases = await loadReleases(flags)
      const result = await migrateProgram({ program, releases, newest: flags.newest })
      if (flags.dryRun === true) process.stdout.write(result.files.map(patchOf).join(''))
      else for (const { path, after } of result.files) await writeFile(path, after)
      if (flags.quiet !== true) {
        const stream = flags.dryRun === true ? process.stderr : process.stdout
        stream.write(logOf(result, releases, flags.dryRun === true))
      }
      const open = result.errors.length + result.files.reduce((sum, { remarks }) => sum + remarks.length, 0)
      if (flags.exitCode === true && open > 0) outcome.failed = true
    })
}

/** Both ends, and what is bundled between them: things are followed from each release to the next. */
async function loadReleases({ from, to }: MigrateFlags): Promise<Schema[]> {
  const [first, last] = [await loadPlace({ input: from }), await loadPlace({ input: to })]
  if (first.modules.size === 0 || last.modules.size === 0)
    throw new GeneratorError('BINAPI_INPUT', 'no definitions to migrate between')
  const between = await Promise.all(
    releasesBetween(first.release, last.release).map((input) => loadPlace({ input })),
  )
  return [first, ...between, last]
}

function patchOf({ path, before, after }: MigratedFile): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 }).replace(
    /^=+\n/,
    '',
  )
}

/** What was done and what is left to do, for people. */
function logOf({ files, errors }: MigrateResult, releases: readonly Schema[], dryRun: boolean): string {
  const names = releases.map(({ release, source }) => release ?? source)
  const lines = [`${names.join(' → ')}: ${counted(files.length, 'file')} ${dryRun ? 'to change' : 'changed'}`]
  for (const { path, reasons, remarks } of files) {
    lines.push(`  ${path}`)
    for (const reason of reasons) lines.push(`    ${reason}`)
    for (const { line, text } of remarks) lines.push(`    look at line ${line}: ${text}`)
  }
  if (errors.length === 0) lines.push('the program compiles as it did before')
  else {
    lines.push(`${counted(errors.length, 'place')} no longer compile${errors.length === 1 ? 's' : ''}:`)
    for (const { place, text } of errors) lines.push(`  ${place}: ${text}`)
  }
  return `${lines.join('\n')}\n`
}
