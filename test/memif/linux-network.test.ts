import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FrameDevice, inNetworkNamespace, Reactor } from '@vpp-ts/linux'
import { createMemif, logEvents, type Memif } from '@vpp-ts/memif'
import { arpAnswer, arpRequest, echoAnswer, echoRequest } from '@vpp-ts/memif/net'
import { beforeAll, describe, expect, test } from 'vitest'
import { build } from '../linux/child.ts'

const bin = fileURLToPath(new URL('../../memif/bin/vpp-ts-memif.js', import.meta.url))

/** Why the bridge cannot be tried, or undefined. */
function missing(needs: string[]): string | undefined {
  const absent = needs.find((path) => !existsSync(path))
  if (absent !== undefined) return `${absent} is missing`
  const tried = spawnSync('unshare', ['--net', 'ip', 'link'], { encoding: 'utf8' })
  return tried.status === 0 ? undefined : `no network namespace can be made: ${tried.error ?? tried.stderr}`
}

const withoutTap = missing(['/dev/net/tun'])
const withoutSocket = missing([])
if (withoutTap !== undefined) console.warn(`the bridge to a TAP device is not tried: ${withoutTap}`)
if (withoutSocket !== undefined) console.warn(`the bridge to a packet socket is not tried: ${withoutSocket}`)

beforeAll(() => build('memif'))

/** A network namespace of its own, which ends with the test. */
class Namespace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bridge-'))
  readonly #holder: ChildProcess

  private constructor(holder: ChildProcess) {
    this.#holder = holder
  }

  static async make(): Promise<Namespace> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    return new Namespace(holder)
  }

  get path(): string {
    return `/proc/${this.#holder.pid}/ns/net`
  }

  ip(command: string): void {
    const args = [`--net=${this.path}`, 'ip', ...command.split(' ')]
    const { status, stderr } = spawnSync('nsenter', args, { encoding: 'utf8' })
    expect({ status, stderr }, command).toEqual({ status: 0, stderr: '' })
  }

  /** Starts the command in the namespace, and waits until it forwards. */
  async bridge(socket: string, ...device: string[]): Promise<ChildProcess> {
    const options = ['--socket', socket, '--timeout', '60', 'bridge', ...device]
    const program = spawn('nsenter', [`--net=${this.path}`, process.execPath, bin, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string]
    expect(line).toContain('bridged')
    return program
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#holder, 'exit')
    this.#holder.stdin?.end()
    await exit
    rmSync(this.folder, { recursive: true })
  }
}

/** The first frame that comes to a device and is wanted. */
async function frameOf(device: FrameDevice, isWanted: (frame: Uint8Array) => boolean): Promise<Uint8Array> {
  using reactor = new Reactor()
  return await new Promise<Uint8Array>((resolve) => {
    reactor.watch(device.fd, { readable: true }, () => {
      for (let frame = device.receive(); frame !== undefined; frame = device.receive()) {
        if (isWanted(frame)) resolve(frame)
      }
    })
  })
}

/** What `match` makes of the first packet that it knows. */
async function answerOf<T>(memif: Memif, match: (frame: Uint8Array) => T | undefined): Promise<T> {
  for await (const frame of memif) {
    const found = match(frame)
    if (found !== undefined) return found
  }
  throw new Error('the interface was closed')
}

const ENDS = { mac: '02:00:00:00:00:09', source: '10.9.0.2', destination: '10.9.0.1' }

/** Linux, at the other side of the bridge, answers ARP and an echo of 1400 bytes. */
async function expectLinuxAnswers(memif: Memif): Promise<void> {
  await memif.send([arpRequest(ENDS)])
  const mac = await answerOf(memif, (frame) => arpAnswer(frame, ENDS))
  await memif.send([echoRequest(ENDS, mac, 7, 1400)])
  expect(await answerOf(memif, (frame) => echoAnswer(frame, ENDS))).toBe(7)
}

async function stop(program: ChildProcess): Promise<void> {
  const exit = once(program, 'exit')
  program.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
}

test.skipIf(withoutTap !== undefined)('a TAP device is bridged: Linux answers through it', async () => {
  await using namespace = await Namespace.make()
  const socket = join(namespace.folder, 'memif.sock')
  await using memif = createMemif({ socket, role: 'server' })
  const program = await namespace.bridge(socket, '--tap', 'vt0')
  namespace.ip('addr add 10.9.0.1/24 dev vt0')
  namespace.ip('link set vt0 up')
  await expectLinuxAnswers(memif)
  await stop(program)
})

describe.skipIf(withoutSocket !== undefined)('a packet socket', () => {
  test('is bridged, VLAN tags included', async () => {
    await using namespace = await Namespace.make()
    namespace.ip('link add va type veth peer name vb')
    namespace.ip('addr add 10.9.0.1/24 dev vb')
    namespace.ip('link set va up')
    namespace.ip('link set vb up')
    const socket = join(namespace.folder, 'memif.sock')
    await using memif = createMemif({ socket, role: 'server' })
    const program = await namespace.bridge(socket, '--interface', 'va')
    await expectLinuxAnswers(memif)

    using far = inNetworkNamespace(namespace.path, () => FrameDevice.packetSocket('vb'))
    const tagged = Buffer.alloc(60, 0x5a)
    tagged.set(Buffer.from('ffffffffffff0200000000078100602a88b5', 'hex'))
    const isTagged = (frame: Uint8Array) => Buffer.from(frame.subarray(0, 60)).equals(tagged)
    const arrived = answerOf(memif, (frame) => (isTagged(frame) ? true : undefined))
    expect(far.send(tagged)).toBe(true)
    expect(await arrived).toBe(true)
    const back = frameOf(far, isTagged)
    await memif.send([tagged])
    expect(await back).toBeDefined()
    await stop(program)
  })

  test('an abstract socket of another network namespace is reached by its name', async () => {
    await using namespace = await Namespace.make()
    const name = `abstract:vpp-ts-netns-${process.pid}`
    await using server = createMemif({ socket: `${name},netns_name=${namespace.path}`, role: 'server' })
    const failure = new Promise((resolve) => {
      const outside = createMemif(
        { socket: name, role: 'client' },
        {
          onFailure: () => {
            outside.close()
            resolve(true)
          },
        },
      )
    })
    expect(await failure).toBe(true)
    const pid = namespace.path.split('/')[2]
    await using client = createMemif({ socket: `${name},netns_pid=${pid}`, role: 'client' })
    const lines: string[] = []
    const stopLogging = logEvents(client, {
      info: (line) => lines.push(`info ${line}`),
      warn: (line) => lines.push(`warn ${line}`),
    })
    await client.ready()
    server.close()
    await once(client, 'disconnect')
    stopLogging()
    expect(lines).toEqual([
      expect.stringMatching(/^info memif.*: connected to ".*", 1 rx and 1 tx queues$/),
      expect.stringMatching(/^warn memif.*: disconnected: /),
    ])
  })
})
