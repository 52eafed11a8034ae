import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createMemfd, EventFd, SeqpacketListener, SeqpacketSocket, socketFileId, type Fd } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'vpp-ts-linux-'))
afterAll(() => rmSync(directory, { recursive: true }))
let counter = 0
const freshPath = () => join(directory, `${counter++}.sock`)
const openFds = () => readdirSync('/proc/self/fd').length
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

function connected(address: Parameters<typeof SeqpacketSocket.connect>[0]) {
  const listener = SeqpacketListener.listen(address)
  const client = SeqpacketSocket.connect(address)
  const server = listener.accept()
  if (server === undefined) throw new Error('nothing to accept')
  return { listener, client, server }
}

test.each([
  ['a path', () => freshPath()],
  ['a path object', () => ({ path: freshPath() })],
  ['an abstract name', () => ({ abstract: `vpp-ts/${process.pid}/${counter++}` })],
])('whole messages cross a socket at %s', (_, address) => {
  const { listener, client, server } = connected(address())
  expect(server.receive()).toBeUndefined()
  client.send(Buffer.from('one'))
  client.send(Buffer.from('two'))
  expect(text(server.receive()?.bytes)).toBe('one')
  expect(text(server.receive()?.bytes)).toBe('two')
  server.send(Buffer.from('back'))
  expect(text(client.receive()?.bytes)).toBe('back')
  expect(server.peerCredentials()).toEqual({
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  })
  for (const it of [client, server, listener]) it.close()
})

test('an empty message with a descriptor does not end the stream', () => {
  const [a, b] = SeqpacketSocket.pair()
  using fd = createMemfd('passed', 16)
  a.send(new Uint8Array(0), [fd])
  a.close()
  const message = b.receive()
  expect(message).toMatchObject({ end: false, controlTruncated: false })
  expect(message?.bytes).toHaveLength(0)
  expect(message?.fds[0]?.stat().id).toBe(fd.stat().id)
  expect(b.receive()).toMatchObject({ end: true, fds: [] })
  for (const it of [b, ...(message?.fds ?? [])]) it.close()
})

test('as many descriptors as the kernel passes arrive, and none leaks', () => {
  const before = openFds()
  const [a, b] = SeqpacketSocket.pair()
  const event = EventFd.create()
  const many = Array.from({ length: 253 }, () => event.fd)
  a.send(Buffer.from('many'), many)
  const fds: readonly Fd[] = b.receive()?.fds ?? []
  expect(fds).toHaveLength(253)
  expect(new Set(fds.map((fd) => fd.number)).size).toBe(253)
  expect(() => a.send(Buffer.from('more'), [...many, event.fd])).toThrow(
    expect.objectContaining({ code: 'LINUX_ARGUMENT' }),
  )
  for (const it of [...fds, event, a, b]) it.close()
  expect(openFds()).toBe(before)
})

test('a message longer than the room is marked, not joined', () => {
  const [a, b] = SeqpacketSocket.pair()
  a.send(Buffer.alloc(200, 1))
  a.send(Buffer.from('next'))
  const cut = b.receive(128)
  expect(cut).toMatchObject({ truncated: true })
  expect(cut?.bytes).toHaveLength(128)
  expect(b.receive(128)).toMatchObject({ truncated: false })
  for (const it of [a, b]) it.close()
})

test('the largest message crosses, a larger one is refused', () => {
  const [a, b] = SeqpacketSocket.pair()
  const large = Uint8Array.from({ length: 65_536 }, (_, index) => index % 251)
  expect(a.send(large)).toBe(true)
  expect(b.receive()?.bytes).toEqual(large)
  expect(() => a.send(new Uint8Array(65_537))).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
  for (const room of [0, 65_537, 1.5]) {
    expect(() => b.receive(room)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
  }
  for (const it of [a, b]) it.close()
})

test('a full queue says so, a closed peer is an error without a signal', () => {
  const [a, b] = SeqpacketSocket.pair()
  let sent = 0
  while (a.send(new Uint8Array(128))) sent++
  expect(sent).toBeGreaterThan(0)
  expect(b.receive()).toMatchObject({ end: false })
  expect(a.send(new Uint8Array(128))).toBe(true)
  b.close()
  // The kernel tells once that the peer left messages unread.
  expect(() => a.send(new Uint8Array(1))).toThrow(expect.objectContaining({ errno: 'ECONNRESET' }))
  expect(() => a.send(new Uint8Array(1))).toThrow(expect.objectContaining({ errno: 'EPIPE' }))
  a.close()
})

test('credentials come with each message on request', () => {
  const [a, b] = SeqpacketSocket.pair()
  b.passCredentials(true)
  a.send(Buffer.from('who'))
  expect(b.receive()?.credentials).toMatchObject({ pid: process.pid })
  b.passCredentials(false)
  a.send(Buffer.from('who'))
  expect(b.receive()?.credentials).toBeUndefined()
  for (const it of [a, b]) it.close()
})

const refused = (address: string) => {
  try {
    SeqpacketSocket.connect(address)
  } catch (error) {
    return (error as { errno: string }).errno
  }
  return 'connected'
}

test('refusals to connect are told apart and leak nothing', async () => {
  const before = openFds()
  const stale = freshPath()
  const { listener, client, server } = connected(stale)
  for (const it of [client, server]) it.close()
  listener.fd.close()
  const stream = freshPath()
  const net = createServer().listen(stream)
  await once(net, 'listening')
  expect(refused(freshPath())).toBe('ENOENT')
  expect(refused(stale)).toBe('ECONNREFUSED')
  expect(refused(stream)).toBe('EPROTOTYPE')
  expect(() => SeqpacketSocket.connect('x'.repeat(108))).toThrow(
    expect.objectContaining({ code: 'LINUX_ARGUMENT' }),
  )
  expect(() => SeqpacketSocket.connect('a\0b')).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
  net.close()
  await once(net, 'close')
  expect(openFds()).toBe(before)
})

test('a full backlog is EAGAIN', () => {
  const path = freshPath()
  using listener = SeqpacketListener.listen(path, { backlog: 0 })
  const clients: SeqpacketSocket[] = []
  expect(() => {
    for (let i = 0; i < 100; i++) clients.push(SeqpacketSocket.connect(path))
  }).toThrow(expect.objectContaining({ errno: 'EAGAIN' }))
  expect(clients.length).toBeGreaterThan(0)
  for (const client of clients) client.close()
  expect(listener.accept()).toBeDefined()
})

test('a listener has the mode asked for and removes its own file only', () => {
  const path = freshPath()
  const first = SeqpacketListener.listen(path, { mode: 0o640 })
  expect(statSync(path).mode & 0o777).toBe(0o640)
  const id = socketFileId(path)
  expect(id).toBeDefined()
  expect(() => SeqpacketListener.listen(path, { replaceStale: true })).toThrow(
    expect.objectContaining({ errno: 'EADDRINUSE' }),
  )
  rmSync(path)
  const second = SeqpacketListener.listen(path)
  first.close()
  expect(socketFileId(path)).toBeDefined()
  second.close()
  second.close()
  expect(socketFileId(path)).toBeUndefined()
})

test('a socket that is bound a second time has another identity, though the inode may be the same', async () => {
  const path = freshPath()
  SeqpacketListener.listen(path).fd.close()
  const before = socketFileId(path)
  await new Promise((resolve) => setTimeout(resolve, 10))
  using listener = SeqpacketListener.listen(path, { replaceStale: true })
  expect(socketFileId(path)).not.toBe(before)
  expect(listener.fd.closed).toBe(false)
})

test('a stale socket file is replaced on request, any other file is not', () => {
  const path = freshPath()
  SeqpacketListener.listen(path).fd.close()
  expect(() => SeqpacketListener.listen(path)).toThrow(expect.objectContaining({ errno: 'EADDRINUSE' }))
  SeqpacketListener.listen(path, { replaceStale: true }).close()
  writeFileSync(path, 'data')
  chmodSync(path, 0o600)
  expect(() => SeqpacketListener.listen(path, { replaceStale: true })).toThrow(
    expect.objectContaining({ errno: 'EADDRINUSE' }),
  )
  expect(socketFileId(path)).toBeUndefined()
})
