/** The reference of our packages, from their doc comments. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Application } from 'typedoc'
import { root } from '../bootstrap.mjs'

/**
 * Writes it below a folder.
 * @returns name and path of each package's page
 */
export async function writePackages(staging) {
  const found = packages()
  const entries = found.flatMap(({ entries: own }) => own.map(({ file }) => file))
  const config = join(staging, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        composite: false,
        incremental: false,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        customConditions: ['@vpp-ts/source'],
      },
      files: entries,
    }),
  )
  const out = join(staging, 'reference')
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entries,
    tsconfig: config,
    out,
    readme: 'none',
    excludePrivate: true,
    excludeInternal: true,
    disableSources: true,
    skipErrorChecking: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    router: 'module',
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    useHTMLEncodedBrackets: true,
    sanitizeComments: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    enumMembersFormat: 'table',
    logLevel: 'Error',
    modulesFileName: 'index',
    displayBasePath: root,
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('TypeDoc could not read the packages')
  // Modules are called as they are imported.
  for (const module of project.children ?? []) {
    const entry = found
      .flatMap(({ entries: own }) => own)
      .find(({ file }) => relative(root, file).replace(/(\/index)?\.ts$/, '') === module.name)
    if (entry !== undefined) module.name = entry.name
  }
  await app.generateOutputs(project)
  rmSync(config)
  return found.flatMap(({ entries: own }) => own.map(({ name }) => ({ name, path: `/reference/${name}` })))
}

/** Packages with something to import, and where each of their subpaths begins. */
function packages() {
  const folders = readdirSync(root).filter((folder) => existsSync(join(root, folder, 'package.json')))
  return folders.flatMap((folder) => {
    const {
      name,
      private: own,
      exports,
    } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const entries = Object.entries(exports ?? {}).flatMap(([path, target]) => {
      const source = target['@vpp-ts/source']
      // For generated code and our own packages alone.
      if (source === undefined || path.endsWith('/internal') || path.startsWith('./codegen')) return []
      return [{ name: join(name, path), file: join(root, folder, source) }]
    })
    return own === true || entries.length === 0 ? [] : [{ name, entries }]
  })
}
