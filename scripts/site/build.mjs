/**
 * Builds the documentation site: the guides of `docs/`, the README of each package, a reference of all packages from their
 * doc comments (TypeDoc), and a page for each module of VPP's API with messages, fields and the releases that have them.
 *
 *   npm run site                                   into .cache/site/dist
 *   npm run site -- --out FOLDER --version 0.1.0   into FOLDER/0.1.0, beside the versions that are there, for a release
 *   npm run site -- --base /vpp-ts/                below a path of a server
 *
 * What it needs is installed in this folder. Links that lead nowhere fail the build.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bootstrap, root } from '../bootstrap.mjs'
import { installTools } from '../install-tools.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const staging = join(root, '.cache/site/pages')
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, '.cache/site/dist') },
    version: { type: 'string' },
    base: { type: 'string', default: '/' },
    build: { type: 'boolean', default: true },
  },
  allowNegative: true,
})

if (options.build) bootstrap()
installTools(here)
// Everything below is there only now.
const { writeGuides } = await import('./guides.mjs')
const { writeModules } = await import('./modules.mjs')
const { writePackages } = await import('./packages.mjs')

rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
const guides = writeGuides(staging)
const modules = await writeModules(staging)
const packages = await writePackages(staging)
const target = options.version === undefined ? options.out : join(options.out, options.version)
const base = options.version === undefined ? options.base : `${options.base}${options.version}/`
const settings = {
  base,
  target,
  version: options.version ?? 'next',
  versions: versionsIn(options.out, options.version),
  home: options.base,
  guides,
  modules,
  packages,
}
mkdirSync(join(staging, '.vitepress'), { recursive: true })
writeFileSync(join(staging, '.vitepress/settings.json'), JSON.stringify(settings))
cpSync(join(here, 'config.mjs'), join(staging, '.vitepress/config.mjs'))
// Pages are programs that import Vue.
symlinkSync(join(here, 'node_modules'), join(staging, 'node_modules'))
const { build } = await import('vitepress')
await build(staging)
if (options.version !== undefined) writeEntry()
console.log(`${guides.length} guides, ${packages.length} packages, ${modules.length} modules: ${target}`)

/** The newest first. */
function versionsIn(folder, own) {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+/.test(name)) : []
  const all = [...new Set(own === undefined ? there : [...there, own])]
  return all.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

/** The folder's own page leads to the newest version. */
function writeEntry() {
  const newest = `${options.base}${settings.versions[0]}/`
  const page = `<!doctype html><meta charset="utf-8"><title>vpp-ts</title><meta http-equiv="refresh" content="0; url=${newest}"><a href="${newest}">vpp-ts ${settings.versions[0]}</a>\n`
  writeFileSync(join(options.out, 'index.html'), page)
}
