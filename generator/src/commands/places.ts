import type { Command } from 'commander'
import { loadSchema } from '../input/load.ts'
import { formatProblem } from '../problem.ts'
import type { LeftOut, Schema } from '../schema/module.ts'

/** What a subcommand leaves behind beside its output: whether the process ends with 1. */
export interface Outcome {
  failed: boolean
}

/** Options that say which definitions a subcommand reads. */
export interface PlaceFlags {
  readonly input?: string
  readonly release?: string
  readonly strict?: true
}

/** Part of the help of all subcommands that read definitions. */
export const PLACES = `
A place of definitions is
  a release in api-json/, here or in a folder above,     26.06
    or one of @vpp-ts/api-json
  a folder with core/ and plugins/, or .api.json files   /usr/share/vpp/api
  a .api.json file, with what it imports                 core/ip.api.json
  a .api file; finds its imports around it, else in the  my_plugin.api
    definitions of --release or of the default place
  a checkout of VPP, without building it                 ~/vpp
  an archive: tar, gzip, xz, zstd, zip, Debian package   vpp_26.06-release_amd64.deb
  a commit of a git repository, bare or not              ~/vpp#tag=v26.06
  an archive or a repository behind a URL                https://github.com/FDio/vpp.git#branch=master
  a running VPP, through @vpp-ts/runtime                 vpp:/run/vpp/api.sock
  standard input: an archive, or JSON                    -
Behind # can stand tag, branch or ref of a repository, subdir, strip (leading folders of an archive) and sha256.`

/** Adds `--input` and `--release`. */
export function withPlace(command: Command): Command {
  return command
    .option('--input <place>', 'where the definitions are; default: $VPP_API_DIR, else /usr/share/vpp/api')
    .option('--release <release>', 'VPP release of the input; without --input: the bundled definitions of it')
    .option('--strict', 'fail for a message or module that cannot be supported, instead of leaving it out')
    .exitOverride()
}

/** The definitions that the options name; what was left out of them is told on standard error. */
export async function loadPlace(
  { input, release, strict }: PlaceFlags,
  modules?: readonly string[],
): Promise<Schema> {
  return tellLeftOut(await loadSchema({ input, release, modules, strict }))
}

/** Tells on standard error what was left out of definitions. */
export function tellLeftOut(schema: Schema): Schema {
  for (const line of leftOutLines(schema.leftOut)) process.stderr.write(`binapi-gen: ${line}\n`)
  return schema
}

/** What was left out, a line each. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  return leftOut.map(({ kind, name, module, problems: [first, ...more] }) => {
    const what = kind === 'module' ? `module ${name}` : `${kind} ${name} of ${module}`
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`
    return `left out: ${what}: ${first === undefined ? '' : formatProblem(first)}${others}`
  })
}

/** Adds up values of an option that can be given several times, or with commas. */
export function collectList(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',').filter((item) => item !== '')]
}
