/**
 * Mutation testing: `npm run mutate` for all areas (hours), `npm run mutate -- PATH …` for some folders or files,
 * `npm run mutate -- --since COMMIT` for what has changed since. docs/testing.md says what the figures mean.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { bin, bootstrap, root } from './bootstrap.mjs'
import { AREAS } from './mutate/areas.mjs'

bootstrap()
const given = process.argv.slice(2)
const since = given[0] === '--since' ? given[1] : undefined
const paths = since === undefined ? given : changedSince(since)
if (since !== undefined && paths.length === 0) {
  console.log(`nothing that mutants are made of has changed since ${since}`)
} else {
  if (paths.length === 0) for (const area of Object.keys(AREAS)) mutate(area, [])
  for (const area of new Set(paths.map(areaOf))) {
    mutate(
      area,
      paths.filter((path) => areaOf(path) === area),
    )
  }
}

/** One run of Stryker; no paths are the whole area. Only tests of the folders that mutants are made in are looked at. */
function mutate(area, own) {
  const chosen = own.length === 0 ? [] : ['--mutate', own.flatMap(patternsOf).join(',')]
  const folders = own.length === 0 ? AREAS[area].folders : [...new Set(own.map(folderOf))]
  const env = { ...process.env, MUTATE_AREA: area, MUTATE_FOLDERS: folders.join(',') }
  const args = ['run', 'scripts/mutate/stryker.config.mjs', ...chosen]
  const { status } = spawnSync(bin('stryker'), args, { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) process.exitCode = status ?? 1
}

function changedSince(commit) {
  const args = ['diff', '--name-only', '--diff-filter=d', `${commit}...HEAD`]
  const { stdout, status } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git knows no commit ${commit}`)
  return stdout
    .split('\n')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && placeOf(path) !== undefined)
}

function patternsOf(path) {
  const clean = path.replace(/\/$/, '')
  if (!statSync(join(root, clean)).isDirectory()) return [clean]
  return [`${clean}/**/*.ts`, `!${clean}/**/*.test.ts`]
}

/** Area and folder that a path lies in, if mutants are made there. */
function placeOf(path) {
  const [area, src, folder] = path.split('/')
  return src === 'src' && AREAS[area]?.folders.includes(folder) ? { area, folder } : undefined
}

function placeOfGiven(path) {
  const place = placeOf(path)
  if (place) return place
  const known = Object.entries(AREAS).map(([area, { folders }]) => `${area}/src/{${folders.join(',')}}`)
  throw new Error(`${path}: expected a path in ${known.join(' or ')}`)
}

function areaOf(path) {
  return placeOfGiven(path).area
}

function folderOf(path) {
  return placeOfGiven(path).folder
}
