/**
 * `prepack` of every package: what is packed is what the sources say. Builds the package, takes the licence along, and
 * fails when a file that the manifest points to is not there, so that nothing is published that cannot be imported.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, run } from './bootstrap.mjs'
import { addLicence } from './release/manifest.mjs'

const folder = process.cwd()
if (!existsSync(bin('tsc')))
  fail('it cannot be built: TypeScript is not installed. Run `npm ci` in the checkout')
// The report of npm goes to stdout, for programs that read it.
run(bin('tsc'), ['-b', projectOf(folder)], { stdio: ['ignore', 2, 2] })
addLicence(folder)

const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const missing = targets(manifest.exports)
  .concat(Object.values(manifest.bin ?? {}))
  .filter((path) => !path.includes('*') && !existsSync(join(folder, path)))
if (missing.length > 0) fail(`files of its manifest are not there: ${missing.join(', ')}`)

/** Bindings are one TypeScript project, in the folder above. */
function projectOf(path) {
  return existsSync(join(path, 'tsconfig.json')) ? path : join(path, '..')
}

/** Files that an export leads to. */
function targets(value) {
  if (value === undefined || value === null) return []
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(targets)
}

function fail(reason) {
  console.error(`${folder} is not packed: ${reason}`)
  process.exit(1)
}
