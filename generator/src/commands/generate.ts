import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Layout } from '../emit/options.ts'
import { formatProblem } from '../problem.ts'
import { GeneratorError, reasonOf } from '../errors.ts'
import { readRegular } from '../input/regular-file.ts'
import { textOf } from '../schema/text.ts'
import { checkOutput, generate, type GenerateOptions } from '../generate.ts'
import { builtInPlugins, loadPlugin } from '../plugin/load.ts'
import { DEFAULT_OUTPUT, fromFolder, loadConfig } from './config.ts'
import { leftOutLines } from './places.ts'
import { Progress, summary } from './report.ts'

interface Flags {
  readonly input?: string
  readonly config?: string
  readonly for?: string
  readonly watch?: true
  readonly outputDir: string
  readonly release?: string
  readonly layout: Layout
  readonly gen: string
  readonly plugin: readonly string[]
  readonly importPrefix?: string
  readonly importExtension?: '.js' | '.ts'
  readonly versionInfo: boolean
  readonly sourcePathInfo: boolean
  readonly comments: boolean
  readonly prettier?: true
  readonly strict?: true
  readonly jobs: number
  readonly check?: true
  readonly quiet?: true
  readonly debug?: true
}

const PROGRAM = 'binapi-gen'
const MAX_JOBS = 64

const EXAMPLES = `
Input, when --input is not given: the environment's VPP_API_DIR, else /usr/share/vpp/api. It can be
  a folder with core/ and plugins/, or with .api.json files         --input /usr/share/vpp/api
  a .api.json file (what it imports is looked for around it)        --input core/ip.api.json
  a checkout of VPP, without building it                            --input ~/vpp
  an archive: tar, gzip, xz, zstd, zip, Debian package              --input vpp_26.06-release_amd64.deb
  a commit of a git repository, bare or not                         --input ~/vpp#tag=v26.06
  an archive or a repository behind a URL                           --input https://github.com/FDio/vpp.git#tag=v26.06
  a release in api-json/, here or in a folder above                 --input 26.06
  a running VPP, through @vpp-ts/runtime                            --input vpp:/run/vpp/api.sock
  standard input: an archive, or JSON                               --input -

A .api file of your own finds what it imports in files around it, else in the input.

A folder can have a binapi-gen.config.json (or .ts, .js) with these options: then neither generation nor check needs any.

Examples:
  $ binapi-gen init ip --input 26.06          write such a file, and scripts into package.json
  $ binapi-gen                                all modules of the VPP on this machine, into binapi/
  $ binapi-gen ip interface -o src/binapi     two modules, and what they import
  $ binapi-gen my_plugin.api --release 26.06  a plugin of your own, and what it imports from VPP
  $ binapi-gen --release 26.06 --check        fail if binapi/ is not what would be generated
  $ binapi-gen --layout packages -o packages  an npm package for each module
  $ binapi-gen --plugin ./http.js             with files of a plugin of your own

Exit code: 0 done, 1 the input has errors or --check found differences, 2 wrong usage.`

/**
 * The command itself: bindings from API definitions.
 *
 * @param args what the user has typed, to be told how to fix what `--check` finds
 */
export function generateCommand(args: readonly string[]): Command {
  return (
    withGenerateOptions(new Command(PROGRAM))
      .description("generate TypeScript bindings from VPP's API definitions")
      .option('--check', 'the same as the subcommand check')
      // What stands behind the name of a subcommand belongs to it, also where both have an option of that name.
      .enablePositionalOptions()
      .addHelpText('after', EXAMPLES)
      .action(async (places: readonly string[], _: Flags, command: Command) => {
        const runs = await withConfig(places, command)
        await (runs.some(({ flags }) => flags.watch) ? watchGenerate(runs, args) : runAll(runs, args))
      })
  )
}

const CHECK_EXAMPLES = `
Takes the options that the bindings were generated with, and writes nothing.

Examples:
  $ binapi-gen check -o src/binapi                       are all bindings what would be generated?
  $ binapi-gen check ip interface --input 26.06 -o src/binapi

Exit code: 0 up to date, 1 differences, all of which are listed with the command that fixes them, 2 wrong usage.`

/**
 * The subcommand `check`: generation that compares instead of writing.
 *
 * @param args as for `generateCommand`
 */
export function checkCommand(args: readonly string[]): Command {
  return withGenerateOptions(new Command('check'))
    .description('fail if bindings are not what would be generated')
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (places: readonly string[], _: Flags, command: Command) => {
      const runs = await withConfig(places, command)
      await runAll(
        runs.map((run) => ({ ...run, flags: { ...run.flags, check: true } })),
        args,
      )
    })
}

function withGenerateOptions(command: Command): Command {
  return command
    .argument(
      '[modules...]',
      'names of modules or messages, with * and ?, left out with !, from a list with @; or .api.json or .api files; default: all modules',
    )
    .option('--input <place>', 'where the definitions are (see below)')
    .option(
      '--config <file>',
      'options from a file; default: binapi-gen.config.{ts,js,mjs,json} of this folder',
    )
    .option('--for <folder>', 'the modules that the program in this folder imports')
    .option('--watch', 'generate again whenever the definitions or the configuration change')
    .option('-o, --output-dir <folder>', 'where the bindings go', DEFAULT_OUTPUT)
    .option(
      '--release <release>',
      'VPP release of the input; without --input: read the definitions bundled for it',
    )
    .addOption(
      new Option('--layout <layout>', 'a folder, or an npm package, for each module')
        .choices(['modules', 'packages'])
        .default('modules'),
    )
    .option('--strict', 'fail for a message or module that cannot be supported, instead of leaving it out')
    .option('--gen <plugins>', 'what to generate beside the messages: rpc, http, zod, none', 'rpc')
    .option(
      '--plugin <file>',
      'a plugin of your own, a file or a package; can be given several times',
      collect,
      [],
    )
    .option(
      '--import-prefix <prefix>',
      'what goes before the module in imports of other modules; default: ../, or @vpp-ts/binapi- for packages',
    )
    .addOption(
      new Option('--import-extension <ending>', 'ending of relative imports; default: .js').choices([
        '.js',
        '.ts',
      ]),
    )
    .option('--no-version-info', 'leave versions of generator and VPP out of the files')
    .option('--no-source-path-info', 'leave paths of definitions out of the files')
    .option('--no-comments', 'leave comments of the definitions out of the files')
    .option('--prettier', 'format with prettier and the configuration of the output folder')
    .option('--jobs <n>', 'threads for --prettier', parseJobs, Math.min(availableParallelism(), 4))
    .option('-q, --quiet', 'print errors only')
    .option('--debug', 'print the time of each step, and where errors come from')
    .exitOverride()
}

/** What a run is asked for, from the command line and from the configuration file. */
interface Run {
  readonly places: readonly string[]
  readonly flags: Flags
  /** Path of the configuration, if there is one. */
  readonly config: string | undefined
}

/** What the command line says comes first, then the configuration, then the defaults. One run for each output. */
async function withConfig(places: readonly string[], command: Command): Promise<Run[]> {
  const given = command.opts<Flags>()
  const loaded = await loadConfig(given.config)
  const outputs = loaded === undefined ? [{}] : fromFolder(loaded)
  const said = Object.entries(given).filter(([name]) => command.getOptionValueSource(name) !== 'default')
  if (outputs.length > 1 && (places.length > 0 || said.some(([name]) => ONE_OUTPUT.has(name))))
    throw new GeneratorError(
      'BINAPI_USAGE',
      `"${loaded?.path}" has ${outputs.length} outputs: say in it what goes into which, not on the command line`,
    )
  return Promise.all(
    outputs.map(async ({ modules = [], ...options }) => {
      const flags = { ...given, ...options, ...Object.fromEntries(said) } as Flags
      const named = await expandLists(places.length > 0 ? places : modules)
      const used = flags.for === undefined ? [] : await importedModules(flags.for)
      return { places: [...named, ...used], flags, config: loaded?.path }
    }),
  )
}

/** Options that would give several outputs the same folder or modules. */
const ONE_OUTPUT: ReadonlySet<string> = new Set(['outputDir', 'for'])

/** All outputs in turn. One that fails keeps no other from being made or compared. */
async function runAll(runs: readonly Run[], args: readonly string[]): Promise<void> {
  const errors: GeneratorError[] = []
  for (const { places, flags } of runs) {
    try {
      await runGenerate(places, flags, args)
    } catch (error) {
      if (!(error instanceof GeneratorError)) throw error
      errors.push(error)
    }
  }
  const [first] = errors
  if (first === undefined) return
  if (runs.length === 1) throw first
  const problems = errors.flatMap((error) => error.problems)
  throw new GeneratorError(first.code, errors.map(({ message }) => message).join('\n'), { problems })
}

/** `@file` stands for the names in a file, one a line; what follows `#` is a comment. */
async function expandLists(places: readonly string[]): Promise<string[]> {
  const lists = places.map(async (place) => {
    if (!place.startsWith('@')) return [place]
    const text = textOf(await readRegular(place.slice(1)))
    return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || [])
  })
  return (await Promise.all(lists)).flat()
}

async function importedModules(folder: string): Promise<string[]> {
  const { modulesImportedBy } = await import('../tools/program/imported-modules.ts')
  const modules = await modulesImportedBy(folder)
  if (modules.length > 0) return modules
  throw new GeneratorError('BINAPI_USAGE', `the program in "${folder}" imports no bindings: name modules`)
}

/** Generates, and again after every change, until the process is told to stop. */
async function watchGenerate(runs: readonly Run[], args: readonly string[]): Promise<void> {
  const { watchPlaces } = await import('./watch.ts')
  const watched = runs.flatMap(({ flags, config, places }) => [flags.input, config, ...places.filter(isFile)])
  const places = new Set(watched.filter((path) => path !== undefined))
  await watchPlaces([...places], async () => {
    try {
      await runAll(runs, args)
    } catch (error) {
      process.stderr.write(`${PROGRAM}: ${reasonOf(error)}\n`)
    }
  })
}

async function runGenerate(places: readonly string[], flags: Flags, args: readonly string[]): Promise<void> {
  if (flags.outputDir.trim() === '')
    throw new GeneratorError('BINAPI_USAGE', '--output-dir is empty: name a folder; . is the one you are in')
  const progress = new Progress(flags)
  const files = places.filter(isFile)
  if (flags.input !== undefined && files.some((file) => !file.endsWith('.api'))) {
    throw new GeneratorError(
      'BINAPI_USAGE',
      `"${files.join('", "')}" and --input both say what to read: give one`,
    )
  }
  const options: GenerateOptions = {
    ...flags,
    files,
    modules: places.filter((place) => !isFile(place)),
    plugins: [...builtInPlugins(flags.gen), ...(await Promise.all(flags.plugin.map(loadPlugin)))],
    onProgress: progress.step,
  }
  try {
    const result = await (flags.check ? checkOutput(options) : generate(options))
    progress.end()
    for (const line of leftOutLines(result.leftOut)) process.stderr.write(`${PROGRAM}: ${line}\n`)
    if (!flags.quiet) process.stdout.write(summary(result, flags.outputDir, progress.seconds))
  } catch (error) {
    progress.end()
    if (error instanceof GeneratorError && error.code === 'BINAPI_OUTDATED') throw outdated(error, args)
    throw error
  }
}

function outdated({ message, problems }: GeneratorError, args: readonly string[]): GeneratorError {
  const [first, ...rest] = args
  const own = first === 'check' ? rest : args.filter((arg) => arg !== '--check')
  const mend = [PROGRAM, ...own].join(' ')
  const lines = [...problems.map(formatProblem), `${message}; fix it with: ${mend}`]
  return new GeneratorError('BINAPI_OUTDATED', lines.join('\n'), { problems })
}

function isFile(place: string): boolean {
  return place.includes('/') || place.endsWith('.json') || place.endsWith('.api')
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

function parseJobs(text: string): number {
  const jobs = Number(text)
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MAX_JOBS) return jobs
  throw new InvalidArgumentError(`Expected a number from 1 to ${MAX_JOBS}.`)
}
