import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The strictest options that a user's project may have. */
const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  declaration: true,
  skipLibCheck: true,
}

/** A user's project with the runtime installed as they would be published; removed when the test ends. */
export function userProject(files: Readonly<Record<string, string | object>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'binapi-user-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), 120_000)
  mkdirSync(join(folder, 'node_modules/@vpp-ts'), { recursive: true })
  symlinkSync(join(ROOT, 'runtime'), join(folder, 'node_modules/@vpp-ts/runtime'))
  const config = {
    compilerOptions: { ...STRICT, outDir: 'dist', rootDir: '.' },
    include: ['**/*.ts'],
    exclude: ['dist'],
  }
  writeInto(folder, { 'package.json': { type: 'module' }, 'tsconfig.json': config, ...files })
  return folder
}

/** Writes files below a folder; what is not text becomes JSON. */
export function writeInto(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** Compiles a project; what the compiler has to say. */
export function compile(folder: string, ...flags: readonly string[]): string {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout, stderr, error } = spawnSync(tsc, ['-p', folder, ...flags], { encoding: 'utf8' })
  if (error) throw error
  return stdout + stderr
}
