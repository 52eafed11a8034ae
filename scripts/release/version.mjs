/** Raises versions: all hand-written packages together, or some alone, with all that follows from it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import semver from 'semver'
import { bin, markInstalled, root, run } from '../bootstrap.mjs'
import { releases } from '../releases.mjs'
import { RANGE_FILE, readManifest, runtimeRange } from './manifest.mjs'
import { handWritten, neededBy } from './packages.mjs'

const RUNTIME = '@vpp-ts/runtime'
const PATCHES = 'scripts/release/bindings.json'
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

/**
 * What versions become.
 *
 * @param packages hand-written packages, as `handWritten()` gives them
 * @param bump `major`, `minor`, `patch` or a version
 * @param only names of those that are raised alone; none: all together, to one version
 * @returns name to version; a package whose dependency has left its range is raised by a patch with it
 */
export function raised(packages, bump, only = []) {
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]))
  const unknown = only.filter((name) => !versions.has(name))
  if (unknown.length > 0) {
    throw new Error(
      `no package is called ${unknown.join(', ')}; there are ${[...versions.keys()].join(', ')}`,
    )
  }
  const newest = [...versions.values()].toSorted(semver.compare).at(-1)
  if (only.length === 0) {
    const version = next(newest, bump)
    return new Map([...versions.keys()].map((name) => [name, version]))
  }
  const result = new Map(only.map((name) => [name, next(versions.get(name), bump)]))
  // Dependencies come first in the list, so that one pass finds all that follow.
  for (const { manifest } of packages) {
    const leaves = neededBy(manifest).some(
      (name) => result.has(name) && !semver.satisfies(result.get(name), rangeOf(manifest, name)),
    )
    if (leaves && !result.has(manifest.name)) result.set(manifest.name, next(manifest.version, 'patch'))
  }
  return result
}

function next(version, bump) {
  const result = ['major', 'minor', 'patch'].includes(bump) ? semver.inc(version, bump) : semver.valid(bump)
  if (result === null) throw new Error(`"${bump}" is neither major, minor, patch nor a version such as 1.2.0`)
  if (semver.lt(result, version)) throw new Error(`${result} is older than ${version}`)
  return result
}

function rangeOf(manifest, name) {
  for (const kind of DEPENDENCIES) if (manifest[kind]?.[name] !== undefined) return manifest[kind][name]
  return undefined
}

/** Writes the versions into manifests, lock file, generator, bindings and changelog. */
export function version(bump, { only, today = new Date().toISOString().slice(0, 10) }) {
  const names = only?.map((name) => (name.startsWith('@') ? name : `@vpp-ts/${name}`))
  const versions = raised(handWritten(), bump, names)
  const folders = readManifest('.').workspaces.filter((folder) => !folder.includes('*'))
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  for (const folder of folders) {
    const manifest = raise(readManifest(folder), versions)
    write(`${folder}/package.json`, manifest)
    raise(lock.packages[folder], versions, manifest.name)
  }
  const republished = raiseRuntimeRange(versions.get(RUNTIME))
  // Every generated file names the generator's version.
  run(bin('tsc'), ['-b', 'generator'])
  run(process.execPath, [join(root, 'scripts/generate.mjs')])
  for (const [folder, entry] of Object.entries(lock.packages).filter(([path]) =>
    path.startsWith('packages/'),
  )) {
    const { version, dependencies, peerDependencies } = readManifest(folder)
    Object.assign(entry, { version, ...(dependencies && { dependencies }), peerDependencies })
  }
  write('package-lock.json', lock)
  // Only versions of ours have changed there, and these are links.
  markInstalled()
  datedChangelog(versions, names === undefined, today)
  for (const [name, to] of versions) console.log(`${name} ${to}`)
  if (republished)
    console.log('bindings of every release of VPP: next patch, since the range of the runtime changed')
}

/** Sets the version of a manifest or an entry of the lock file, and the ranges of what is raised. */
function raise(manifest, versions, name = manifest.name) {
  const version = versions.get(name)
  if (version !== undefined) manifest.version = version
  for (const kind of DEPENDENCIES) {
    for (const [of, range] of Object.entries(manifest[kind] ?? {})) {
      const to = versions.get(of)
      if (to !== undefined && !semver.satisfies(to, range)) manifest[kind][of] = `^${to}`
    }
  }
  return manifest
}

/** Bindings ask for a range of the runtime. One that it leaves makes new patches of all of them. */
function raiseRuntimeRange(runtime) {
  const range = runtimeRange()
  if (runtime === undefined || semver.satisfies(runtime, range)) return false
  const text = readFileSync(join(root, RANGE_FILE), 'utf8')
  writeFileSync(join(root, RANGE_FILE), text.replace(`'${range}'`, `'^${runtime}'`))
  const patches = JSON.parse(readFileSync(join(root, PATCHES), 'utf8'))
  write(PATCHES, Object.fromEntries(releases().map((release) => [release, (patches[release] ?? -1) + 1])))
  return true
}

/** The part of the changelog that is called unreleased gets its version and day. */
function datedChangelog(versions, together, today) {
  const path = join(root, 'CHANGELOG.md')
  const text = readFileSync(path, 'utf8')
  if (!/^## .*\(unreleased\)$/m.test(text)) {
    throw new Error('CHANGELOG.md has no heading "## … (unreleased)": say what changes first')
  }
  const of = together
    ? [...versions.values()][0]
    : [...versions].map(([name, to]) => `${name.split('/')[1]} ${to}`).join(', ')
  writeFileSync(path, text.replace(/^## .*\(unreleased\)$/m, `## ${of} (${today})`))
}

function write(file, value) {
  writeFileSync(join(root, file), `${JSON.stringify(value, null, 2)}\n`)
}
