/** Installs what a script is made with in the script's folder, apart from the workspaces, unless it is there. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param folder with a `package.json` and its lock file */
export function installTools(folder) {
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = join(folder, 'node_modules/.vpp-ts-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
  if (status !== 0) throw new Error(`npm ci failed in ${folder}`)
  writeFileSync(stamp, digest)
}
