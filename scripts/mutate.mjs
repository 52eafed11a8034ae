/**
 * Mutation testing of the runtime: `npm run mutate` for all of it (hours), `npm run mutate -- PATH …` for some folders or
 * files, `npm run mutate -- --since COMMIT` for what has changed since. docs/testing.md says what the figures mean.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { bin, bootstrap, root } from './bootstrap.mjs'
import { FOLDERS } from './mutate/folders.mjs'

const SOURCE = new RegExp(`^runtime/src/(${FOLDERS.join('|')})/.*\\.ts$`)

bootstrap()
const [first, second, ...others] = process.argv.slice(2)
const paths = first === '--since' ? changedSince(second) : [first, second, ...others].filter((path) => path)
if (first === '--since' && paths.length === 0) {
  console.log(`nothing of the runtime has changed since ${second}: no mutants`)
} else {
  const chosen = paths.length === 0 ? [] : ['--mutate', paths.flatMap(patternsOf).join(',')]
  const args = ['run', 'scripts/mutate/stryker.config.mjs', ...chosen]
  // Only tests of the folders that mutants are made in are looked at.
  const env = {
    ...process.env,
    ...(paths.length === 0 ? {} : { MUTATE_FOLDERS: foldersOf(paths).join(',') }),
  }
  const { status } = spawnSync(bin('stryker'), args, { cwd: root, env, stdio: 'inherit' })
  process.exitCode = status ?? 1
}

function changedSince(commit) {
  const args = ['diff', '--name-only', '--diff-filter=d', `${commit}...HEAD`]
  const { stdout, status } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git knows no commit ${commit}`)
  return stdout.split('\n').filter((path) => SOURCE.test(path) && !path.endsWith('.test.ts'))
}

function patternsOf(path) {
  const clean = path.replace(/\/$/, '')
  if (!statSync(join(root, clean)).isDirectory()) return [clean]
  return [`${clean}/**/*.ts`, `!${clean}/**/*.test.ts`]
}

function foldersOf(paths) {
  const folders = new Set(paths.map((path) => SOURCE.exec(`${path}/x.ts`)?.[1]))
  if (folders.has(undefined)) throw new Error(`expected paths in runtime/src/{${FOLDERS.join(',')}}`)
  return [...folders]
}
