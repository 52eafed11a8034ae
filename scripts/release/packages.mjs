import { join } from 'node:path'
import { root } from '../bootstrap.mjs'
import { readManifest } from './manifest.mjs'

/** The hand-written packages that are published: folder and manifest, what others depend on first. */
export function handWritten() {
  const folders = readManifest('.').workspaces.filter((folder) => !folder.includes('*'))
  const all = folders
    .map((folder) => ({ folder: join(root, folder), manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private)
  return inOrder(all)
}

/** Dependencies first. A circle of dependencies is an error. */
export function inOrder(packages) {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]))
  const ordered = new Set()
  const visit = (one, path) => {
    if (ordered.has(one)) return
    if (path.includes(one)) throw new Error(`packages depend on each other: ${path.map(nameOf).join(' -> ')}`)
    for (const name of neededBy(one.manifest)) {
      const needed = byName.get(name)
      if (needed) visit(needed, [...path, one])
    }
    ordered.add(one)
  }
  for (const one of packages) visit(one, [])
  return [...ordered]
}

/** Names that must be there before a package can be installed. */
export function neededBy({ dependencies, peerDependencies, optionalDependencies }) {
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
}

function nameOf({ manifest }) {
  return manifest.name
}
