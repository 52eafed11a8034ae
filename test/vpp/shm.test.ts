import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VppConnection } from '@vpp-ts/runtime'
import { shmTarget } from '@vpp-ts/shm'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { build } from '../linux/child.ts'
import { contractSuite } from '../contract/contract.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** The library lies beside the folder of the plugins. */
const library = join(dirname(vppPlugins ?? '/'), 'libvppapiclient.so')
const target = (vpp: VppProcess) => shmTarget({ prefix: vpp.apiPrefix, library })
/** A process is started for each connection: that takes its time on a busy machine. */
const patient = { connectTimeout: 60_000 }

if (vppBinary === undefined) {
  describe('shared memory', () => {
    test('needs VPP_BINARY and VPP_PLUGIN_PATH, a VPP to start', () => {
      expect.fail('no real VPP: set VPP_BINARY and VPP_PLUGIN_PATH')
    })
  })
} else {
  const binary = vppBinary
  build('shm')

  contractSuite('real VPP over shared memory', async () => {
    const vpp = await VppProcess.start(binary, vppPlugins)
    return { path: vpp.apiSocket, transport: target(vpp), stop: () => vpp[Symbol.asyncDispose]() }
  })

  describe('shared memory', () => {
    test('a crash of the library is a lost connection, which comes back', async () => {
      await using vpp = await VppProcess.start(binary, vppPlugins)
      await using connection = await VppConnection.connect(target(vpp), {
        ...patient,
        reconnect: { initialDelay: 10, maximumDelay: 100 },
        whenDown: 'wait',
      })
      await using second = await VppConnection.connect(target(vpp), patient)
      const ping = () => new MemclntClient(connection).controlPing()
      const { vpePid } = await ping()
      for (const pid of bridges()) process.kill(pid, 'SIGSEGV')
      await expect
        .poll(async () => (await ping().catch(() => undefined))?.vpePid, { timeout: 120_000 })
        .toBe(vpePid)
      await second.close()
    }, 240_000)

    test('a VPP that is killed is noticed, and the library that waits for it goes', async () => {
      await using vpp = await VppProcess.start(binary, vppPlugins)
      const connection = await VppConnection.connect(target(vpp), patient)
      const lost = new MemclntClient(connection).controlPing().then(() => undefined)
      await lost
      await vpp.kill('SIGKILL')
      await expect.poll(() => bridges().length, { timeout: 60_000 }).toBe(0)
      await connection.close()
    }, 240_000)

    test('closing has VPP forget the client, and leaves no process behind', async () => {
      await using vpp = await VppProcess.start(binary, vppPlugins)
      await using other = await VppConnection.connect(vpp.apiSocket)
      const connection = await VppConnection.connect(target(vpp), patient)
      await new MemclntClient(connection).controlPing()
      expect(bridges()).toHaveLength(1)
      await connection.close()
      await expect.poll(() => bridges().length, { timeout: 60_000 }).toBe(0)
      expect((await new MemclntClient(other).controlPing()).vpePid).toBe(vpp.pid)
    }, 240_000)

    test('a library that is not there, and a VPP that is not there, are said', async () => {
      await using vpp = await VppProcess.start(binary, vppPlugins)
      const wrong = shmTarget({ prefix: vpp.apiPrefix, library: '/none/libvppapiclient.so' })
      await expect(VppConnection.connect(wrong, patient)).rejects.toMatchObject({
        code: 'VPP_CONNECT_FAILED',
        message: expect.stringContaining('/none/libvppapiclient.so'),
        cause: { code: 'SHM_LIBRARY' },
      })
      const missing = shmTarget({ prefix: 'no-such-vpp', library })
      await expect(VppConnection.connect(missing, patient)).rejects.toMatchObject({
        message: expect.stringContaining('/dev/shm/no-such-vpp-vpe-api'),
        cause: { code: 'SHM_CONNECT' },
      })
    }, 240_000)
  })
}

/** Processes of this one that hold the library. */
function bridges(): number[] {
  const text = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' })
  return text
    .split('\n')
    .filter((line) => line.includes('shm/dist/bridge.js'))
    .map((line) => Number.parseInt(line, 10))
}
