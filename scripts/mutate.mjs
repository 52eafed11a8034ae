/**
 * Mutation testing of the runtime: `npm run mutate` for all of it (hours), `npm run mutate -- FILE …` for some files,
 * `npm run mutate -- --since COMMIT` for those that have changed since. docs/testing.md says what the figures mean.
 */
import { spawnSync } from 'node:child_process'
import { bin, bootstrap, root } from './bootstrap.mjs'

const FOLDERS = /^runtime\/src\/(?:codec|session|connection|channel|rpc|events|transport)\/.*\.ts$/

bootstrap()
const [first, second, ...others] = process.argv.slice(2)
const files = first === '--since' ? changedSince(second) : [first, second, ...others].filter((file) => file)
if (first === '--since' && files.length === 0) {
  console.log(`nothing of the runtime has changed since ${second}: no mutants`)
} else {
  const chosen = files.length === 0 ? [] : ['--mutate', files.join(',')]
  const args = ['run', 'scripts/mutate/stryker.config.mjs', ...chosen]
  const { status } = spawnSync(bin('stryker'), args, { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
}

function changedSince(commit) {
  const args = ['diff', '--name-only', '--diff-filter=d', `${commit}...HEAD`]
  const { stdout, status } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git knows no commit ${commit}`)
  return stdout.split('\n').filter(isSource)
}

function isSource(file) {
  return FOLDERS.test(file) && !file.endsWith('.test.ts') && !file.includes('/testing/')
}
