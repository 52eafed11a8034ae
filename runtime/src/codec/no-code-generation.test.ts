import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WIRE_CASES } from '../testing/codec/cases.ts'

const SCRIPT = fileURLToPath(new URL('../testing/codec/run-cases.ts', import.meta.url))
const TSC = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc')

describe('the wire cases in a process of their own', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vpp-ts-codec-'))
    const options = ['--ignoreConfig', '--outDir', folder, '--target', 'es2023', '--module', 'nodenext']
    const flags = ['--rewriteRelativeImportExtensions', '--skipLibCheck', '--types', 'node', '--noCheck']
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    execFileSync(process.execPath, [TSC, SCRIPT, ...options, ...flags], { encoding: 'utf8' })
  })

  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const run = (...flags: string[]): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [...flags, join(folder, 'testing/codec/run-cases.js')], {
        encoding: 'utf8',
      }),
    )

  it('pass where code must not be generated from strings', () => {
    expect(run('--disallow-code-generation-from-strings')).toEqual({
      canGenerateCode: false,
      cases: WIRE_CASES.length,
    })
  })

  it('pass where it may', () => {
    expect(run()).toEqual({ canGenerateCode: true, cases: WIRE_CASES.length })
  })
})
