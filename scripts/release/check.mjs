/** What must hold before anything is published. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import semver from 'semver'
import { root } from '../bootstrap.mjs'
import { runtimeRange } from './manifest.mjs'
import { handWritten } from './packages.mjs'

/** Reasons not to publish; none: it may be. */
export function problems() {
  const packages = handWritten()
  return [...ofVersions(packages), ...ofTheTree(), ...ofTags(packages), ...ofTheChangelog()]
}

/** Packages that are published together must take each other. */
function ofVersions(packages) {
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]))
  const range = runtimeRange()
  const ofBindings = semver.satisfies(versions.get('@vpp-ts/runtime'), range)
    ? []
    : [`bindings ask for @vpp-ts/runtime ${range}, which ${versions.get('@vpp-ts/runtime')} is not`]
  return ofBindings.concat(
    packages.flatMap(({ manifest }) =>
      Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
        .filter(([name, wanted]) => versions.has(name) && !semver.satisfies(versions.get(name), wanted))
        .map(
          ([name, wanted]) =>
            `${manifest.name} asks for ${name} ${wanted}, which ${versions.get(name)} is not`,
        ),
    ),
  )
}

function ofTheTree() {
  const changed = git('status', '--porcelain').split('\n').filter(Boolean)
  return changed.length === 0
    ? []
    : [`${changed.length} files are not committed, ${changed[0].slice(2).trim()} first`]
}

/** The commit has a tag that says the version: `v1.2.0` for all, `http-v1.2.1` for one package alone. */
function ofTags(packages) {
  const newest = packages
    .map(({ manifest }) => manifest.version)
    .toSorted(semver.compare)
    .at(-1)
  const right = new Set([`v${newest}`])
  for (const { manifest } of packages) right.add(`${manifest.name.split('/')[1]}-v${manifest.version}`)
  const tags = git('tag', '--points-at', 'HEAD').split('\n').filter(Boolean)
  const wrong = tags.filter((tag) => /^([a-z-]+-)?v\d/.test(tag) && !right.has(tag))
  if (wrong.length > 0) return wrong.map((tag) => `tag ${tag} names a version that no package has here`)
  return tags.some((tag) => right.has(tag)) ? [] : [`this commit has no tag: git tag v${newest}`]
}

function ofTheChangelog() {
  const [heading] = /^## .*$/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? ['']
  return heading.includes('(unreleased)')
    ? [`CHANGELOG.md still begins with "${heading}": node scripts/release.mjs version …`]
    : []
}

function git(...args) {
  const { stdout, status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`)
  return stdout.trim()
}
