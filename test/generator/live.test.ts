import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from './compile.ts'

/** Runs the program beside the test: a simulator in this process has to answer it. */
async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return runAt(join(ROOT, 'generator'), ...args)
}

async function runAt(generator: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [join(generator, 'bin/binapi-gen.js'), ...args], { cwd: ROOT })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}

describe('binapi-gen with a running VPP', () => {
  it('lists, shows, compares and exports what it has loaded', async () => {
    await using vpp = await Simulator.start({ release: '26.02' })
    const place = `vpp:${vpp.path}`
    const list = await run('ls', '--input', place, '--format', 'json')
    expect(list).toMatchObject({ code: 0, err: '' })
    const names = (JSON.parse(list.out) as { name: string }[]).map(({ name }) => name)
    expect(names).toContain('ip')
    expect((await run('show', 'ikev2_ike_transforms', '--input', place)).out).not.toContain('prf_alg')
    const same = await run('diff', '26.02', place, '--impact', 'wire', '--format', 'json')
    const gone = JSON.parse(same.out) as { messages: { changes: { kind: string }[] }[] }
    // The simulator tells all that VPP installs; what is only built for tests is missing.
    expect(
      gone.messages
        .flatMap(({ changes }) => changes.map(({ kind }) => kind))
        .every((kind) => kind === 'removed'),
    ).toBe(true)
    const changed = await run('diff', place, '26.06', '--impact', 'wire')
    expect(changed.out).toMatch(
      /message ikev2_set_ike_transforms +\(ikev2\) +tr: type ikev2_ike_transforms has changed/,
    )
  })

  it('generates from it', async () => {
    await using vpp = await Simulator.start()
    const folder = mkdtempSync(join(tmpdir(), 'binapi-live-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const result = await run('vpe', '--input', `vpp:${vpp.path}`, '-o', folder)
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(result.out).toContain('VPP 26.06')
  })

  it('says so when nobody listens, and when the client is not installed', async () => {
    const nobody = await run('ls', '--input', 'vpp:/no/such/api.sock')
    expect(nobody.code).toBe(3)
    expect(nobody.err).toMatch(
      /^binapi-gen: cannot read the definitions of the VPP at "\/no\/such\/api\.sock": /,
    )
    const folder = mkdtempSync(join(tmpdir(), 'binapi-alone-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // The package with its dependencies, and without the client beside it.
    for (const part of ['bin', 'dist', 'schema', 'package.json'])
      cpSync(join(ROOT, 'generator', part), join(folder, part), { recursive: true })
    mkdirSync(join(folder, 'node_modules'))
    for (const name of [
      'commander',
      'ajv',
      'fast-deep-equal',
      'fast-uri',
      'json-schema-traverse',
      'require-from-string',
    ]) {
      const own = join(ROOT, 'generator/node_modules', name)
      cpSync(existsSync(own) ? own : join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), {
        recursive: true,
      })
    }
    cpSync(join(ROOT, 'command'), join(folder, 'node_modules/@vpp-ts/command'), { recursive: true })
    cpSync(join(ROOT, 'api-json'), join(folder, 'node_modules/@vpp-ts/api-json'), { recursive: true })
    const alone = await runAt(folder, 'ls', '--input', 'vpp:/no/such/api.sock')
    expect(alone).toMatchObject({
      code: 1,
      err: 'binapi-gen: a running VPP is read through @vpp-ts/runtime, which is not installed: npm install @vpp-ts/runtime\n',
    })
  })
})
