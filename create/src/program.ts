import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXIT, exitCodeOf, versionOf } from '@vpp-ts/command'
import { Command, CommanderError } from 'commander'

const TEMPLATE = fileURLToPath(new URL('../template/', import.meta.url))
const MANIFEST = new URL('../package.json', import.meta.url)
/** npm leaves a `.gitignore` out of packages. */
const RENAMED: ReadonlyMap<string, string> = new Map([['gitignore', '.gitignore']])

const EXAMPLES = `
Examples:
  npm create @vpp-ts my-router     in a new folder
  npm create @vpp-ts .             in this one, which must be empty`

/**
 * The program `create-vpp-ts`.
 * @returns the exit code, see `EXIT`
 */
export async function main(args: readonly string[]): Promise<number> {
  const command = new Command('create-vpp-ts')
    .version(versionOf(MANIFEST))
    .description('Creates a starter program for FD.io VPP in TypeScript, with a test against the simulator.')
    .argument('<folder>', 'new or empty')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return exitCodeOf(error)
  }
  const [named = ''] = command.args
  try {
    await create(resolve(named))
  } catch (error) {
    console.error(`create-vpp-ts: ${(error as Error).message}`)
    return EXIT.failed
  }
  const enter = resolve(named) === process.cwd() ? '' : `  cd ${named}\n`
  console.log(`${named} has a program and its test. Now:\n\n${enter}  npm install\n  npm test\n  npm start`)
  return EXIT.ok
}

async function create(folder: string): Promise<void> {
  const name = packageName(basename(folder))
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (there.length > 0) {
    throw new Error(`${folder} is not empty (${there[0]}): name a new folder, nothing is overwritten`)
  }
  const paths = await readdir(TEMPLATE, { recursive: true, withFileTypes: true })
  for (const entry of paths.filter((path) => path.isFile())) {
    const source = join(entry.parentPath, entry.name)
    const target = join(
      folder,
      entry.parentPath.slice(TEMPLATE.length),
      RENAMED.get(entry.name) ?? entry.name,
    )
    const text = await readFile(source, 'utf8')
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, entry.name === 'package.json' ? await manifestOf(text, name) : text, {
      flag: 'wx',
    })
  }
}

/** The manifest of the template, with its name and the versions that this package was published with. */
async function manifestOf(template: string, name: string): Promise<string> {
  const { peerDependencies } = JSON.parse(await readFile(MANIFEST, 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>
  }
  const manifest = JSON.parse(template) as {
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
  }
  for (const wanted of [manifest.dependencies, manifest.devDependencies])
    for (const dependency of Object.keys(wanted))
      wanted[dependency] = peerDependencies[dependency] ?? wanted[dependency] ?? '*'
  return `${JSON.stringify({ name, ...manifest }, null, 2)}\n`
}

/** A folder's name as npm takes names of packages. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' ? 'my-router' : name
}
