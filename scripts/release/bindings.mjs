/** Bindings of any release of VPP in `api-json/`, made when they are published: only those of the newest are committed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bin, root, run } from '../bootstrap.mjs'
import { newestRelease, releases } from '../releases.mjs'
import { addLicence, bindingsManifest, readManifest } from './manifest.mjs'
import { inOrder } from './packages.mjs'

const FOLDER = join(root, '.cache/release/bindings')
const META = '@vpp-ts/binapi'

/** Number of the regeneration of a release's bindings: the last part of their versions. */
export function patchOf(release) {
  return JSON.parse(readFileSync(join(root, 'scripts/release/bindings.json'), 'utf8'))[release] ?? 0
}

/** Releases that a choice names: `all`, `none`, or names with commas between. */
export function chosenReleases(choice) {
  if (choice === 'all') return releases()
  const names = choice === 'none' ? [] : choice.split(',')
  const unknown = names.filter((name) => !releases().includes(name))
  if (unknown.length > 0) {
    throw new Error(`no definitions of VPP ${unknown.join(', ')}; there are ${releases().join(', ')}`)
  }
  return names
}

/** Tags of a release on the registry. The first one is given when it is published. */
export function tagsOf(release) {
  const own = `vpp-${release}`
  return release === newestRelease() ? ['latest', own] : [own]
}

/**
 * Generates and compiles the bindings of a release.
 *
 * @param options modules: only these and what they import, all when left out; meta: also the package that has every one
 *   of them as a subpath, left out: with all modules only
 * @returns packages to be packed, dependencies first
 */
export async function makeBindings(release, { modules, meta = modules === undefined }) {
  const { generate } = await import('../../generator/dist/index.js')
  const folder = join(FOLDER, release)
  rmSync(folder, { recursive: true, force: true })
  const up = relative(folder, root)
  const { scripts: _, ...manifest } = bindingsManifest('packages')
  await generate({
    input: join(root, 'api-json', release),
    outputDir: folder,
    ...(modules === undefined ? {} : { modules }),
    layout: 'packages',
    importExtension: '.ts',
    patch: patchOf(release),
    project: { extends: `${up}/tsconfig.base.json`, references: [`${up}/runtime`] },
    manifest,
  })
  run(bin('tsc'), ['-b', folder], { stdio: ['ignore', 2, 2] })
  const packages = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .map((name) => ({
      folder: join(folder, name),
      manifest: readManifest(join(relative(root, folder), name)),
    }))
  if (meta) packages.push(makeMeta(release, packages))
  for (const one of packages) addLicence(one.folder)
  return inOrder(packages)
}

/** One dependency for a program that uses many modules: `import { IpClient } from '@vpp-ts/binapi/ip'`. */
function makeMeta(release, packages) {
  const folder = join(FOLDER, `${release}-all`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { version, engines, peerDependencies } = packages[0].manifest
  const names = packages.map(({ manifest }) => manifest.name)
  const { scripts: _, files: __, repository, ...fields } = bindingsManifest('packages')
  const manifest = {
    name: META,
    version,
    description: `Typed bindings for all APIs of FD.io VPP ${release}: every module of @vpp-ts/binapi-* as a subpath`,
    license: 'Apache-2.0',
    keywords: ['vpp', 'fd.io', 'binapi'],
    ...fields,
    repository,
    type: 'module',
    sideEffects: false,
    engines,
    exports: Object.fromEntries([
      ...names.map((name) => [`./${subpath(name)}`, exportOf(subpath(name))]),
      ['./package.json', './package.json'],
    ]),
    files: ['*.js', '*.d.ts', 'NOTICE'],
    peerDependencies,
    dependencies: Object.fromEntries(names.map((name) => [name, `~${version}`])),
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const name of names) {
    for (const ending of ['.js', '.d.ts']) {
      writeFileSync(join(folder, `${subpath(name)}${ending}`), `export * from '${name}'\n`)
    }
  }
  writeFileSync(join(folder, 'README.md'), metaReadme(release, names))
  return { folder, manifest }
}

function subpath(name) {
  return name.slice(`${META}-`.length)
}

function exportOf(name) {
  return { types: `./${name}.d.ts`, default: `./${name}.js` }
}

function metaReadme(release, names) {
  return [
    `# ${META}`,
    '',
    `Typed bindings for all ${names.length} APIs of FD.io VPP ${release}. Each subpath is a package of its own, which can be`,
    'installed alone: `@vpp-ts/binapi/ip` is `@vpp-ts/binapi-ip`.',
    '',
    '```sh',
    `npm install @vpp-ts/runtime ${META}@${release.split('.').map(Number).join('.')}`,
    '```',
    '',
    '```ts',
    "import { VppConnection } from '@vpp-ts/runtime'",
    `import { VpeClient } from '${META}/vpe'`,
    '',
    "await using vpp = await VppConnection.connect('/run/vpp/api.sock')",
    'console.log(await new VpeClient(vpp).showVersion())',
    '```',
    '',
  ].join('\n')
}
