import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, expectTypeOf, it } from 'vitest'
import type { Bits, Color } from '../testing/codec/demo.ts'
import type { InitValue } from './classes.ts'

const TSC = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc')
const DEMO = fileURLToPath(new URL('../testing/codec/demo.ts', import.meta.url))
const OPTIONS = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck']
const MODULES = ['--module', 'nodenext', '--target', 'es2023', '--allowImportingTsExtensions', '--types', '']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-types-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('enums are set from numbers and the names of their members', () => {
  expectTypeOf<InitValue<Color>>().toEqualTypeOf<number | 'RED' | 'BLUE'>()
  expectTypeOf<InitValue<Bits>>().toEqualTypeOf<
    number | 'A' | 'B' | 'C' | 'AB' | readonly (number | 'A' | 'B' | 'C' | 'AB')[]
  >()
})

it('errors of the compiler list the names, not the types that they come from', () => {
  const file = join(folder, 'probe.ts')
  const lines = [`import { Enums } from ${JSON.stringify(DEMO)}`, "new Enums({ color: 'PINK', bits: ['X'] })"]
  writeFileSync(file, lines.join('\n'))
  const { stdout } = spawnSync(process.execPath, [TSC, file, ...OPTIONS, ...MODULES], { encoding: 'utf8' })
  expect(stdout).toMatch(/'"PINK"' is not assignable to type '.*"RED"/)
  expect(stdout).toMatch(/'"X"' is not assignable to type '.*"AB"/)
  expect(stdout).not.toMatch(/EnumMembers|EnumObject|EnumTag/)
})
