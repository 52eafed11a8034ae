import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../generator/compile.ts'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A folder of a user with our packages as npm packs them, and the type definitions of Node. */
export class Project implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpp-ts-compat-'))

  /** @param names of packages; those that they need come along */
  static async with(...names: readonly string[]): Promise<Project> {
    const project = new Project()
    const packages = packagesByName()
    for (const name of withNeeded(names, packages))
      await project.#install(name, packages.get(name)?.folder ?? '')
    mkdirSync(join(project.folder, 'node_modules/@types'), { recursive: true })
    for (const name of ['@types/node', 'undici-types'])
      symlinkSync(join(ROOT, 'node_modules', name), join(project.folder, 'node_modules', name))
    project.write('package.json', JSON.stringify({ private: true, type: 'module' }))
    return project
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file)
    writeFileSync(path, text)
    return path
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #install(name: string, source: string): Promise<void> {
    const packed = mkdtempSync(join(this.folder, 'pack-'))
    const archive = join(
      packed,
      packedName(npm(['pack', source, '--ignore-scripts', '--pack-destination', packed, '--json'])),
    )
    const published = name === '@vpp-ts/runtime' ? join(packed, bundled(archive)) : archive
    const target = join(this.folder, 'node_modules', name)
    mkdirSync(target, { recursive: true })
    ran('tar', ['-xzf', published, '-C', packed])
    cpSync(join(packed, 'package'), target, { recursive: true })
    rmSync(packed, { recursive: true })
  }
}

/** What publishing makes of an archive. @returns the name of the other one, beside it */
function bundled(archive: string): string {
  const script = `import { execFileSync } from 'node:child_process'
import { bundle } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/release/bundle.mjs')).href)}
const npm = async (args) => execFileSync('npm', args, { encoding: 'utf8' })
console.log((await bundle(process.argv[1], npm)).filename)`
  return ran(process.execPath, ['--input-type=module', '-e', script, archive]).trim()
}

function packagesByName(): Map<string, Manifest & { readonly folder: string }> {
  const folders = [
    ...readdirSync(ROOT).map((name) => join(ROOT, name)),
    ...readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name)),
  ].filter((folder) => existsSync(join(folder, 'package.json')))
  return new Map(
    folders.map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
      return [manifest.name, { ...manifest, folder }]
    }),
  )
}

function withNeeded(names: readonly string[], packages: ReadonlyMap<string, Manifest>): Set<string> {
  const found = new Set<string>()
  const add = (name: string): void => {
    const manifest = packages.get(name)
    if (manifest === undefined || found.has(name)) return
    found.add(name)
    for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) add(needed)
  }
  for (const name of names) add(name)
  return found
}

function packedName(report: string): string {
  const parsed = JSON.parse(report) as
    readonly { filename: string }[] | Readonly<Record<string, { filename: string }>>
  const [first] = Array.isArray(parsed) ? (parsed as readonly { filename: string }[]) : Object.values(parsed)
  return (first as { filename: string }).filename
}

function npm(args: readonly string[]): string {
  return ran('npm', args)
}

function ran(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}
