import { Command, Option } from 'commander'
import { buildModel } from '../model/build.ts'
import { LIVE_PREFIX } from '../input/live.ts'
import type { Schema } from '../schema/module.ts'
import { IMPACTS, type Impact } from '../tools/diff/change.ts'
import { diffSchemas, filterByImpact } from '../tools/diff/diff.ts'
import { diffJson, diffMarkdown, diffText } from '../tools/diff/print.ts'
import { differencesOf, type DiffReport } from '../tools/diff/report.ts'
import { loadPlace, PLACES, type Outcome } from './places.ts'

interface DiffFlags {
  readonly for?: string
  readonly impact: Impact
  readonly format: 'table' | 'json' | 'markdown'
  readonly exitCode?: true
}

const UNTOLD = 'memclnt'

const PRINTERS = { table: diffText, json: diffJson, markdown: diffMarkdown } as const

const EXAMPLES = `
Impacts, the gravest first:
  wire        a program built for A cannot use the message with B: its bytes or its CRC are different, or it is gone
  compile     such a program goes on working; with bindings of B its source may not compile, or say something else
  compatible  nothing to do

Examples:
  $ binapi-gen diff 26.02 26.06                              all that has changed
  $ binapi-gen diff 26.02 26.06 --for src --impact compile   what the program in src/ has to look at
  $ binapi-gen diff 26.06 ~/vpp --format markdown            for a pull request
  $ binapi-gen diff 26.06 vpp:/run/vpp/api.sock --impact wire --exit-code --for src
                                                             may this program talk to that VPP?

Exit code: 0 done, 1 with --exit-code and differences that are shown, or an input has errors, 2 wrong usage.`

/** The subcommand `diff`. */
export function diffCommand(outcome: Outcome): Command {
  return new Command('diff')
    .description('compare two places of definitions, down to fields, enum members and nested types')
    .argument('<a>', 'the older definitions')
    .argument('<b>', 'the newer definitions')
    .option('--for <folder>', 'only what the TypeScript below this folder imports from bindings')
    .addOption(
      new Option('--impact <impact>', 'only what is at least as grave')
        .choices(IMPACTS)
        .default('compatible'),
    )
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'markdown']).default('table'),
    )
    .option('--exit-code', 'end with 1 if there is anything to show')
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .exitOverride()
    .action(async (a: string, b: string, flags: DiffFlags) => {
      const report = filterByImpact(await compare(a, b, flags.for), flags.impact)
      process.stdout.write(PRINTERS[flags.format](report))
      if (flags.exitCode === true && differencesOf(report).length > 0) outcome.failed = true
    })
}

/** A running VPP tells nothing of the module that its API socket itself depends on. */
function withoutUntold(schema: Schema): Schema {
  return { ...schema, modules: new Map([...schema.modules].filter(([name]) => name !== UNTOLD)) }
}

async function compare(a: string, b: string, folder: string | undefined): Promise<DiffReport> {
  const isLive = [a, b].some((place) => place.startsWith(LIVE_PREFIX))
  const [before, after] = [await loadPlace({ input: a }), await loadPlace({ input: b })].map((schema) =>
    isLive ? withoutUntold(schema) : schema,
  ) as [Schema, Schema]
  const report = diffSchemas(before, after)
  if (folder === undefined) return report
  const { findUsage } = await import('../tools/usage/usage.ts')
  const { limitToUsage } = await import('../tools/usage/limit.ts')
  return limitToUsage(report, await findUsage(folder, [buildModel(before), buildModel(after)]), folder)
}
