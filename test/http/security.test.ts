import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { rmSync } from 'node:fs'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fastify } from 'fastify'
import { HttpApi, serve, type HttpRoute } from '@vpp-ts/http'
import { vppHttp } from '@vpp-ts/http/fastify'
import type { RpcConnection } from '@vpp-ts/runtime'
import { generatedRoutes } from './fixture.ts'

const TOKEN = 'a-token-of-the-tests'

let routes: HttpRoute[]
const cleanUp: AsyncDisposable[] = []

/** Answers everything, and remembers what it was asked. */
function answering(asked: object[] = []): RpcConnection {
  const call = (_method: unknown, body: object) => {
    asked.push(body)
    return Promise.resolve({ retval: 0 })
  }
  return { call } as unknown as RpcConnection
}

async function start(options: Partial<Parameters<typeof serve>[0]> = {}): Promise<URL> {
  const server = await serve({ port: 0, routes, vpp: answering(), ...options })
  cleanUp.push(server)
  return new URL(server.url)
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: Record<string, unknown>
}

/** A request with any headers, which fetch does not allow. */
async function ask(to: URL, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
  const sent = request(to, { method: 'POST', path: '/vpe/show_version', ...options })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const content = await text(response)
  return {
    status: response.statusCode,
    headers: response.headers,
    body: content === '' ? {} : (JSON.parse(content) as Record<string, unknown>),
  }
}

/** Sends a request and resets the connection, until a server has seen one whose address was gone by then. */
async function resetUntilNameless(host: string, port: number, path = '/vpe/show_version'): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const seen = new Promise<Socket>((resolve) => {
      const listener = (message: unknown): void => {
        unsubscribe('http.server.request.start', listener)
        resolve((message as { socket: Socket }).socket)
      }
      subscribe('http.server.request.start', listener)
    })
    const client = connect(port, host)
    client.on('error', () => {})
    const lines = [`POST ${path} HTTP/1.1`, `host: ${host}`, 'content-length: 0', '', '']
    client.write(lines.join('\r\n'), () => client.resetAndDestroy())
    const socket = await seen
    const nameless = socket.remoteAddress === undefined
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
    if (nameless) return
  }
  throw new Error('no reset came early enough in 50 attempts')
}

beforeAll(async () => {
  routes = await generatedRoutes(['interface', 'vpe'])
}, 60_000)

afterEach(async () => {
  for (const item of cleanUp.splice(0)) await item[Symbol.asyncDispose]()
})

describe('a token', () => {
  it.each([
    ['missing', undefined],
    ['wrong', `Bearer ${TOKEN}x`],
    ['too short', `Bearer ${TOKEN.slice(1)}`],
    ['of another kind', `Basic ${TOKEN}`],
    ['empty', 'Bearer '],
  ])('that is %s is refused', async (_what, authorization) => {
    const asked: object[] = []
    const url = await start({ token: TOKEN, vpp: answering(asked) })
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await ask(url, { headers })
    expect(answer).toMatchObject({ status: 401, body: { code: 'HTTP_UNAUTHORIZED' } })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    const document = await ask(url, { method: 'GET', path: '/openapi.json', headers })
    expect(document.status).toBe(401)
    expect(asked).toEqual([])
  })

  it.each(['Bearer', 'bearer'])('that is right is accepted, as %s', async (scheme) => {
    const url = await start({ token: TOKEN })
    const headers = { authorization: `${scheme} ${TOKEN}` }
    expect((await ask(url, { headers })).status).toBe(200)
    const document = await ask(url, { method: 'GET', path: '/openapi.json', headers })
    expect(document.body).toMatchObject({ security: [{ token: [] }] })
  })

  it.each([
    ['too short', 'x'.repeat(15)],
    ['with a space, which ends a token in the header', 'a token of the tests'],
    ['with a line break', 'a-token-of-the-tests\n'],
    ['beyond ASCII, which a header cannot carry', 'ein-schlüssel-für-tests'],
  ])('that no request could carry is refused at the start: %s', async (_what, token) => {
    const refused = start({ token })
    await expect(refused).rejects.toMatchObject({ code: 'HTTP_OPTION' })
    expect(String(await refused.catch((error: unknown) => error))).not.toContain(token)
  })
})

describe('other machines', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])(
    'are not listened to on %s without a token',
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({ code: 'HTTP_TOKEN_NEEDED' })
    },
  )

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')
  if (outside === undefined)
    console.warn('A request from another address is not tried: this machine has none.')

  it.runIf(outside !== undefined)('are refused without a token, whoever listens', async () => {
    const api = new HttpApi({ routes, vpp: answering() })
    const server = createServer(api.handle).listen(0, '0.0.0.0')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const answer = await ask(new URL(`http://${outside?.address}:${port}`))
    expect(answer).toMatchObject({ status: 403, body: { code: 'HTTP_TOKEN_NEEDED' } })
    server.close()
  })

  // A TCP connection that its client has reset has no remote address, like one over a Unix socket.
  describe.runIf(outside !== undefined)(
    'that reset the connection at once are refused without a token',
    () => {
      const address = outside?.address ?? ''

      it('by the plain handler, which answers a Unix socket', async () => {
        const asked: object[] = []
        const api = new HttpApi({ routes, vpp: answering(asked) })
        const server = createServer(api.handle).listen(0, '0.0.0.0')
        await once(server, 'listening')
        await resetUntilNameless(address, (server.address() as AddressInfo).port)
        expect(asked).toEqual([])
        server.close()
      })

      it('by a plugin of fastify', async () => {
        const asked: object[] = []
        const app = fastify()
        await app.register(vppHttp, { prefix: '/vpp', routes, vpp: answering(asked) })
        await app.listen({ port: 0, host: '0.0.0.0' })
        await resetUntilNameless(address, (app.server.address() as AddressInfo).port, '/vpp/vpe/show_version')
        expect(asked).toEqual([])
        await app.close()
      })

      it('by a separate server on this machine', async () => {
        const asked: object[] = []
        const url = await start({ vpp: answering(asked) })
        await resetUntilNameless(url.hostname, Number(url.port))
        expect(asked).toEqual([])
      })
    },
  )

  it('are not needed for a socket of the file system', async () => {
    const path = join(tmpdir(), `vpp-ts-http-${process.pid}.sock`)
    const api = new HttpApi({ routes, vpp: answering() })
    const server = createServer(api.handle).listen(path)
    await once(server, 'listening')
    const answer = await ask(new URL('http://localhost'), { socketPath: path })
    expect(answer.status).toBe(200)
    server.close()
    rmSync(path, { force: true })
  })
})

describe('a page in a browser', () => {
  it.each([
    ['evil.example', 421],
    ['evil.example:8080', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost', 200],
    ['LOCALHOST:1234', 200],
    ['vpp.localhost', 200],
    ['127.0.0.1:99', 200],
    ['[::1]:99', 200],
    ['router.example', 200],
  ])('that calls the server %j gets %i', async (host, status) => {
    const url = await start({ allowedHosts: ['router.example'] })
    expect((await ask(url, { headers: { host } })).status).toBe(status)
  })

  it.each([['router.example:8080'], ['http://router.example'], ['router.example/x'], ['']])(
    'calls the server by a name that no request could have, %j: refused at the start',
    async (host) => {
      await expect(start({ allowedHosts: [host] })).rejects.toMatchObject({ code: 'HTTP_OPTION' })
    },
  )

  it.each([['127.0.0.1'], ['evil.example']])(
    'that gives two hosts, the second %s, is refused',
    async (second) => {
      const url = await start()
      const socket = connect(Number(url.port), url.hostname)
      const head = `POST /vpe/show_version HTTP/1.1\r\nhost: 127.0.0.1\r\nHost: ${second}\r\n`
      socket.write(`${head}connection: close\r\ncontent-length: 0\r\n\r\n`)
      const answer = await text(socket)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('HTTP_HOST')
    },
  )

  it.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['http://localhost:1', 403],
    ['http://localhost', 200],
    ['https://localhost', 200],
  ])('of %j gets %i', async (origin, status) => {
    const url = await start()
    const answer = await ask(url, { headers: { host: 'localhost', origin } })
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('of another site is refused when only Sec-Fetch-Site says so', async () => {
    const url = await start()
    const headers = { 'sec-fetch-site': 'cross-site' }
    expect(await ask(url, { headers })).toMatchObject({ status: 403, body: { code: 'HTTP_ORIGIN' } })
  })
})

describe('a body', () => {
  const json = { 'content-type': 'application/json' }

  it('larger than the limit is refused by what it announces', async () => {
    const url = await start({ bodyLimit: 100 })
    const answer = await ask(url, { headers: { ...json, 'content-length': 101 } }, 'x'.repeat(101))
    expect(answer).toMatchObject({ status: 413, body: { code: 'HTTP_BODY_TOO_LARGE' } })
  })

  it('larger than the limit is refused as it comes', async () => {
    const url = await start({ bodyLimit: 100 })
    const answer = await ask(url, { headers: { ...json, 'transfer-encoding': 'chunked' } }, 'x'.repeat(101))
    expect(answer).toMatchObject({ status: 413 })
    expect(answer.headers.connection).toBe('close')
  })

  it.each([
    ['no JSON', '{"a":', json, 400, 'HTTP_BODY'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), json, 400, 'HTTP_BODY'],
    ['another type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'HTTP_MEDIA_TYPE'],
    ['no type', '{}', {}, 415, 'HTTP_MEDIA_TYPE'],
    ['compressed', 'x', { ...json, 'content-encoding': 'gzip' }, 415, 'HTTP_MEDIA_TYPE'],
    ['a prototype', '{"__proto__":{"a":1}}', json, 400, 'VPP_ENCODE'],
    ['null', 'null', json, 400, 'VPP_ENCODE'],
  ])('of %s is refused', async (_what, body, headers, status, code) => {
    const url = await start()
    expect(await ask(url, { headers }, body)).toMatchObject({ status, body: { code } })
  })

  it('may be left out, or say its character set', async () => {
    const url = await start()
    expect((await ask(url)).status).toBe(200)
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect((await ask(url, { headers }, '{}')).status).toBe(200)
  })
})

describe('a path', () => {
  it.each([
    ['/'],
    ['/vpe'],
    ['/vpe/show_version/'],
    ['//vpe/show_version'],
    ['/vpe/%73how_version'],
    ['/vpe/constructor'],
    ['/__proto__/toString'],
    ['/api/../vpe/show_version'],
    ['http://localhost/vpe/show_version'],
  ])('%j leads nowhere', async (path) => {
    const url = await start()
    expect(await ask(url, { path })).toMatchObject({ status: 404, body: { code: 'HTTP_NOT_FOUND' } })
  })

  it.each([
    ['/vpe/show_version', 'GET', 'POST'],
    ['/vpe/show_version', 'OPTIONS', 'POST'],
    ['/vpe/show_version', 'DELETE', 'POST'],
    ['/interface/sw_interface_event', 'POST', 'GET'],
    ['/openapi.json', 'POST', 'GET, HEAD'],
  ])('%s is not for %s', async (path, method, allow) => {
    const url = await start()
    const answer = await ask(url, { path, method })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe(allow)
  })

  it('is below the prefix', async () => {
    const url = await start({ prefix: '/api/v1' })
    expect((await ask(url, { path: '/api/v1/vpe/show_version' })).status).toBe(200)
    expect((await ask(url, { path: '/vpe/show_version' })).status).toBe(404)
    const document = await ask(url, { method: 'GET', path: '/api/v1/openapi.json' })
    expect(Object.keys(document.body['paths'] as object)).toContain('/api/v1/vpe/show_version')
  })
})

it.each([
  ['prefix', { prefix: 'api' }],
  ['prefix', { prefix: '/api/' }],
  ['bodyLimit', { bodyLimit: 0 }],
  ['timeout', { timeout: Number.NaN }],
  ['heartbeat', { heartbeat: -1 }],
  // A timer that is too long rings at once, and again and again.
  ['heartbeat', { heartbeat: 2 ** 31 }],
  ['timeout', { timeout: Infinity }],
  ['backlogLimit', { backlogLimit: 0 }],
])('the option %s is checked: %j', async (name, options) => {
  await expect(start(options)).rejects.toMatchObject({
    code: 'HTTP_OPTION',
    message: expect.stringContaining(name) as string,
  })
})

it('a port that is taken is an error with a name', async () => {
  const url = await start()
  await expect(start({ port: Number(url.port) })).rejects.toMatchObject({ code: 'HTTP_LISTEN' })
})
