import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReleaseSource } from '../idl/release.ts'
import { importCommand } from './import.ts'

/** Runs the command the way the program does. */
async function run(...args: string[]): Promise<void> {
  await new Command('binapi-gen')
    .exitOverride()
    .addCommand(importCommand())
    .parseAsync(['import', ...args], { from: 'user' })
}

describe('binapi-gen import', () => {
  let folder = ''
  let stdout = ''
  let stderr = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'idl-command-'))
    stdout = ''
    stderr = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  })

  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  const tree = () => join(folder, 'vpp')
  const output = () => join(folder, 'api-json')
  const flags = () => [
    '--release',
    '26.06',
    '--output-dir',
    output(),
    '--commit',
    'c3200b88dc',
    '--date',
    '2026-06-21',
  ]

  it('writes a release and says what it made', async () => {
    put('vpp/src/vnet/a.api', 'autoreply define a { u8 x; };')
    put('vpp/src/plugins/b/b.api', 'option b;')
    await run(tree(), ...flags())
    expect(stdout).toBe('26.06: 2 modules, 2 messages, 1 services; 3 files written, 0 unchanged, 0 removed\n')
    expect(stderr).toBe('')
    const source = JSON.parse(readFileSync(join(output(), '26.06', 'SOURCE.json'), 'utf8')) as ReleaseSource
    expect(source).toMatchObject({
      release: '26.06',
      commit: 'c3200b88dc',
      date: '2026-06-21',
      generator: '0.1.0',
    })
    expect(readdirSync(join(output(), '26.06', 'core'))).toEqual(['a.api.json'])
    stdout = ''
    await run(tree(), ...flags())
    expect(stdout).toContain('0 files written, 3 unchanged, 0 removed')
  })

  it('shows warnings on standard error, and nothing at all with --quiet', async () => {
    put('vpp/src/vnet/a.api', 'autoreply define a { u8 x[0]; };')
    await run(tree(), ...flags())
    expect(stderr).toContain('vnet/a.api:1:25: warning IDL_FIELD: "x[0]" is the old form')
    stderr = ''
    stdout = ''
    await run(tree(), ...flags(), '--quiet')
    expect([stdout, stderr]).toEqual(['', ''])
  })

  it('changes nothing when a file has errors, and lists those of all files', async () => {
    put('vpp/src/vnet/a.api', 'define a {')
    put('vpp/src/vnet/b.api', 'import "nope.api";')
    await expect(run(tree(), ...flags())).rejects.toMatchObject({
      code: 'BINAPI_INVALID',
      message: expect.stringMatching(
        /^2 errors in VPP's API definitions\nvnet\/a\.api:1:11: .*\nvnet\/b\.api:1:1: /,
      ),
    })
    expect(readdirSync(folder)).toEqual(['vpp'])
  })

  it('shows its progress on a terminal and wipes it away', async () => {
    put('vpp/src/vnet/a.api', 'option a;')
    const isTerminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true })
    try {
      await run(tree(), ...flags())
    } finally {
      if (isTerminal === undefined) Reflect.deleteProperty(process.stderr, 'isTTY')
      else Object.defineProperty(process.stderr, 'isTTY', isTerminal)
    }
    const lines = stderr.split('\r\u001B[K').slice(1)
    expect(lines).toEqual([`reading ${tree()}`, 'writing 1 modules', '', ''])
  })

  it.each([
    [['--release', '26.06'], "required option '-o, --output-dir <folder>' not specified"],
    [['--output-dir', 'x'], "required option '--release <release>' not specified"],
    [['--release', '../up', '--output-dir', 'x'], 'Expected a name such as 26.06.'],
    [['--release', '1', '--output-dir', 'x', '--commit', 'HEAD'], 'Expected 7 to 64 hex digits.'],
    [['--release', '1', '--output-dir', 'x', '--date', 'yesterday'], 'Expected a date such as 2026-06-21'],
    [['--release', '1', '--output-dir', 'x', '--nope'], "unknown option '--nope'"],
  ])('refuses %j as wrong usage', async (args, message) => {
    await expect(run('vpp', ...args)).rejects.toBeInstanceOf(CommanderError)
    expect(stderr).toContain(message)
  })

  it('explains itself with examples', async () => {
    await expect(run('--help')).rejects.toMatchObject({ exitCode: 0 })
    expect(stdout).toContain('$ binapi-gen import vpp --release 26.06 --output-dir api-json')
    expect(stdout).toContain('Exit code: 0 done')
  })
})
