/** Packs the releases of the checkout into `releases/`, for the published package: `npm pack` runs it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'
import { readRelease, releases } from './dist/index.js'

const packed = fileURLToPath(new URL('./releases/', import.meta.url))

rmSync(packed, { recursive: true, force: true })
const found = releases().map((name) => readRelease(name))
mkdirSync(packed)
for (const { release, files } of found) {
  const text = JSON.stringify(Object.fromEntries(files))
  writeFileSync(join(packed, `${release}.json.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }))
}
