import { once } from 'node:events'
import { inspect } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { Fd, LinuxError } from '@vpp-ts/linux'
import { createMemif, MemifSocket, type MemifOptions } from '../index.ts'

const open: { close(): void }[] = []
let serial = 0
afterEach(() => {
  vi.restoreAllMocks()
  for (const it of open.splice(0)) it.close()
})

async function pair(options: Partial<MemifOptions> = {}) {
  const both = { socket: `@memif-held-${process.pid}-${serial++}`, reconnectMs: 5, ...options }
  const server = createMemif({ ...both, role: 'server' })
  const client = createMemif({ ...both, role: 'client' })
  open.push(server, client)
  await Promise.all([server.ready(), client.ready()])
  return { server, client, both }
}

test('packets held while the link goes down read as zeros, whatever is done with them', async () => {
  const { server, client } = await pair()
  client.txBurst(0, [Buffer.from('held')])
  const [packet] = server.rxPeek(0, 1)
  const view = packet!.data
  const gone = once(server, 'disconnect')
  void client.close()
  await gone
  expect(view).toEqual(new Uint8Array(4))
  packet!.length = 3
  expect(packet!.data).toEqual(new Uint8Array(3))
  expect(packet!.copy()).toEqual(new Uint8Array(3))
})

test('a release that comes after the link has come back gives nothing of the new one back', async () => {
  const { server, client, both } = await pair()
  client.txBurst(0, [Buffer.from('old')])
  const late = server.rxPeek(0, 4)
  const gone = once(server, 'disconnect')
  void client.close()
  await gone
  const again = createMemif({ ...both, role: 'client' })
  open.push(again)
  await Promise.all([server.ready(), again.ready()])
  again.txBurst(0, [Buffer.from('new')])
  const held = server.rxPeek(0, 4)
  const free = again.txFree(0)
  server.rxRelease(0, late)
  expect(again.txFree(0)).toBe(free)
  server.rxRelease(0, held)
  expect(again.txFree(0)).toBe(free + 1)
})

test('a queue that cannot be given away for want of descriptors stays here, and no descriptor is lost', async () => {
  const { server, client } = await pair()
  const dup = vi.spyOn(Fd.prototype, 'dup')
  const made: Fd[] = []
  for (const direction of ['rx', 'tx'] as const) {
    dup.mockReset()
    dup.mockImplementationOnce(function (this: Fd) {
      const copy = Fd.adopt(this.number)
      made.push(copy)
      vi.spyOn(copy, 'close').mockImplementation(() => void copy.release())
      return copy
    })
    dup.mockImplementationOnce(() => {
      throw new LinuxError('LINUX_SYSCALL', 'fcntl failed: EMFILE', { errno: 'EMFILE' })
    })
    expect(() => server.giveQueue(direction, 0)).toThrow(expect.objectContaining({ errno: 'EMFILE' }))
  }
  expect(made.map(({ closed }) => closed)).toEqual([true, true])
  dup.mockRestore()
  client.txBurst(0, [Buffer.from('still here')])
  expect(server.rxBurst(0, 4)).toHaveLength(1)
  expect(server.txBurst(0, [Buffer.from('x')])).toBe(1)
})

test('a client of the smallest interface of a socket is not refused', async () => {
  const name = `@memif-sizes-${process.pid}`
  const socket = new MemifSocket({ socket: name })
  open.push(socket)
  socket.createInterface({ role: 'server', id: 1, rxQueues: 4, txQueues: 4 })
  const small = socket.createInterface({ role: 'server', id: 2 })
  const client = createMemif({
    socket: name,
    role: 'client',
    id: 2,
    rxQueues: 4,
    txQueues: 4,
    reconnectMs: 5,
  })
  open.push(client)
  await Promise.all([small.ready(), client.ready()])
  expect(client.getDetails().txQueues).toHaveLength(1)
  // With the small one taken, the large one gets what it is made for.
  const large = createMemif({ socket: name, role: 'client', id: 1, rxQueues: 4, txQueues: 4, reconnectMs: 5 })
  open.push(large)
  expect((await large.ready()).txQueues).toHaveLength(4)
})

test('a secret is used, and shown by nothing', async () => {
  const { server, client } = await pair({ secret: 'do-not-log-me' })
  for (const it of [server, client, server.config, client.getDetails()]) {
    expect(inspect(it, { depth: 10, showHidden: false })).not.toContain('do-not-log-me')
    expect(JSON.stringify({ ...it })).not.toContain('do-not-log-me')
  }
  expect(server.config.secret).toBe('do-not-log-me')
  const gone = once(server, 'disconnect')
  void client.close()
  await gone
  const { socket } = server.getDetails()
  const wrong = createMemif({ socket, role: 'client', secret: 'guess', reconnectMs: 10_000 })
  open.push(wrong)
  const [error] = (await once(wrong, 'failure')) as [{ code: string }]
  expect(error.code).toBe('MEMIF_PEER_REFUSED')
})
