/** Packs packages and brings them to a registry, dependencies first. What is there already is passed over. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BUNDLED, bundle } from './bundle.mjs'

const execute = promisify(execFile)

/**
 * @param packages folder and manifest of each, dependencies first
 * @param options registry: URL, npm's own when left out; tags: the first is given when a package is published, the
 *   others after; dryRun: pack and compare only; provenance: ask npm for a statement of where it was built
 * @returns how many were published, and how many were there
 */
export async function publish(
  packages,
  { registry, tags = ['latest'], dryRun = false, provenance = false, say },
) {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-release-'))
  const base = (registry ?? (await npm(['config', 'get', 'registry'])).trim()).replace(/\/$/, '')
  const result = { published: 0, present: 0 }
  try {
    for (const { folder: source, manifest } of packages) {
      const id = `${manifest.name}@${manifest.version}`
      mkdirSync(folder, { recursive: true })
      const { filename, integrity } = await pack(source, folder)
      const there = await integrityOf(base, manifest)
      if (there !== undefined && there !== integrity) {
        throw new Error(
          `${id} is on ${base} with another content (${there}, here ${integrity}): raise its version, a published one cannot change`,
        )
      }
      if (there !== undefined) {
        result.present++
        say(`${id} is there`)
      } else if (dryRun) {
        say(`${id} would be published as ${tags.join(', ')}`)
      } else {
        const args = [
          'publish',
          join(folder, filename),
          '--registry',
          base,
          '--access',
          'public',
          '--tag',
          tags[0],
        ]
        await npm([...args, ...(provenance ? ['--provenance'] : [])])
        result.published++
        say(`${id} published as ${tags[0]}`)
      }
      if (!dryRun)
        for (const tag of tags.slice(1)) await npm(['dist-tag', 'add', id, tag, '--registry', base])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return result
}

/** Packs a folder; its `prepack` builds it and fails when something is missing. */
async function pack(source, destination) {
  const report = JSON.parse(await npm(['pack', source, '--pack-destination', destination, '--json']))
  const [packed] = Array.isArray(report) ? report : Object.values(report)
  return BUNDLED.has(packed.name) ? bundle(join(destination, packed.filename), npm) : packed
}

/** What the registry has of this version. */
async function integrityOf(base, { name, version }) {
  const url = `${base}/${name.replace('/', '%2f')}`
  const answer = await fetch(url).catch((error) => {
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`, { cause: error })
  })
  if (answer.status === 404) return undefined
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  const { versions } = await answer.json()
  return versions?.[version]?.dist.integrity
}

async function npm(args) {
  try {
    const { stdout } = await execute('npm', args, { maxBuffer: 1 << 28 })
    return stdout
  } catch (error) {
    throw new Error(`npm ${args.join(' ')} failed:\n${error.stderr ?? error.message}`, { cause: error })
  }
}
