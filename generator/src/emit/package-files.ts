import type { Model, ModelMethod, ModelModule } from '../model/model.ts'
import { leastRequest, requiredProperties } from '../model/required.ts'
import type { ModulePart } from './module-part.ts'
import { contents } from './header.ts'
import type { EmitOptions, PackageManifest } from './options.ts'
import { RUNTIME_RANGE } from './runtime-range.ts'

const NODE_RANGE = '>=20.19'

/** Folder and name of a package: dashes where the module has underscores. */
export function packageFolder(module: string): string {
  return module.replaceAll('_', '-').toLowerCase()
}

/** Files that make a module a package. */
export function packageFiles(
  module: ModelModule,
  model: Model,
  imported: readonly string[],
  parts: readonly ModulePart[],
  options: EmitOptions,
): [name: string, text: string][] {
  return [
    ['package.json', `${JSON.stringify(manifest(module, model, imported, parts, options), null, 2)}\n`],
    ['README.md', readme(module, model, options)],
  ]
}

/**
 * Version of a package from the release of VPP: 26.06 gives 26.6.0, 26.10-rc1 gives 26.10.0-rc1. A release that cannot be
 * read gives 0.0.0.
 */
export function packageVersion(release: string | undefined, patch: number): string {
  const [, year, month, candidate] = /^(\d+)\.(\d+)(?:\.\d+)?(?:-(rc\d+))?/.exec(release ?? '') ?? []
  if (year === undefined || month === undefined) return '0.0.0'
  return `${Number(year)}.${Number(month)}.${patch}${candidate === undefined ? '' : `-${candidate}`}`
}

function manifest(
  module: ModelModule,
  model: Model,
  imported: readonly string[],
  parts: readonly ModulePart[],
  options: EmitOptions,
): object {
  const version = packageVersion(model.release, options.patch)
  const apart = parts.filter(({ name, exported }) => !exported && name.endsWith('.ts'))
  const dependencies = imported.map((name) => [packageName(name, options), `~${version}`])
  return {
    name: packageName(module.name, options),
    version,
    description: description(module, model),
    license: 'Apache-2.0',
    keywords: ['vpp', 'fd.io', 'binapi', module.name],
    ...inFolder(options.manifest, packageFolder(module.name)),
    type: 'module',
    sideEffects: false,
    engines: { node: NODE_RANGE },
    exports: {
      '.': exportsOf('index'),
      ...Object.fromEntries(
        apart.map(({ name }) => [`./${name.slice(0, -3)}`, exportsOf(name.slice(0, -3))]),
      ),
      './package.json': './package.json',
    },
    // Without the source: a compiler that finds it beside the declarations takes it in their place.
    files: ['*.js', '*.d.ts', ...(options.manifest.files ?? [])],
    peerDependencies: Object.assign({ '@vpp-ts/runtime': RUNTIME_RANGE }, ...parts.map(peersOf)) as object,
    ...(dependencies.length === 0 ? {} : { dependencies: Object.fromEntries(dependencies) as object }),
  }
}

/** Fields that the caller adds; the repository's directory becomes that of the package. */
function inFolder({ repository, ...others }: PackageManifest, folder: string): object {
  if (repository === undefined) return others
  return { ...others, repository: { ...repository, directory: `${repository.directory}/${folder}` } }
}

function exportsOf(name: string): object {
  return { '@vpp-ts/source': `./${name}.ts`, types: `./${name}.d.ts`, default: `./${name}.js` }
}

function peersOf({ peerDependencies }: ModulePart): Readonly<Record<string, string>> {
  return peerDependencies ?? {}
}

/** Name of a package: the prefix, then the folder. */
export function packageName(module: string, { importPrefix }: EmitOptions): string {
  return `${importPrefix ?? ''}${packageFolder(module)}`
}

function description({ name }: ModelModule, { release }: Model): string {
  const of = release === undefined ? 'FD.io VPP' : `FD.io VPP ${release}`
  return `Typed bindings for the API ${name} of ${of}, made by binapi-gen`
}

function readme(module: ModelModule, model: Model, options: EmitOptions): string {
  const name = packageName(module.name, options)
  const { messages, types, crc, version } = module
  const example = exampleOf(module)
  const lines = [
    `# ${name}`,
    '',
    `${description(module, model)}. ${contents(module)}`,
    '',
    '```sh',
    `npm install @vpp-ts/runtime ${name}`,
    '```',
    '',
    ...(example === undefined ? [] : ['```ts', ...example(name), '```', '']),
    `API file \`${module.source}\`${version === undefined ? '' : `, version ${version}`}, CRC ${crc}; ` +
      `${messages.length} messages, ${types.length} types of its own.`,
    'This folder is generated: do not edit it; change the generator instead.',
  ]
  return `${lines.join('\n')}\n`
}

type Example = (name: string) => string[]

/** A few lines that use the first method that nobody should stop using. */
function exampleOf({ clientName, methods }: ModelModule): Example | undefined {
  const usable = methods.filter((method) => method.kind !== 'one-way' && !messageOf(method).status.deprecated)
  const dumps = usable.filter(({ kind }) => kind === 'dump' || kind === 'stream')
  const method = dumps.find(needsNothing) ?? dumps[0] ?? usable.find(needsNothing) ?? usable[0]
  if (clientName === undefined || method === undefined) return undefined
  const request = method.kind === 'event' ? '' : leastRequest(method.request.fields)
  return (name) => [
    "import { VppConnection } from '@vpp-ts/runtime'",
    `import { ${clientName} } from '${name}'`,
    '',
    "await using vpp = await VppConnection.connect('/run/vpp/api.sock')",
    `const client = new ${clientName}(vpp)`,
    method.kind === 'unary'
      ? `console.log(await client.${method.name}(${request}))`
      : `for await (const item of client.${method.name}(${request})) console.log(item)`,
  ]
}

function needsNothing(method: ModelMethod): boolean {
  return method.kind !== 'event' && requiredProperties(method.request.fields).length === 0
}

function messageOf(method: ModelMethod): ModelModule['messages'][number] {
  return method.kind === 'event' ? method.event : method.request
}
