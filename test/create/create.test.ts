import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Simulator } from '@vpp-ts/simulator'
import { expect, it, onTestFinished } from 'vitest'
import { ROOT } from '../generator/compile.ts'
import { run } from '../linux/child.ts'

it('the program that npm create begins compiles, passes its test and runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-create-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const target = join(folder, 'my-router')
  const made = await run(process.execPath, [join(ROOT, 'create/bin/create-vpp-ts.js'), target], {}, 0)
  expect(made).toMatchObject({ status: 0, stderr: '' })
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'))
  const tested = await run('npm', ['test'], {}, 0, target)
  expect(tested, tested.stderr + tested.stdout).toMatchObject({ status: 0 })
  expect(stripVTControlCharacters(tested.stdout)).toMatch(/Tests\s+2 passed/)

  await using simulator = await Simulator.start()
  const env = { VPP_API_SOCKET: simulator.path }
  const started = await run('npm', ['start', '--silent'], env, 0, target)
  expect(started).toMatchObject({ status: 0, stderr: '' })
  expect(started.stdout).toMatch(/^interface 1 has 192\.0\.2\.1\/24; routes: .*192\.0\.2\.1\/32/)
  // The address is there now.
  const again = await run('npm', ['start', '--silent'], env, 0, target)
  expect(again.status).toBe(1)
  expect(again.stderr).toMatch(/^VPP_API_ERROR: sw_interface_add_del_address/)
})
