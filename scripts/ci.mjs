/**
 * Everything that must hold before a change lands: the test suites, then lint with layer rules, import circles, type
 * check, format, up-to-date bindings, unused code, package checks, wording, documentation site. Each is counted; the last line is the sum.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
let passed = 0
let failed = 0

function step(name, command, args) {
  const started = Date.now()
  console.log(`\n== ${name}: ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const ok = status === 0
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return ok
}

function count(ok) {
  if (ok) passed++
  else failed++
}

/** Runs test suites, and counts their tests. */
function tests(name, args) {
  const report = join(root, '.cache', `vitest-${args.at(-1).replace(':', '-')}.json`)
  rmSync(report, { force: true })
  const ok = step(name, 'npm', [
    ...args,
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  if (!existsSync(report)) {
    failed++
    return
  }
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed += result.numPassedTests
  failed += result.numFailedTests
  // A suite that cannot be loaded has no tests of its own to fail.
  if (!ok && result.numFailedTests === 0) failed++
}

mkdirSync(join(root, '.cache'), { recursive: true })
tests('tests', ['test'])
tests('long tests', ['run', 'test:long'])

const checks = [
  ['lint', ['run', 'lint']],
  ['import circles', ['run', 'check:circles']],
  ['types', ['run', 'typecheck']],
  ['format', ['run', 'format:check']],
  ['bindings up to date', ['run', 'generate:check']],
  ['unused code', ['run', 'knip']],
  ['packages', ['run', 'check:packages']],
  ['wording', ['run', 'check:words']],
  ['documentation site', ['run', 'site']],
]
for (const [name, args] of checks) count(step(name, 'npm', args))

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
