import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { Deferred } from '../async/deferred.ts'
import { explainConnectError, openStream, targetName } from './connect.ts'

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

describe('explainConnectError', () => {
  it.each([
    ['ENOENT', '/tmp/none.sock', 'VPP_SOCKET_MISSING'],
    ['ENOENT', '/no/such/folder/api.sock', 'VPP_DIRECTORY_MISSING'],
    ['EACCES', '/x', 'VPP_PERMISSION_DENIED'],
    ['EPERM', '/x', 'VPP_PERMISSION_DENIED'],
    ['ECONNREFUSED', '/x', 'VPP_CONNECTION_REFUSED'],
    ['ECONNREFUSED', '/', 'VPP_CONNECT_FAILED'],
    ['EPROTOTYPE', '/x', 'VPP_CONNECT_FAILED'],
    ['ENOTDIR', '/etc/passwd/api.sock', 'VPP_DIRECTORY_MISSING'],
    ['EMFILE', '/x', 'VPP_CONNECT_FAILED'],
  ])('%s at %s is %s', (code, path, expected) => {
    const cause = systemError(code)
    const error = explainConnectError(path, cause)
    expect(error).toMatchObject({ code: expected, target: path, cause })
    expect(error.message).toContain(path)
  })
})

it('a missing folder is told to come from runtime-dir, as a prefix in api-segment moves no socket', () => {
  const { message } = explainConnectError('/run/vpp/no-such-vpp/api.sock', systemError('ENOENT'))
  expect(message).toMatch(
    /folder \/run\/vpp\/no-such-vpp does not exist.*runtime-dir.*api-segment \{ prefix \} does not move the socket/,
  )
})

describe('openStream', () => {
  const target = (open: (signal: AbortSignal) => Promise<Duplex>) => ({ name: 'tls:vpp1', open })

  it('names the target that could not be opened, and why', async () => {
    const failing = target(() => Promise.reject(new Error('certificate expired')))
    await expect(openStream(failing, new AbortController().signal)).rejects.toMatchObject({
      code: 'VPP_CONNECT_FAILED',
      target: 'tls:vpp1',
      message: 'tls:vpp1: certificate expired',
      cause: expect.objectContaining({ message: 'certificate expired' }) as Error,
    })
    expect([targetName(failing), targetName('/x')]).toEqual(['tls:vpp1', '/x'])
  })

  it('gives up on a target that does not heed the signal, and closes what it opens too late', async () => {
    const opened = new Deferred<Duplex>()
    const attempt = new AbortController()
    const opening = openStream(
      target(() => opened.promise),
      attempt.signal,
    )
    attempt.abort()
    await expect(opening).rejects.toMatchObject({ code: 'VPP_CONNECT_TIMEOUT' })
    const late = new PassThrough()
    opened.resolve(late)
    await new Promise((resolve) => late.once('close', resolve))
    expect(late.destroyed).toBe(true)
  })

  it('does not connect when the time is over already', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-late-'))
    const path = join(folder, 'api.sock')
    const server = createServer().listen(path)
    try {
      await once(server, 'listening')
      await expect(openStream(path, AbortSignal.abort())).rejects.toMatchObject({
        code: 'VPP_CONNECT_TIMEOUT',
        target: path,
      })
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('hands on what comes, to the byte', async () => {
    const duplex = new PassThrough()
    const stream = await openStream(
      target(() => Promise.resolve(duplex)),
      new AbortController().signal,
    )
    const found: string[] = []
    stream.receive((bytes, end) => found.push(bytes.toString('utf8', 0, end)))
    duplex.write('abc')
    duplex.end('def')
    await new Promise((resolve) => duplex.once('end', resolve))
    expect(found.join('')).toBe('abcdef')
  })
})

describe('a VPP that sends as fast as it is read', () => {
  it('lets others have their turn', async () => {
    const SENT = 8 * 1024 * 1024
    const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-read-'))
    const path = join(folder, 'api.sock')
    // A separate thread, so that it sends while this one reads.
    const vpp = new Worker(
      `const { createServer } = require('node:net')
       const { parentPort, workerData: { path, sent } } = require('node:worker_threads')
       createServer((socket) => socket.end(Buffer.alloc(sent))).listen(path, () => parentPort.postMessage(''))`,
      { eval: true, workerData: { path, sent: SENT } },
    )
    try {
      await once(vpp, 'message')
      const { duplex, receive } = await openStream(path, new AbortController().signal)
      const moment = new Int32Array(new SharedArrayBuffer(4))
      let received = 0
      let before = 0
      let most = 0
      receive((_bytes, end) => {
        received += end
        // Until more has come.
        Atomics.wait(moment, 0, 0, 2)
      })
      const look = (): void => {
        most = Math.max(most, received - before)
        before = received
        immediate = setImmediate(look)
      }
      let immediate = setImmediate(look)
      await once(duplex.resume(), 'close')
      clearImmediate(immediate)
      expect(received).toBe(SENT)
      expect(most).toBeLessThanOrEqual(5 * 64 * 1024)
    } finally {
      await vpp.terminate()
      rmSync(folder, { recursive: true })
    }
  })
})
