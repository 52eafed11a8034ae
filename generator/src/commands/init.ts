import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { GeneratorError } from '../errors.ts'
import { CONFIG_FILES, type GeneratorConfig } from './config.ts'

interface InitFlags {
  readonly input?: string
  readonly outputDir: string
}

const CONFIG = 'binapi-gen.config.json'
const SCRIPTS = { bindings: 'binapi-gen', 'bindings:check': 'binapi-gen check' }

/** The subcommand `init`. */
export function initCommand(): Command {
  return new Command('init')
    .description(`write ${CONFIG} for the modules that are named, and scripts into package.json`)
    .argument('[modules...]', 'names of modules; default: all')
    .option('--input <place>', 'where the definitions are')
    .option('-o, --output-dir <folder>', 'where the bindings go', 'src/binapi')
    .addHelpText(
      'after',
      `
Examples:
  $ binapi-gen init ip interface --input 26.06    afterwards "binapi-gen" and "binapi-gen check" need no options

Exit code: 0 done, 1 there is a configuration already, 2 wrong usage.`,
    )
    .exitOverride()
    .action(async (modules: readonly string[], { input, outputDir }: InitFlags) => {
      const present = CONFIG_FILES.find((name) => existsSync(name))
      if (present !== undefined)
        throw new GeneratorError(
          'BINAPI_OUTPUT',
          `there is a "${present}" already: edit it, or remove it first`,
        )
      const config: GeneratorConfig = {
        ...(input === undefined ? {} : { input }),
        outputDir,
        ...(modules.length === 0 ? {} : { modules }),
      }
      await writeFile(CONFIG, `${JSON.stringify(config, null, 2)}\n`)
      const added = await addScripts()
      process.stdout.write(
        `${CONFIG}${added ? ', and scripts in package.json' : ''}; generate with: npx @vpp-ts/binapi-generator\n`,
      )
    })
}

/** Adds the scripts that are missing; false without a `package.json`. */
async function addScripts(): Promise<boolean> {
  if (!existsSync('package.json')) return false
  const text = await readFile('package.json', 'utf8')
  const json = JSON.parse(text) as { scripts?: Record<string, string> }
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  json.scripts = { ...SCRIPTS, ...json.scripts }
  await writeFile('package.json', `${JSON.stringify(json, null, indent)}\n`)
  return true
}
