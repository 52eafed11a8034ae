import { Command, Option } from 'commander'
import { GeneratorError } from '../errors.ts'
import { bundledReleases } from '../input/bundled.ts'
import { similarTo } from '../schema/similar.ts'
import { historyOf, historyText } from '../tools/history/history.ts'
import { loadPlace, PLACES } from './places.ts'

interface HistoryFlags {
  readonly and: readonly string[]
  readonly format: 'table' | 'json'
}

const EXAMPLES = `
Examples:
  $ binapi-gen history ip_route_add_del                       over all releases in api-json/
  $ binapi-gen history af_xdp_create --and ~/vpp              and in a checkout of VPP
  $ binapi-gen history gre_tunnel_dump --format json

Exit code: 0 done, 1 no release has the message, or an input has errors, 2 wrong usage.`

/** The subcommand `history`. */
export function historyCommand(): Command {
  return new Command('history')
    .description('show one message over all releases: fields, CRC, first, deprecated, gone')
    .argument('<message>', 'name as VPP writes it')
    .option(
      '--and <place>',
      'also these definitions, behind the releases; can be given several times',
      (place: string, before: readonly string[]) => [...before, place],
      [],
    )
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .exitOverride()
    .action(async (message: string, { and, format }: HistoryFlags) => {
      const places = [...bundledReleases(), ...and]
      const schemas = await Promise.all(places.map((input) => loadPlace({ input })))
      const history = historyOf(message, schemas)
      if (history.first === undefined) {
        const names = schemas.flatMap(({ modules }) =>
          [...modules.values()].flatMap(({ messages }) => messages.map(({ name }) => name)),
        )
        const near = similarTo(message, names)
        const hint =
          near.length === 0 ? 'list them with: binapi-gen ls messages' : `did you mean ${near.join(', ')}?`
        throw new GeneratorError(
          'BINAPI_INPUT',
          `none of ${places.join(', ')} has a message "${message}"; ${hint}`,
        )
      }
      process.stdout.write(format === 'json' ? `${JSON.stringify(history, null, 2)}\n` : historyText(history))
    })
}
