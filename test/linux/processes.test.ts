import {
  createMemfd,
  EventFd,
  Mapping,
  Reactor,
  SeqpacketListener,
  type SeqpacketSocket,
} from '@vpp-ts/linux'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, run, runNode } from './child.ts'

const directory = mkdtempSync(join(tmpdir(), 'vpp-ts-linux-'))
afterAll(() => rmSync(directory, { recursive: true }))
beforeAll(() => build('linux'))

/** Waits for one connection of a listener. */
function accepted(reactor: Reactor, listener: SeqpacketListener): Promise<SeqpacketSocket> {
  return new Promise((resolve) => {
    const watch = reactor.watch(listener.fd, { readable: true }, () => {
      const socket = listener.accept()
      if (socket === undefined) return
      watch.close()
      resolve(socket)
    })
  })
}

/** Waits for one message of a socket. */
function received(reactor: Reactor, socket: SeqpacketSocket) {
  return new Promise<NonNullable<ReturnType<SeqpacketSocket['receive']>>>((resolve) => {
    const watch = reactor.watch(socket.fd, { readable: true }, () => {
      const message = socket.receive()
      if (message === undefined) return
      watch.close()
      resolve(message)
    })
  })
}

const PYTHON_PEER = `
import array, mmap, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1])
data, fds, flags, _ = socket.recv_fds(s, 128, 4)
assert (data, len(fds)) == (b"hello", 2), (data, fds)
shared = mmap.mmap(fds[0], 0)
assert shared[:4] == b"node", shared[:4]
shared[:6] = b"python"
assert os.read(fds[1], 8) == (5).to_bytes(8, "little")
mine = os.memfd_create("python")
os.write(mine, b"from python")
socket.send_fds(s, [b""], [mine])
os.write(fds[1], (9).to_bytes(8, "little"))
assert s.recv(128) == b"done"
`

test('Python is the peer: descriptors, shared memory and eventfd in both directions', async () => {
  const path = join(directory, 'python.sock')
  using reactor = new Reactor()
  using listener = SeqpacketListener.listen(path)
  const python = run('python3', ['-c', PYTHON_PEER, path])
  using socket = await accepted(reactor, listener)
  using memfd = createMemfd('shared', 4096)
  using mapping = Mapping.create(memfd, { writable: true })
  using event = EventFd.create()
  new Uint8Array(mapping.buffer).set(Buffer.from('node'))
  event.signal(5n)
  socket.send(Buffer.from('hello'), [memfd, event.fd])
  const message = await received(reactor, socket)
  expect(message).toMatchObject({ end: false })
  expect(message.fds).toHaveLength(1)
  using theirs = Mapping.create(message.fds[0] ?? memfd)
  expect(Buffer.from(theirs.buffer).toString()).toBe('from python')
  expect(Buffer.from(mapping.buffer, 0, 6).toString()).toBe('python')
  await new Promise<void>((resolve) => {
    const watch = reactor.watch(event.fd, { readable: true }, () => {
      if (event.read() === 0n) return
      watch.close()
      resolve()
    })
  })
  socket.send(Buffer.from('done'))
  expect(await python).toMatchObject({ status: 0, stderr: '' })
  for (const fd of message.fds) fd.close()
})

test('another Node process is the peer, and its end is seen', async () => {
  const path = join(directory, 'node.sock')
  using reactor = new Reactor()
  using listener = SeqpacketListener.listen(path)
  const child = runNode(`
    import { createMemfd, Mapping, SeqpacketSocket } from '@vpp-ts/linux'
    const socket = SeqpacketSocket.connect(${JSON.stringify(path)})
    const fd = createMemfd('child', 4096)
    new Uint32Array(Mapping.create(fd, { writable: true }).buffer)[0] = process.pid
    socket.send(new Uint8Array(0), [fd])
    process.kill(process.pid, 'SIGKILL')
  `)
  using socket = await accepted(reactor, listener)
  const message = await received(reactor, socket)
  const { pid } = socket.peerCredentials()
  const [fd] = message.fds
  if (fd === undefined) throw new Error('no descriptor came')
  using mapping = Mapping.create(fd)
  expect(new Uint32Array(mapping.buffer)[0]).toBe(pid)
  expect(await received(reactor, socket)).toMatchObject({ end: true })
  expect(await child).toMatchObject({ signal: 'SIGKILL' })
  fd.close()
})

const watching = (line: string) => `
  import { EventFd, Reactor } from '@vpp-ts/linux'
  const reactor = new Reactor()
  const event = EventFd.create()
  const watch = reactor.watch(event.fd, { readable: true }, () => { console.log('called'); watch.close() })
  ${line}
`

test('a process with nothing but unreferenced watches ends; a referenced one keeps it', async () => {
  expect(await runNode(watching('watch.unref()'))).toMatchObject({ status: 0, stdout: '' })
  expect(await runNode(watching('watch.close()'))).toMatchObject({ status: 0, stdout: '' })
  expect(
    await runNode(watching('watch.unref(); watch.ref(); setTimeout(() => event.signal(), 20)')),
  ).toMatchObject({
    status: 0,
    stdout: 'called\n',
  })
})

test('an exception in a call back is an uncaught exception, and the others are still served', async () => {
  const { status, stdout } = await runNode(`
    import { EventFd, Reactor } from '@vpp-ts/linux'
    process.on('uncaughtException', (error) => console.log('uncaught', error.message))
    const reactor = new Reactor()
    for (const name of ['a', 'b']) {
      const event = EventFd.create()
      const watch = reactor.watch(event.fd, { readable: true }, () => { watch.close(); throw new Error(name) })
      event.signal()
    }
  `)
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'uncaught a\nuncaught b\n' })
})

test('address space goes back when nothing reaches the buffer, and not before', async () => {
  const { stdout, stderr } = await runNode(
    `
    import { readFileSync } from 'node:fs'
    import { createMemfd, Mapping } from '@vpp-ts/linux'
    const SIZE = 1 << 30
    const space = () => Number(/^VmSize:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
    const settle = async () => { for (let i = 0; i < 5; i++) { gc(); await new Promise((r) => setTimeout(r, 5)) } }
    const grown = (from) => Math.round((space() - from) / SIZE) || 0
    const fd = createMemfd('large', SIZE)
    Mapping.create(fd).close()
    await settle()
    const from = space()
    let views = [1, 2, 3].map(() => new Uint8Array(Mapping.create(fd).buffer, 4096, 8))
    await settle()
    console.log(grown(from), views.map((view) => view[0]).join())
    views = views.slice(0, 1)
    await settle()
    console.log(grown(from))
    let closed = Mapping.create(fd)
    closed.close()
    closed = views = undefined
    await settle()
    console.log(grown(from))
  `,
    ['--expose-gc'],
  )
  expect({ stdout, stderr }).toEqual({ stdout: '3 0,0,0\n1\n0\n', stderr: '' })
})

test('worker threads take descriptors by number, map for themselves and may be terminated', async () => {
  const { status, stdout, stderr } = await runNode(`
    import { Worker } from 'node:worker_threads'
    import { createMemfd, EventFd, Mapping } from '@vpp-ts/linux'
    const source = \`
      import { parentPort, workerData } from 'node:worker_threads'
      import { EventFd, Fd, Mapping, Reactor } from '@vpp-ts/linux'
      const event = EventFd.adopt(Fd.adopt(workerData.event))
      const memory = new Int32Array(Mapping.create(Fd.adopt(workerData.memory), { writable: true }).buffer)
      new Reactor().watch(event.fd, { readable: true }, () => {
        memory[0] += Number(event.read())
        parentPort.postMessage(memory[0])
      })
      parentPort.postMessage('ready')
    \`
    const memory = createMemfd('threads', 4096)
    const words = new Int32Array(Mapping.create(memory, { writable: true }).buffer)
    for (let round = 0; round < 5; round++) {
      const event = EventFd.create()
      const workerData = { event: event.fd.dup().release(), memory: memory.dup().release() }
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(source.replaceAll("'@vpp-ts/linux'", JSON.stringify(import.meta.resolve('@vpp-ts/linux'))))), { workerData })
      const [first] = await new Promise((resolve) => worker.once('message', (...m) => resolve(m)))
      event.signal(10n)
      const sum = await new Promise((resolve) => worker.once('message', resolve))
      console.log(first, sum, words[0])
      await worker.terminate()
      event.close()
    }
  `)
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: [10, 20, 30, 40, 50].map((sum) => `ready ${sum} ${sum}\n`).join(''),
    stderr: '',
  })
})

const attempt = (before: string) =>
  runNode(`
      import { createRequire } from 'node:module'
      ${before}
      const { createMemfd, LinuxError } = await import('@vpp-ts/linux')
      try { createMemfd('x', 1) } catch (error) {
        console.log(error instanceof LinuxError, error.code, error.message)
      }
    `)

test('where the calls cannot be made, the first use says what is missing', async () => {
  const other = await attempt(`Object.defineProperty(process, 'platform', { value: 'darwin' })`)
  expect(other.stdout).toMatch(/^true LINUX_UNAVAILABLE .* need Linux; this is darwin\n$/)
  const small = await attempt(`Object.defineProperty(process, 'arch', { value: 'ia32' })`)
  expect(small.stdout).toMatch(/^true LINUX_UNAVAILABLE .* this is ia32\n$/)
  const bare = await attempt(`
    const Module = createRequire('/')('node:module')
    Module._resolveFilename = (name) => { throw new Error('no ' + name) }
  `)
  expect(bare.stdout).toMatch(/^true LINUX_UNAVAILABLE the package koffi has no build .*npm i koffi/)
})
