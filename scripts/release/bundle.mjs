/**
 * Puts the modules of a packed package together: one file for each entry, and what entries share in chunks. Loading a
 * module costs half a millisecond and more, and the runtime has 150 of them. Works on the archive that npm made, so that
 * what the checkout runs stays as TypeScript has written it.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'

const execute = promisify(execFile)

/** Packages that are published as bundles: what every program loads. */
export const BUNDLED = new Set(['@vpp-ts/runtime'])

/** Modules without anything that runs when they are loaded, which bundlers can take apart. */
const LIGHT = /\/dist\/(?:codec\/(?:none|enum|define-enum|ranges)|errors\/vpp-error)\.js$/
const CODEC = /\/dist\/(?:codec|errors)\//
const CONNECTION = /\/dist\/(?:api|async|bootstrap|channel|connection|events|observe|rpc|session|transport)\//

/** @returns what `npm pack` says of the archive, which is then the bundled one */
export async function bundle(archive, npm) {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bundle-'))
  try {
    await execute('tar', ['-xzf', archive, '-C', folder])
    const unpacked = join(folder, 'package')
    await bundleFolder(unpacked, join(folder, 'bundled'))
    const args = ['pack', unpacked, '--ignore-scripts', '--pack-destination', join(archive, '..'), '--json']
    const report = JSON.parse(await npm(args))
    const [packed] = Array.isArray(report) ? report : Object.values(report)
    return packed
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bundleFolder(unpacked, scratch) {
  const dist = join(unpacked, 'dist')
  const { exports } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  const entries = Object.values(exports).flatMap((target) => target.default ?? [])
  const input = Object.fromEntries(
    entries.map((path) => [relative('dist', path).replace(/\.js$/, ''), join(unpacked, path)]),
  )
  const build = await rolldown({
    cwd: unpacked,
    input,
    platform: 'node',
    external: /^[^./]/,
    logLevel: 'warn',
    preserveEntrySignatures: 'allow-extension',
  })
  await build.write({
    dir: scratch,
    format: 'esm',
    keepNames: true,
    comments: { jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // Who imports an enum or a constant gets a chunk that does nothing when it is loaded, and nothing else. Entries only pass
    // on: bundlers take all that runs in one when they take anything from it.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'light', test: LIGHT, priority: 2 },
        { name: 'codec', test: CODEC, priority: 1 },
        { name: 'connection', test: CONNECTION },
      ],
    },
  })
  await build.close()
  // Declarations stay as they are.
  for (const path of readdirSync(dist, { recursive: true }))
    if (/\.js(?:\.map)?$/.test(path)) rmSync(join(dist, path))
  cpSync(scratch, dist, { recursive: true })
}
