import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { GeneratorError, reasonOf } from '../errors.ts'
import { readInput } from '../input/read.ts'
import { checkInput } from '../schema/check-input.ts'
import { counted } from '../tools/catalog/text.ts'
import { archiveOf, exportFiles, type ExportedFile } from '../tools/export/export.ts'
import { PLACES, tellLeftOut, withPlace, type PlaceFlags } from './places.ts'

interface ExportFlags extends PlaceFlags {
  readonly output: string
  readonly quiet?: true
}

const EXAMPLES = `
Examples:
  $ binapi-gen export --input ~/vpp -o api                           from source, as VPP's packages lay it out
  $ binapi-gen export --input vpp:/run/vpp/api.sock -o api.tar.gz    of a running VPP, to be read elsewhere
  $ binapi-gen export ip acl --input 26.06 -o - | tar tz             two modules, and what they import

An output that ends with .tar.gz or .tgz is an archive, - an archive on standard output, all else a folder, which must
be empty or new.
Exit code: 0 done, 1 the input has errors or the output cannot be written, 2 wrong usage.`

/** The subcommand `export`. */
export function exportCommand(): Command {
  return withPlace(new Command('export'))
    .description('write definitions to a folder or an archive, as they were read')
    .argument('[modules...]', 'names of modules, with what they import; default: all')
    .requiredOption('-o, --output <place>', 'a folder, a .tar.gz file, or - for standard output')
    .option('-q, --quiet', 'print errors only')
    .addHelpText('after', PLACES + '\n' + EXAMPLES)
    .action(async (modules: readonly string[], flags: ExportFlags) => {
      const { input: place, release, output } = flags
      const input = await readInput({ input: place, release })
      const schema = tellLeftOut(await checkInput(input, { wanted: modules, strict: flags.strict }))
      const files = exportFiles(input, schema)
      await write(output, files)
      if (flags.quiet === true || output === '-') return
      process.stdout.write(
        `${schema.release ?? schema.source}: ${counted(schema.modules.size, 'module')} → ${output}\n`,
      )
    })
}

async function write(output: string, files: readonly ExportedFile[]): Promise<void> {
  try {
    if (output === '-') process.stdout.write(await archiveOf(files))
    else if (/\.t(?:ar\.)?gz$/.test(output)) await writeFile(output, await archiveOf(files))
    else await writeFolder(output, files)
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    throw new GeneratorError('BINAPI_OUTPUT', `cannot write "${output}": ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

async function writeFolder(folder: string, files: readonly ExportedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const present = await readdir(folder)
  if (present.length > 0) {
    throw new GeneratorError(
      'BINAPI_OUTPUT',
      `"${folder}" is not empty: name a new folder, or remove what is there`,
    )
  }
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
}
