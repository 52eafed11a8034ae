import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { build } from '../linux/child.ts'
import { OwnVpp, statsVppMissing } from './stats-vpp.ts'

const follower = fileURLToPath(new URL('stats-follower.mjs', import.meta.url))
const unshare = spawnSync('unshare', ['--pid', '--fork', 'true'], { encoding: 'utf8' })
const missing =
  process.env['VPP_BINARY'] === undefined
    ? 'VPP_BINARY is not set'
    : (statsVppMissing ?? (unshare.status === 0 ? undefined : `unshare: ${unshare.error ?? unshare.stderr}`))
if (missing !== undefined) console.warn(`a VPP in another pid namespace is not tried: ${missing}`)

beforeAll(() => build('stats'))

test.skipIf(missing !== undefined)(
  'a VPP whose process cannot be seen is noticed to end, and the next one followed',
  async () => {
    await using vpp = await OwnVpp.start()
    const program = spawn('unshare', ['--pid', '--fork', process.execPath, follower, vpp.statsSocket], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const exit = once(program, 'exit')
    const lines = createInterface(program.stdout)[Symbol.asyncIterator]()
    const next = async () => JSON.parse((await lines.next()).value as string) as unknown
    // The kernel gives no number of a process that is not in the namespace.
    expect(await next()).toEqual({ event: 'connected', pid: 0, generation: 1 })
    await vpp.kill('SIGKILL')
    expect(await next()).toMatchObject({ event: 'disconnected' })
    await vpp.launch()
    expect(await next()).toEqual({ event: 'connected', pid: 0, generation: 2 })
    program.stdin.end()
    expect(await exit).toEqual([0, null])
  },
)
