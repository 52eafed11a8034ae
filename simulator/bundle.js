/**
 * Packs the releases of the checkout into `releases/`, for the published package: `npm pack` runs it. The formatting of
 * the files goes, their order stays.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'
import { readReleaseFolder } from './dist/release/folder.js'

const checkout = fileURLToPath(new URL('../api-json/', import.meta.url))
const bundles = fileURLToPath(new URL('./releases/', import.meta.url))

rmSync(bundles, { recursive: true, force: true })
mkdirSync(bundles)
for (const release of readdirSync(checkout).filter((name) => /^\d\d\.\d\d$/.test(name))) {
  const text = JSON.stringify(readReleaseFolder(join(checkout, release), release))
  writeFileSync(join(bundles, `${release}.json.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }))
}
