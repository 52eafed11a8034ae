import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readAgentConfig } from '@vpp-ts/agent'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { ask, serve, writeConfig } from './served.ts'
import { EventReader } from './server-sent-events.ts'

const TOKEN = 'correct horse battery staple'.replaceAll(' ', '-')

/** A file with something in it, in a folder that the test removes. */
function file(folder: string, name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Sends bytes as they are. @returns all that came back until the server closed, and after how long */
async function raw(url: string, ...pieces: string[]): Promise<{ answer: string; milliseconds: number }> {
  const { hostname, port } = new URL(url)
  const started = performance.now()
  const socket = connect(Number(port), hostname)
  for (const piece of pieces) socket.write(piece)
  const answer = await text(socket)
  return { answer, milliseconds: performance.now() - started }
}

/** A request whose bytes a client of a standard library would not send. */
async function rawGet(url: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const lines = Object.entries({ host: new URL(url).host, connection: 'close', ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return (await raw(url, `GET ${path} HTTP/1.1\r\n${head}\r\n`)).answer
}

describe('who may ask', () => {
  it('with a token: nobody without it, on REST and on metrics alike', async () => {
    await using folder = await temporaryFolder()
    const path = file(folder.path, 'token', `${TOKEN}\n`)
    await using served = await serve({ rest: { 'token-file': path }, metrics: { 'token-file': path } })
    const paths = ['/interfaces', '/api/v1/info', '/live', '/events', '/sources', '/nothing', '/desired']
    for (const url of [...paths.map((it) => `${served.url}${it}`), served.metrics]) {
      const none = await ask(url)
      expect([url, none.status, none.headers.get('www-authenticate')]).toEqual([url, 401, 'Bearer'])
      const headers = [
        { authorization: `Bearer ${TOKEN}x` },
        { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
        { authorization: `Basic ${TOKEN}` },
        { authorization: 'Bearer' },
        { cookie: `token=${TOKEN}` },
      ]
      for (const header of headers) expect((await ask(url, 'GET', undefined, header)).status, url).toBe(401)
    }
    const authorization = { authorization: `Bearer ${TOKEN}` }
    expect((await ask(`${served.url}/interfaces`, 'GET', undefined, authorization)).status).toBe(200)
    expect((await ask(served.metrics, 'GET', undefined, authorization)).status).toBe(200)
    const route = { prefix: '10.0.0.0/8', drop: true }
    expect((await ask(`${served.url}/routes`, 'POST', route)).status).toBe(401)
    expect(await served.agent.instance('one').desired()).toEqual([])
    await using live = await EventReader.open(`${served.url}/live`, authorization)
    expect((await live.next()).type).toBe('live')
  })

  it('probes need no token, on both ports, and are told yes or no and nothing else', async () => {
    await using folder = await temporaryFolder()
    const path = file(folder.path, 'token', `${TOKEN}\n`)
    const token = { 'token-file': path }
    await using served = await serve({ rest: token, metrics: token, instance: { name: 'secret-name' } })
    const metrics = new URL(served.metrics).origin
    await served.agent.instance('secret-name').settled()
    for (const url of [served.url, metrics]) {
      expect((await ask(`${url}/health/live`)).body).toEqual({ live: true })
      expect((await ask(`${url}/health`)).body).toEqual({ live: true, ready: true })
      expect((await ask(`${url}/health/ready`)).body).toEqual({ live: true, ready: true })
    }
    expect((await ask(served.metrics)).status).toBe(401)
    expect((await ask(`${served.url}/instances`)).status).toBe(401)
  })

  it('a token that is too short is refused at the start', async () => {
    await using folder = await temporaryFolder()
    const path = file(folder.path, 'token', 'short\n')
    await expect(serve({ rest: { 'token-file': path } })).rejects.toMatchObject({ code: 'AGENT_CONFIG' })
  })

  it('an address that others reach is refused without token or client certificates', async () => {
    await using folder = await temporaryFolder()
    for (const section of ['rest', 'metrics']) {
      const config = writeConfig(folder.path, '/nowhere', { [section]: { address: '0.0.0.0' } })
      await expect(readAgentConfig(config), section).rejects.toMatchObject({
        problems: [{ field: `${section}.address` }],
      })
    }
    const path = file(folder.path, 'token', TOKEN)
    const config = writeConfig(folder.path, '/nowhere', { rest: { address: '::', 'token-file': path } })
    expect((await readAgentConfig(config)).rest).toMatchObject({ address: '::' })
  })

  it('with client certificates: nobody without one', async () => {
    await using folder = await temporaryFolder()
    const { path } = folder
    for (const name of ['server', 'client', 'stranger']) makeCertificate(path, name)
    const at = (name: string): string => join(path, name)
    const tls = { cert: at('server.pem'), key: at('server.key'), 'client-ca': at('client.pem') }
    await using served = await serve({ rest: { tls } })
    expect(served.url).toMatch(/^https:/)
    expect(await asClient(served.url, path, 'client')).toBe(200)
    await expect(asClient(served.url, path, 'stranger')).rejects.toThrow(/./)
    await expect(asClient(served.url, path, undefined)).rejects.toThrow(/./)
  })
})

describe('pages of other sites', () => {
  it('are refused by their origin, by what browsers say of them, and by the name they call', async () => {
    await using served = await serve({ rest: { hosts: ['vpp.example.net'] } })
    const { port } = new URL(served.url)
    const refused: readonly (readonly [Record<string, string>, number])[] = [
      [{ origin: 'https://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ origin: `http://localhost:${port}` }, 403],
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ host: 'evil.example' }, 421],
      [{ host: `evil.example:${port}` }, 421],
      [{ host: '127.0.0.1.evil.example' }, 421],
      [{ host: '' }, 421],
    ]
    for (const path of ['/interfaces', '/live', '/nothing', '/vpp/command']) {
      for (const [headers, status] of refused) {
        const answer = await rawGet(served.url, path, headers)
        expect([path, headers, answer.slice(9, 12)]).toEqual([path, headers, String(status)])
        expect(answer).not.toMatch(/access-control-allow/i)
      }
    }
    const accepted: readonly Record<string, string>[] = [
      { origin: served.url },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { host: 'localhost' },
      { host: 'vpp.example.net:9191' },
      { host: '[::1]:9191' },
    ]
    for (const headers of accepted) {
      expect([headers, (await rawGet(served.url, '/interfaces', headers)).slice(9, 12)]).toEqual([
        headers,
        '200',
      ])
    }
  })

  it('cannot send what browsers send unasked: forms and plain text', async () => {
    await using served = await serve()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const response = await fetch(`${served.url}/routes`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"prefix":"10.0.0.0/8","drop":true}',
      })
      expect([type, response.status]).toEqual([type, 415])
    }
    const preflight = await fetch(`${served.url}/routes`, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null])
  })

  it('may not frame anything, and pages of the agent load nothing from elsewhere', async () => {
    await using served = await serve()
    for (const path of ['/', '/interfaces', '/nothing', '/documentation/', '/routes/x']) {
      const { headers } = await served.ask('GET', path)
      const policy = headers.get('content-security-policy')
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'self'")])
      expect([path, policy]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")])
      expect(policy).not.toContain('http')
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    }
  })
})

describe('requests that are not what they should be', () => {
  it('bodies: too long, no JSON, of another shape', async () => {
    await using served = await serve({ rest: { 'body-limit': 4096 } })
    const long = await served.ask('POST', '/routes', { prefix: 'x'.repeat(5000) })
    expect([long.status, long.body]).toMatchObject([413, { code: 'AGENT_BODY_TOO_LARGE' }])
    const chunked = await raw(
      served.url,
      `POST /routes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`,
      `1400\r\n${'['.repeat(0x1400)}\r\n0\r\n\r\n`,
    )
    expect(chunked.answer).toMatch(/^HTTP\/1.1 413 /)
    const bodies = [
      '',
      '{',
      '[[[[[[',
      '"text"',
      'null',
      '7',
      '{"prefix":1}',
      '{"__proto__":{"drop":true},"prefix":"10.0.0.0/8"}',
      '{"constructor":{"prototype":{"drop":true}},"prefix":"10.0.0.0/8"}',
      '{"prefix":"10.0.0.0/8","drop":true,"more":1}',
      '{"kind":"__proto__","prefix":"10.0.0.0/8","drop":true}',
    ]
    for (const body of bodies) {
      const response = await fetch(`${served.url}/routes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect([body, response.status, response.headers.get('content-type')]).toEqual([
        body,
        400,
        'application/problem+json; charset=utf-8',
      ])
    }
    expect(await served.agent.instance('one').desired()).toEqual([])
  })

  it('queries with unknown or impossible parameters', async () => {
    await using served = await serve()
    const queries = ['limit=0', 'limit=-1', 'limit=1e9', 'limit=1&limit=2', 'unknown=1', 'offset=0x10']
    for (const query of queries) {
      const answer = await served.ask('GET', `/routes?${query}`)
      expect([query, answer.status, answer.body]).toMatchObject([query, 400, { code: 'AGENT_REQUEST' }])
    }
    expect((await served.ask('GET', '/events?since=yesterday')).status).toBe(400)
    expect((await served.ask('GET', '/events?kind=link,nothing')).status).toBe(400)
  })

  it('paths that try to get out of where they are', async () => {
    await using served = await serve()
    const paths = [
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2f..%2fetc%2fpasswd',
      '/....//....//etc/passwd',
      '/documentation/static/../../../../package.json',
      '/documentation/static/%2e%2e%2f%2e%2e%2fpackage.json',
      '/documentation/static/..%5c..%5cpackage.json',
      '/package.json',
      '/src/index.ts',
      '/index.html%00.js',
      '//etc/passwd',
      '/api/v1/instances/..%2f..%2f/desired',
      '/api/v1/instances/__proto__/desired',
      '/acls/__proto__',
      '/acls/..%2f..%2fgone',
      '/%',
      '/%ff',
      `/acls/${'x'.repeat(2000)}`,
    ]
    for (const path of paths) {
      const answer = await rawGet(served.url, path)
      expect([path, answer.slice(9, 12)]).toEqual([path, expect.stringMatching(/^(400|403|404|414)$/)])
      expect(answer, path).not.toContain('root:')
      expect(answer, path).not.toContain('"dependencies"')
    }
  })

  it('heads that are too long or no HTTP', async () => {
    await using served = await serve()
    expect(await rawGet(served.url, '/info', { 'x-long': 'x'.repeat(20_000) })).toMatch(/^HTTP\/1.1 431 /)
    expect((await raw(served.url, 'nonsense\r\n\r\n')).answer).toMatch(/^HTTP\/1.1 400 /)
    const smuggled = await raw(
      served.url,
      'POST /routes HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    expect(smuggled.answer).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('too much, too slow', () => {
  it('clients that send their head or their body bit by bit are cut off', async () => {
    await using served = await serve({ rest: { 'request-timeout': '1s' } })
    const [head, body] = await Promise.all([
      raw(served.url, 'GET /info HTTP/1.1\r\nhost: local'),
      raw(
        served.url,
        'POST /routes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
      ),
    ])
    for (const { answer, milliseconds } of [head, body]) {
      expect(answer).toMatch(/^(HTTP\/1.1 408 |$)/)
      expect(milliseconds).toBeLessThan(5000)
    }
    expect((await served.ask('GET', '/info')).status).toBe(200)
  })

  it('more requests a second than allowed are refused, wrong tokens among them', async () => {
    await using folder = await temporaryFolder()
    const path = file(folder.path, 'token', TOKEN)
    await using served = await serve({ rest: { 'token-file': path, 'rate-limit': 5 } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => served.ask('GET', '/info')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10)
    expect(statuses).toContain(429)
    const refused = answers.find(({ status }) => status === 429)
    expect([refused?.body, refused?.headers.get('retry-after')]).toMatchObject([
      { code: 'AGENT_TOO_MANY_REQUESTS' },
      '1',
    ])
  })

  it('streams that are asked for by HEAD end at once', async () => {
    await using served = await serve()
    for (let i = 0; i < 250; i++) {
      const { status } = await fetch(`${served.url}/${i % 2 === 0 ? 'live' : 'events'}`, {
        method: 'HEAD',
        headers: { accept: 'text/event-stream' },
      })
      expect([i, status]).toEqual([i, 200])
    }
    await using live = await EventReader.open(`${served.url}/live`)
    expect(live.response.status).toBe(200)
  })

  it('a reader that does not read is disconnected; one that comes for much at once is not', async () => {
    await using served = await serve()
    const { events } = served.agent.instance('one')
    const message = 'x'.repeat(20_000)
    for (let i = 0; i < 1000; i++) events.add({ type: 'connection', status: 'failed', message })
    await using late = await EventReader.open(`${served.url}/events`, { 'last-event-id': 'other-1' })
    const last = events.last
    await late.next(({ data }) => (data as { id: number }).id === last)
    const { hostname, port } = new URL(served.url)
    const idle = connect(Number(port), hostname)
    idle.pause()
    const head = `GET /events HTTP/1.1\r\nhost: ${hostname}\r\naccept: text/event-stream\r\n\r\n`
    await new Promise((resolve) => idle.write(head, resolve))
    const closed = new Promise((resolve) => idle.once('close', resolve))
    idle.once('error', () => undefined)
    // It reads the beginning, and then nothing until all has been said.
    await new Promise((resolve) => idle.once('readable', resolve))
    for (let i = 0; i < 2000; i++) events.add({ type: 'connection', status: 'failed', message })
    idle.resume()
    await closed
  })

  it('no more streams than the server keeps open; those that leave make room', async () => {
    await using served = await serve()
    const streams = await Promise.all(
      Array.from({ length: 200 }, () => EventReader.open(`${served.url}/events`)),
    )
    expect(streams.map(({ response }) => response.status)).toEqual(streams.map(() => 200))
    expect((await served.ask('GET', '/live')).status).toBe(429)
    await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()))
    const deadline = Date.now() + 10_000
    let status = 429
    while (status === 429 && Date.now() < deadline) {
      await using stream = await EventReader.open(`${served.url}/live`)
      status = stream.response.status
    }
    expect(status).toBe(200)
  })
})

/** A key and a certificate signed with it, valid for loopback, as `name.key` and `name.pem`. */
function makeCertificate(folder: string, name: string): void {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
  execFileSync('openssl', [...args, ...subject, ...files], { stdio: 'ignore' })
}

/** Asks as the owner of a certificate, or of none. @returns the status */
async function asClient(url: string, folder: string, name: string | undefined): Promise<number> {
  const read = (path: string): Promise<Buffer> => readFile(join(folder, path))
  const own = name === undefined ? {} : { cert: await read(`${name}.pem`), key: await read(`${name}.key`) }
  const ca = await read('server.pem')
  return await new Promise((resolve, reject) => {
    const sent = request(`${url}/info`, { ca, ...own, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}
