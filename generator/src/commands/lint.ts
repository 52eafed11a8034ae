import { Command, Option } from 'commander'
import { countsText, findingsText, lintSchema, rulesText } from '../tools/lint/lint.ts'
import { matcher } from '../schema/glob.ts'
import { collectList, loadPlace, PLACES, withPlace, type Outcome, type PlaceFlags } from './places.ts'

interface LintFlags extends PlaceFlags {
  readonly module?: readonly string[]
  readonly rules?: readonly string[]
  readonly except?: readonly string[]
  readonly since?: string
  readonly listRules?: true
  readonly format: 'lines' | 'counts' | 'json'
}

const EXAMPLES = `
Examples:
  $ binapi-gen lint --input ~/my-plugin                             a plugin of your own
  $ binapi-gen lint --input ~/vpp --module acl --since 26.06        with what has changed since a release
  $ binapi-gen lint --input 26.06 --except unused-type --format counts
  $ binapi-gen lint --rules reply-retval,request-header --format json
  $ binapi-gen lint --list-rules

Exit code: 0 nothing found, 1 something found, or the input has errors, 2 wrong usage.`

/** The subcommand `lint`. */
export function lintCommand(outcome: Outcome): Command {
  return withPlace(new Command('lint'))
    .description("check definitions against the conventions of VPP's API")
    .option('--module <names>', 'only findings in these modules, with * and ?', collectList)
    .option('--rules <rules>', 'only these rules, with commas between', collectList)
    .option('--except <rules>', 'all rules but these', collectList)
    .option('--since <place>', 'definitions of an older release, for rules that compare')
    .option('--list-rules', 'print the rules')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['lines', 'counts', 'json']).default('lines'),
    )
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .action(async (flags: LintFlags) => {
      process.stdout.write(flags.listRules === true ? rulesText() : await lint(flags, outcome))
    })
}

async function lint(flags: LintFlags, outcome: Outcome): Promise<string> {
  const since = flags.since === undefined ? undefined : await loadPlace({ input: flags.since })
  const isWanted = matcher(flags.module ?? [])
  const findings = lintSchema(await loadPlace(flags), flags, since).filter(({ module }) => isWanted(module))
  if (findings.length > 0) outcome.failed = true
  if (flags.format === 'json') return `${JSON.stringify(findings, null, 2)}\n`
  return flags.format === 'counts' ? countsText(findings) : findingsText(findings)
}
