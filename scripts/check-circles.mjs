/**
 * Forbids import circles, types included: between files of a workspace, between folders that are side by side, and
 * between workspaces. Circles that are known are listed in `circles/known.json`, which must be exact: a circle that is
 * gone must leave the list.
 *
 * usage: node scripts/check-circles.mjs [--root DIR]
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { circlesOf, folderGraphs } from './circles/graph.mjs'
import { fileGraph, sourceFiles, specifiersOf } from './circles/imports.mjs'

const { values } = parseArgs({ options: { root: { type: 'string' } } })
const root = values.root ?? fileURLToPath(new URL('..', import.meta.url))
const KNOWN = 'scripts/circles/known.json'

/** Folders of the workspaces; `packages/*` stands for each folder in it. */
function workspaces() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folders = manifest.workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const parent = pattern.slice(0, -2)
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
  })
  return [...folders.filter((folder) => existsSync(join(root, folder, 'package.json'))), 'scripts']
}

/** Circles of files, and of folders at each level, within one workspace. */
function circlesWithin(workspace) {
  const files = fileGraph(join(root, workspace))
  const found = circlesOf(files).map((members) => ({ between: 'files', in: workspace, members }))
  for (const [parent, arrows] of folderGraphs(files)) {
    const place = parent === '' ? workspace : `${workspace}/${parent}`
    for (const members of circlesOf(new Map([...arrows].map(([from, to]) => [from, [...to.keys()]]))))
      found.push({ between: 'folders', in: place, members, because: reasons(members, arrows) })
  }
  return found
}

/** The imports between the members of a circle. */
function reasons(members, arrows) {
  return members.flatMap((from) =>
    members.filter((to) => to !== from).flatMap((to) => arrows.get(from)?.get(to) ?? []),
  )
}

function circlesBetween(folders) {
  const names = new Map()
  for (const folder of folders) {
    const manifest = join(root, folder, 'package.json')
    if (existsSync(manifest)) names.set(JSON.parse(readFileSync(manifest, 'utf8')).name, folder)
  }
  const graph = new Map()
  for (const folder of folders) {
    const specifiers = sourceFiles(join(root, folder)).flatMap((file) =>
      specifiersOf(join(root, folder, file)),
    )
    const targets = specifiers.flatMap(
      (specifier) => names.get(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0]) ?? [],
    )
    graph.set(
      folder,
      [...new Set(targets)].filter((target) => target !== folder),
    )
  }
  return circlesOf(graph).map((members) => ({ between: 'workspaces', in: '.', members }))
}

function keyOf({ between, in: place, members }) {
  return `${between} of ${place}: ${members.join(', ')}`
}

const folders = workspaces()
const found = [...folders.flatMap(circlesWithin), ...circlesBetween(folders)]
const list = join(root, KNOWN)
const known = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
const knownKeys = new Set(known.map(keyOf))
const foundKeys = new Set(found.map(keyOf))
const unknown = found.filter((circle) => !knownKeys.has(keyOf(circle)))
const gone = known.filter((circle) => !foundKeys.has(keyOf(circle)))

for (const circle of unknown) {
  console.error(`circle between ${keyOf(circle)}`)
  for (const reason of circle.because ?? []) console.error(`    ${reason}`)
}
for (const circle of gone) console.error(`no longer there, remove it from ${KNOWN}: ${keyOf(circle)}`)
console.log(
  `${folders.length} folders checked: ${unknown.length} circles, ${known.length} known, ${gone.length} of them gone`,
)
process.exitCode = unknown.length + gone.length === 0 ? 0 : 1
