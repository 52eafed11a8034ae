import { Argument, Command, Option } from 'commander'
import { Catalog } from '../tools/catalog/catalog.ts'
import { LISTED, STATES, listDefinitions, type Listed, type State } from '../tools/list/list.ts'
import { LIST_FORMATS, listText, type ListFormat } from '../tools/list/print.ts'
import { collectList, loadPlace, PLACES, withPlace, type PlaceFlags } from './places.ts'

interface ListFlags extends PlaceFlags {
  readonly module?: readonly string[]
  readonly state?: State
  readonly uses?: string
  readonly format: ListFormat
}

const EXAMPLES = `
Examples:
  $ binapi-gen ls --input 26.06                                    the modules of a release
  $ binapi-gen ls messages 'ip_route*' --input 26.06               messages by name
  $ binapi-gen ls messages --state deprecated --input ~/vpp        what is on its way out
  $ binapi-gen ls messages --uses fib_path --input 26.06           what a type is part of
  $ binapi-gen ls services --module ip --format json               for another program
  $ binapi-gen ls --input vpp:/run/vpp/api.sock                    what a running VPP has loaded

Exit code: 0 done, 1 the input cannot be read or has errors, 2 wrong usage.`

/** The subcommand `ls`. */
export function listCommand(): Command {
  return withPlace(new Command('ls'))
    .description('list modules, messages, types or services')
    .addArgument(new Argument('[what]', 'what to list').choices(LISTED).default('modules'))
    .argument('[names...]', 'names, with * and ?; default: all')
    .option(
      '--module <names>',
      'only of these modules, with * and ?; can be given several times',
      collectList,
    )
    .addOption(new Option('--state <state>', 'only messages in this state').choices(STATES))
    .option('--uses <type>', 'only messages or types that contain this type, however deep')
    .addOption(new Option('--format <format>', 'how to print').choices(LIST_FORMATS).default('table'))
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .action(async (what: Listed, names: readonly string[], flags: ListFlags) => {
      const catalog = new Catalog(await loadPlace(flags))
      const { module: modules = [], state, uses } = flags
      process.stdout.write(
        listText(listDefinitions(catalog, what, { names, modules, state, uses }), flags.format),
      )
    })
}
