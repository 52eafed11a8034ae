import { Command, Option } from 'commander'
import { GeneratorError } from '../errors.ts'
import { Catalog } from '../tools/catalog/catalog.ts'
import { findDefinitions, showData, showText, similarNames } from '../tools/show/show.ts'
import { loadPlace, PLACES, withPlace, type PlaceFlags } from './places.ts'

interface ShowFlags extends PlaceFlags {
  readonly format: 'api' | 'json'
}

const EXAMPLES = `
Examples:
  $ binapi-gen show ip_route_add_del --input 26.06      a message, its service and all types in it
  $ binapi-gen show fib_path --input 26.06              a type, and which messages it is part of
  $ binapi-gen show ip --input 26.06                    a module
  $ binapi-gen show sw_interface_dump --format json

Exit code: 0 done, 1 nothing is called so, or the input cannot be read or has errors, 2 wrong usage.`

/** The subcommand `show`. */
export function showCommand(): Command {
  return withPlace(new Command('show'))
    .description('show a message, type or module, and all types that are part of it')
    .argument('<names...>', 'names as VPP writes them')
    .addOption(
      new Option('--format <format>', "how to print: in VPP's API language, or as JSON")
        .choices(['api', 'json'])
        .default('api'),
    )
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .action(async (names: readonly string[], flags: ShowFlags) => {
      const catalog = new Catalog(await loadPlace(flags))
      const found = names.flatMap((name) => find(catalog, name))
      const text =
        flags.format === 'json'
          ? `${JSON.stringify(
              found.map((item) => showData(catalog, item)),
              null,
              2,
            )}\n`
          : found.map((item) => showText(catalog, item)).join('\n')
      process.stdout.write(text)
    })
}

function find(catalog: Catalog, name: string): ReturnType<typeof findDefinitions> {
  const found = findDefinitions(catalog, name)
  if (found.length > 0) return found
  const similar = similarNames(catalog, name)
  const hint =
    similar.length === 0 ? 'list them with: binapi-gen ls messages' : `did you mean ${similar.join(', ')}?`
  throw new GeneratorError('BINAPI_INPUT', `nothing is called "${name}" in ${catalog.schema.source}; ${hint}`)
}
