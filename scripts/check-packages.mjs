/**
 * Checks what would be published: publint on every package, "are the types wrong" on the packed hand-written
 * packages and on a sample of the bindings (they all come out of one template).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { bin, bootstrap, root } from './bootstrap.mjs'

bootstrap()
const manifest = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
const bindings = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
const handWritten = manifest('.').workspaces.filter(
  (folder) => !folder.includes('*') && !manifest(folder).private,
)
const sample = ['interface', 'ip', 'ip-types'].map((name) => `packages/${name}`)
const problems = []

for (const folder of [...handWritten, ...bindings]) {
  const pkg = manifest(folder)
  const { messages } = await publint({ pkgDir: join(root, folder), pack: false, strict: true })
  for (const message of messages) problems.push(`${folder}: ${formatMessage(message, pkg, { color: false })}`)
}

for (const folder of [...handWritten, ...sample]) {
  const { status, stdout, stderr } = spawnSync(
    bin('attw'),
    ['--pack', join(root, folder), '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'],
    { encoding: 'utf8' },
  )
  if (status !== 0) problems.push(`${folder}: types\n${stdout}${stderr}`)
}

for (const problem of problems) console.error(problem)
console.log(`${handWritten.length + bindings.length} packages checked, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
