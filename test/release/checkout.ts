import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../generator/compile.ts'

const LEFT_OUT = new Set(['.git', '.cache', 'coverage', 'node_modules'])

/** A copy of this checkout, as it is built, in which versions can be raised; a Git repository with one commit. */
export function copyCheckout(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const entries = readdirSync(ROOT).filter((name) => !LEFT_OUT.has(name))
  // With its times: nothing need be built again.
  ran('cp', ['-a', ...entries, folder], ROOT)
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name === '@vpp-ts') cpSync(join(ROOT, 'node_modules', name), join(modules, name), verbatim)
    else if (name === '.vpp-ts-lock') cpSync(join(ROOT, 'node_modules', name), join(modules, name))
    else symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  ran('git', ['init', '-q', '-b', 'main'], folder)
  commit(folder, 'As it is')
}

/** Commits all that has changed in a copy. */
export function commit(folder: string, message: string): void {
  ran('git', ['add', '-A'], folder)
  ran(
    'git',
    ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', 'commit', '-q', '-m', message],
    folder,
  )
}

const verbatim = { recursive: true, verbatimSymlinks: true }

function ran(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
