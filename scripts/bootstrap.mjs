/**
 * Makes a checkout ready to run: installs dependencies when the lockfile changed and builds what is stale.
 * Used by every npm script, so that a fresh clone needs no set-up command. Only Node's own modules here.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(root, 'node_modules', '.vpp-ts-lock')
const NODE_FLOOR = [20, 19]

/** Runs a command with the terminal attached; ends the process with its exit code when it fails. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) {
    console.error(`cannot run ${command}: ${error.message}`)
    process.exit(1)
  }
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${signal ?? `exit code ${status}`}`)
    process.exit(status || 1)
  }
}

/** Path of a tool that npm installed here. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', name)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return
  console.error(`vpp-ts needs Node ${NODE_FLOOR.join('.')} or newer; this is ${process.versions.node}`)
  process.exit(1)
}

/** Remembers that what is installed is what the lock file of now says. */
export function markInstalled() {
  writeFileSync(STAMP, lockDigest())
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function install() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest()) return
  console.error('installing dependencies …')
  // stdout stays free for what the caller prints: npm's report goes to stderr.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] })
  markInstalled()
}

/** Installs and builds as needed. A second call costs about a tenth of a second. */
export function bootstrap() {
  checkNode()
  install()
  run(bin('tsc'), ['-b'])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bootstrap()
