import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Simulator, versionOfRelease } from '@vpp-ts/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vppTs } from '../cli/command.ts'
import { ROOT } from '../generator/compile.ts'

const TOKEN = 'a-token-of-the-tests'

let simulator: Simulator
let folder: string
const running: ChildProcess[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-http-'))
  simulator = await Simulator.start({ path: join(folder, 'api.sock') })
})

afterEach(async () => {
  for (const command of running.splice(0)) command.kill('SIGKILL')
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts `vpp-ts http`; gives the address that it prints, and the process. */
async function http(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<[url: string, ChildProcess]> {
  const program = join(ROOT, 'cli/bin/vpp-ts.js')
  const child = spawn(process.execPath, [program, '-s', simulator.path, 'http', '--port', '0', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /at (http:\S+) \(/.exec(line)?.[1]
    if (url !== undefined) return [url, child]
  }
  throw new Error('it ended without an address')
}

describe('vpp-ts http', () => {
  it('serves what VPP has until it is interrupted', async () => {
    const [url, command] = await http([])
    const response = await fetch(`${url}/vpe/show_version`, { method: 'POST' })
    expect(await response.json()).toMatchObject({ retval: 0 })
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { info: object }
    expect(document.info).toEqual({ title: 'FD.io VPP', version: versionOfRelease() })
    const ended = once(command, 'exit')
    command.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })

  it('goes on when VPP has been restarted', async () => {
    const [url] = await http([])
    const asked = simulator.requests.next('get_api_json')
    await simulator.restart()
    await asked
    await expect
      .poll(async () => (await fetch(`${url}/vpe/show_version`, { method: 'POST' })).status, {
        timeout: 5000,
      })
      .toBe(200)
  })

  it.each([
    ['the environment', []],
    ['a file', ['--token-file', 'token']],
  ])('takes the token from %s', async (_where, args) => {
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`)
    const options = args.map((arg) => (arg === 'token' ? join(folder, arg) : arg))
    const [url] = await http(
      [...options, '--host', '0.0.0.0'],
      args.length > 0 ? {} : { VPP_HTTP_TOKEN: TOKEN },
    )
    const at = url.replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(`${at}/openapi.json`)).status).toBe(401)
    const headers = { authorization: `Bearer ${TOKEN}` }
    expect((await fetch(`${at}/openapi.json`, { headers })).status).toBe(200)
  })

  it.each([
    [['--host', '0.0.0.0'], 2, 'set a token', 'openssl rand -hex 32'],
    [['--host', '192.0.2.1', '--token-file', 'TOKEN'], 1, 'cannot listen on 192.0.2.1', '--host'],
    [['--token-file', '/nonexistent/token'], 2, 'cannot read the token', '--token-file'],
    [['--path', 'api'], 2, 'prefix: expected a path', ''],
    [['--port', '70000'], 2, 'whole number', ''],
  ])('ends with a remedy: %j', async (args, status, problem, remedy) => {
    writeFileSync(join(folder, 'TOKEN'), TOKEN)
    const options = args.map((arg) => (arg === 'TOKEN' ? join(folder, arg) : arg))
    const ended = await vppTs(['-s', simulator.path, 'http', ...options])
    expect(ended.status).toBe(status)
    expect(ended.stderr).toContain(problem)
    expect(ended.stderr).toContain(remedy)
  })
})
