import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Guard, guardProblem, type GuardRules, type GuardedRequest } from './guard.ts'

const TOKEN = '0123456789abcdef'
const LOCAL = { remoteAddress: '127.0.0.1' } as Socket

function request(headers: Record<string, string>, socket: Socket = LOCAL): GuardedRequest {
  const all = { host: '127.0.0.1:1', ...headers }
  return { headers: all, rawHeaders: Object.entries(all).flat(), socket }
}

function reasonOf(guard: Guard, headers: Record<string, string>, rules?: GuardRules): string | undefined {
  return guard.refusal(request(headers), rules)?.reason
}

describe('a request', () => {
  it('may use the names that the server has, however they are written', () => {
    const guard = new Guard({ allowedHosts: ['VPP.example.net', 'bücher.example'] })
    const names = ['localhost', 'LOCALHOST:80', 'a.localhost', '10.0.0.1', '[::1]:80', 'vpp.EXAMPLE.net:9']
    for (const host of [...names, 'xn--bcher-kva.example']) {
      expect([host, reasonOf(guard, { host })]).toEqual([host, undefined])
    }
    for (const host of ['', 'example.net', 'vpp.example.net.', 'a.vpp.example.net', 'localhost.example']) {
      expect([host, reasonOf(guard, { host })]).toEqual([host, 'host'])
    }
  })

  it('carries the whole token, and only the token', () => {
    const guard = new Guard({ token: TOKEN })
    expect(reasonOf(guard, { authorization: `Bearer ${TOKEN}` })).toBeUndefined()
    expect(reasonOf(guard, { authorization: `bearer  ${TOKEN} ` })).toBeUndefined()
    for (const wrong of ['', TOKEN, `Bearer ${TOKEN}0`, `Bearer ${TOKEN.slice(1)}`, `Bearer a ${TOKEN}`]) {
      expect([wrong, reasonOf(guard, { authorization: wrong })]).toEqual([wrong, 'unauthorized'])
    }
  })

  it('for what is public needs no token and may come from any page, but by the right name', () => {
    const guard = new Guard({ token: TOKEN })
    expect(reasonOf(guard, { 'sec-fetch-site': 'cross-site' }, { public: true })).toBeUndefined()
    expect(reasonOf(guard, { host: 'evil.example' }, { public: true })).toBe('host')
  })

  it('of a foreign page is refused before the token is looked at', () => {
    const guard = new Guard({ token: TOKEN })
    expect(reasonOf(guard, { origin: 'https://127.0.0.1:1' })).toBe('unauthorized')
    for (const origin of ['https://evil.example', 'null', '', 'http://127.0.0.1:2', '//127.0.0.1:1']) {
      expect([origin, reasonOf(guard, { origin })]).toEqual([origin, 'origin'])
    }
    for (const site of ['cross-site', 'same-site']) {
      expect([site, reasonOf(guard, { 'sec-fetch-site': site })]).toEqual([site, 'origin'])
    }
  })
})

describe('without a token, a connection', () => {
  const cleanUp: (() => void)[] = []
  afterEach(() => {
    for (const undo of cleanUp.splice(0)) undo()
  })

  function reasonFor(socket: object, rules?: GuardRules): string | undefined {
    return new Guard({}).refusal(request({}, socket as Socket), rules)?.reason
  }

  /** A server, and a connection as it has accepted it. */
  async function accepted(server: Server): Promise<Socket> {
    await once(server, 'listening')
    const address = server.address() as AddressInfo | string
    const client = typeof address === 'string' ? connect(address) : connect(address.port)
    const [socket] = (await once(server, 'connection')) as [Socket]
    cleanUp.push(
      () => server.close(),
      () => client.destroy(),
    )
    return socket
  }

  it('from an address of this machine is let in, from another is not', () => {
    for (const remoteAddress of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect([remoteAddress, reasonFor({ remoteAddress })]).toEqual([remoteAddress, undefined])
    for (const remoteAddress of ['192.0.2.1', '::ffff:192.0.2.1', 'fe80::1', '', '127.0.0.1.example'])
      expect([remoteAddress, reasonFor({ remoteAddress })]).toEqual([remoteAddress, 'token-needed'])
  })

  it('from another machine is let in where something else tells who it is', () => {
    expect(reasonFor({ remoteAddress: '192.0.2.1' }, { remote: true })).toBeUndefined()
  })

  it('over a Unix socket is let in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-guard-'))
    cleanUp.push(() => rmSync(folder, { recursive: true }))
    const socket = await accepted(createServer().listen(join(folder, 'http.sock')))
    expect(socket.remoteAddress).toBeUndefined()
    expect(reasonFor(socket)).toBeUndefined()
  })

  it('over TCP that is gone, so that it has no address, is not', async () => {
    const socket = await accepted(createServer().listen(0, '127.0.0.1'))
    socket.destroy()
    expect(socket.remoteAddress).toBeUndefined()
    expect(reasonFor(socket)).toBe('token-needed')
  })

  it('without an address is not where its server says nothing', () => {
    const closed = { listening: false, address: () => null }
    const handedOver = { listening: true, address: () => null }
    expect(reasonFor({})).toBe('token-needed')
    expect(reasonFor({ server: null })).toBe('token-needed')
    expect(reasonFor({ server: closed })).toBe('token-needed')
    // A Unix socket from the service manager: it listens, and has no name.
    expect(reasonFor({ server: handedOver })).toBeUndefined()
  })
})

describe('options', () => {
  it.each([
    [{ token: 'short' }, /5 characters; use at least 16/],
    [{ token: `${TOKEN} ` }, /no request can carry/],
    [{ token: `${TOKEN}ü` }, /no request can carry/],
    [{ allowedHosts: ['vpp.example.net:80'] }, /"vpp\.example\.net:80"/],
    [{ allowedHosts: ['http://vpp.example.net'] }, /without scheme/],
    [{ allowedHosts: [''] }, /""/],
  ])('that no request could match are refused: %j', (options, problem) => {
    expect(guardProblem(options)).toMatch(problem)
    expect(guardProblem(options)).not.toContain(TOKEN)
    expect(() => new Guard(options)).toThrow(RangeError)
  })
})
