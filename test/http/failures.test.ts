import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  LiveRoutes,
  routeTable,
  serve,
  type HttpRoute,
  type HttpServer,
  type RouteSource,
  type ServeOptions,
} from '@vpp-ts/http'
import { VppConnection, type Dump, type RpcConnection } from '@vpp-ts/runtime'
import { Served, allLines, eventsOf, generatedRoutes, linesOf } from './fixture.ts'

let routes: HttpRoute[]
const cleanUp: AsyncDisposable[] = []

async function start(...[options, simulated]: Parameters<typeof Served.start>): Promise<Served> {
  const served = await Served.start({ routes, ...options }, simulated)
  cleanUp.push(served)
  return served
}

async function codeOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return ((await response.json()) as { code: unknown }).code
}

beforeAll(async () => {
  routes = await generatedRoutes(['interface', 'ip', 'vlib', 'vpe'])
}, 60_000)

afterEach(async () => {
  for (const item of cleanUp.splice(0)) await item[Symbol.asyncDispose]()
})

describe('when VPP', () => {
  it('is away: 503, and when to try again', async () => {
    const served = await start()
    await served.simulator.stop()
    for await (const { status } of served.vpp.states()) if (status !== 'connected') break
    const response = await served.post('/vpe/show_version')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await codeOf(response)).toBe('VPP_NOT_CONNECTED')
    expect((await served.post('/interface/sw_interface_dump')).status).toBe(503)
    await served.simulator.restart()
    for await (const { status } of served.vpp.states()) if (status === 'connected') break
    expect((await served.post('/vpe/show_version')).status).toBe(200)
  })

  it('goes away before it has answered: 503', async () => {
    const served = await start()
    served.simulator.faults.add({ message: 'show_version', effect: { kind: 'disconnect' } })
    const response = await served.post('/vpe/show_version')
    expect(response.status).toBe(503)
    expect(await codeOf(response)).toBe('VPP_CONNECTION_LOST')
  })

  it('does not answer in time: 504', async () => {
    const served = await start({ timeout: 20 })
    served.simulator.faults.add({ message: 'show_version', effect: { kind: 'ignore' } })
    const response = await served.post('/vpe/show_version')
    expect(response.status).toBe(504)
    expect(await codeOf(response)).toBe('VPP_REPLY_TIMEOUT')
  })

  it('does not have the message: 501', async () => {
    const served = await start({}, { release: '24.10' })
    const response = await served.post('/ip/ip_mtable_dump')
    const all = await Promise.all(
      routes
        .filter(({ method }) => method.kind === 'unary')
        .map(async ({ module, name }) => (await served.post(`/${module}/${name}`)).status),
    )
    expect(response.status).toBe(200)
    expect(all.filter((status) => status === 501).length).toBeGreaterThan(0)
  })

  it('would crash of it: 403, and nothing is sent unless that is asked for', async () => {
    const served = await start()
    const bier = { route: { prefix: '10.0.0.0/8', paths: [{ swIfIndex: 1, type: 4 }] } }
    for (const [path, body] of [
      ['/vlib/get_node_graph', {}],
      ['/ip/ip_route_add_del', bier],
    ] as const) {
      const refused = await served.post(path, body)
      expect([path, refused.status, await codeOf(refused)]).toEqual([path, 403, 'VPP_HAZARD'])
      expect([path, (await served.post(`${path}?force=true`, body)).status === 403]).toEqual([path, false])
    }
  })

  it('answers with what cannot be read: 502', async () => {
    const served = await start()
    const id = served.simulator.idOf('ip_table_add_del_reply') ?? 0
    // A reply of another length: one that is laid out alike would be taken for what was asked.
    served.simulator.faults.add({ message: 'show_threads', effect: { kind: 'id', id } })
    const response = await served.post('/vlib/show_threads')
    expect([response.status, await codeOf(response)]).toEqual([502, 'VPP_UNEXPECTED_REPLY'])
  })

  it('refuses a dump before the first line: a status, no stream', async () => {
    const served = await start()
    served.simulator.faults.add({ message: 'ip_path_mtu_get', effect: { kind: 'retval', retval: -2 } })
    const response = await served.post('/ip/ip_path_mtu_get')
    expect(response.status).toBe(422)
  })

  it('goes away within a dump: the last line says so, and the response does not end as a whole one', async () => {
    const served = await start({}, { pageSize: 2 })
    served.simulator.on('ip_path_mtu_get', () => [
      { pmtu: { pathMtu: 1 } },
      { pmtu: { pathMtu: 2 } },
      { pmtu: { pathMtu: 3 } },
    ])
    served.simulator.faults.add({ message: 'ip_path_mtu_get', after: 1, effect: { kind: 'disconnect' } })
    const response = await served.post('/ip/ip_path_mtu_get')
    expect(response.status).toBe(200)
    const lines: Record<string, unknown>[] = []
    const read = async () => {
      for await (const line of linesOf(response)) lines.push(line)
    }
    await expect(read()).rejects.toThrow()
    expect(lines.slice(0, 2)).toMatchObject([{ pmtu: { pathMtu: 1 } }, { pmtu: { pathMtu: 2 } }])
    expect(lines[2]).toMatchObject({ $problem: { status: 503, code: 'VPP_CONNECTION_LOST' } })
  })

  it('does not agree to events: a status, no stream', async () => {
    const served = await start()
    served.simulator.faults.add({ message: 'want_interface_events', effect: { kind: 'retval', retval: -9 } })
    const response = await fetch(`${served.server.url}/interface/sw_interface_event`)
    expect(response.status).toBe(422)
    expect(await codeOf(response)).toBe('VPP_API_ERROR')
  })

  it('comes back, events go on', async () => {
    const served = await start()
    const events = eventsOf(await fetch(`${served.server.url}/interface/sw_interface_event`))
    const asked = served.simulator.requests.next('want_interface_events')
    await served.simulator.restart()
    await asked
    served.simulator.sendEvent('sw_interface_event', { swIfIndex: 8 })
    expect((await events.next()).value).toMatchObject({ data: { swIfIndex: 8 } })
    await events.return(undefined)
  })
})

describe('event streams', () => {
  it('have a heartbeat', async () => {
    const served = await start({ heartbeat: 5 })
    const response = await fetch(`${served.server.url}/interface/sw_interface_event`)
    const reader = response.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    expect(Buffer.from(value ?? []).toString()).toMatch(/^(: still here\n\n)+$/)
    await reader?.cancel()
  })

  it('end when the connection is closed for good', async () => {
    const served = await start()
    const events = eventsOf(await fetch(`${served.server.url}/interface/sw_interface_event`))
    await served.vpp.close()
    expect(await events.next()).toMatchObject({ done: true })
  })
})

/** A connection that does what a test has it do. */
function connectionWith(parts: Partial<RpcConnection>): RpcConnection {
  return parts as RpcConnection
}

/** Details without end; tells when the reader has left. */
function endless(): { dump: RpcConnection['dump']; left: Promise<void>; taken: () => number } {
  let taken = 0
  let leave = (): void => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  async function* details(): AsyncGenerator<object> {
    try {
      for (;;) yield { taken: taken++, text: 'x'.repeat(100) }
    } finally {
      leave()
    }
  }
  const dump = (): Dump<never> => details() as unknown as Dump<never>
  return { dump, left, taken: () => taken }
}

describe('a client', () => {
  async function serveFake(
    parts: Partial<RpcConnection>,
    options: Partial<ServeOptions> = {},
  ): Promise<HttpServer> {
    const server = await serve({ port: 0, routes, vpp: connectionWith(parts), ...options })
    cleanUp.push(server)
    return server
  }

  async function postRaw(server: HttpServer, path: string): Promise<Socket> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`)
    await once(socket, 'readable')
    return socket
  }

  it('that does not read stops a dump in pages, and nobody else', async () => {
    const { dump, left, taken } = endless()
    const stream = () => Object.assign(dump(undefined as never, {}), { reply: Promise.resolve({}) })
    const server = await serveFake({ stream: stream as unknown as RpcConnection['stream'] })
    const socket = await postRaw(server, '/ip/ip_path_mtu_get')
    const document = await fetch(`${server.url}/openapi.json`)
    expect(document.status).toBe(200)
    expect(taken()).toBeLessThan(1_000_000)
    socket.destroy()
    await left
  })

  it('that does not read is cut off when too much waits for it; those that read get theirs', async () => {
    const failures: unknown[] = []
    const { dump, left, taken } = endless()
    let asked = 0
    async function* some(): AsyncGenerator<object> {
      for (let n = 0; n < 20_000; n++) yield { n, text: 'x'.repeat(100) }
    }
    const either = (): Dump<never> =>
      asked++ === 0 ? dump(undefined as never, {}) : (some() as unknown as Dump<never>)
    const onFailure = (error: unknown): void => void failures.push(error)
    const server = await serveFake({ dump: either }, { onFailure, backlogLimit: 8 * 2 ** 20 })
    const socket = await postRaw(server, '/interface/sw_interface_dump')
    const closed = once(socket, 'close')
    expect(
      await allLines(await fetch(`${server.url}/interface/sw_interface_dump`, { method: 'POST' })),
    ).toHaveLength(20_000)
    await left
    expect(failures).toMatchObject([{ code: 'HTTP_SLOW_CLIENT' }])
    // Eight megabytes, what the kernel holds, and what is made until others have their turn.
    expect(taken() * 100).toBeLessThan(64 * 2 ** 20)
    // Nobody takes what came for the whole: there is no last chunk.
    let received = ''
    socket.on('data', (bytes: Buffer) => {
      received = bytes.toString('latin1').slice(-7)
    })
    await closed
    expect(received).not.toBe('\r\n0\r\n\r\n')
  })

  it('hears of a mistake in mid-stream, and so does the program', async () => {
    const mistake = new Error('secret path /x')
    const failures: unknown[] = []
    async function* details(): AsyncGenerator<object> {
      yield { n: 1 }
      throw mistake
    }
    const dump = (): Dump<never> => details() as unknown as Dump<never>
    const server = await serveFake({ dump }, { onFailure: (error) => failures.push(error) })
    const response = await fetch(`${server.url}/interface/sw_interface_dump`, { method: 'POST' })
    const lines: unknown[] = []
    const read = async () => {
      for await (const line of linesOf(response)) lines.push(line)
    }
    await expect(read()).rejects.toThrow()
    expect(lines).toMatchObject([{ n: 1 }, { $problem: { status: 500, code: 'HTTP_INTERNAL' } }])
    expect(JSON.stringify(lines)).not.toContain('secret')
    expect(failures).toEqual([mistake])
  })

  it('hears of it even when the listener of the program fails', async () => {
    const warned = once(process, 'warning')
    const server = await serveFake(
      { call: () => Promise.reject(new Error('one mistake')) },
      {
        onFailure: () => {
          throw new Error('another')
        },
      },
    )
    const response = await fetch(`${server.url}/vpe/show_version`, { method: 'POST' })
    expect(response.status).toBe(500)
    expect(String(((await warned) as [Error])[0].message)).toContain('another')
  })

  it('that leaves in mid-stream is not a failure', async () => {
    const failures: unknown[] = []
    const { dump, left } = endless()
    const server = await serveFake(
      { dump },
      { onFailure: (error) => failures.push(error), backlogLimit: 2 ** 30 },
    )
    const socket = await postRaw(server, '/interface/sw_interface_dump')
    socket.destroy()
    await left
    expect(failures).toEqual([])
  })

  it('may name fields as VPP does', async () => {
    const asked: object[] = []
    const call = (_method: unknown, body: object) => {
      asked.push(body)
      return Promise.resolve({ retval: 0 })
    }
    const server = await serveFake({ call } as unknown as Partial<RpcConnection>)
    const post = (body: object) =>
      fetch(`${server.url}/interface/sw_interface_set_flags`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post({ sw_if_index: 7 })).status).toBe(200)
    expect(asked).toMatchObject([{ swIfIndex: 7 }])
    const twice = await post({ sw_if_index: 7, swIfIndex: 8 })
    expect(await codeOf(twice)).toBe('HTTP_BODY')
  })

  it('that mistypes a path is answered without looking into every message', async () => {
    let looked = 0
    const listed = routeTable(routes)
    const source: RouteSource = {
      find: (module, name) => listed.find(module, name),
      moduleOf: (name) => listed.moduleOf(name),
      all: () => {
        looked++
        return listed.all()
      },
    }
    const server = await serveFake({}, { routes: source })
    for (const path of ['/ip/show_version', '/show_version']) {
      const response = await fetch(`${server.url}${path}`, { method: 'POST' })
      expect(response.status).toBe(404)
      expect(((await response.json()) as { detail: string }).detail).toContain('it is at /vpe/show_version')
    }
    expect((await fetch(`${server.url}/nowhere/nothing`)).status).toBe(404)
    expect(looked).toBe(0)
  })

  it('that leaves cancels the call', async () => {
    let leave = (): void => {}
    let begin = (): void => {}
    const left = new Promise<void>((resolve) => (leave = resolve))
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const call = (_method: unknown, _request: object, options?: { signal?: AbortSignal | undefined }) =>
      new Promise<never>((_resolve, reject) => {
        begin()
        options?.signal?.addEventListener('abort', () => {
          leave()
          reject(new Error('left'))
        })
      })
    const server = await serveFake({ call })
    const leaving = new AbortController()
    const response = fetch(`${server.url}/vpe/show_version`, { method: 'POST', signal: leaving.signal })
    await begun
    leaving.abort()
    await expect(response).rejects.toThrow()
    await left
  })

  it('hears of a mistake of the server without details of it', async () => {
    const failures: unknown[] = []
    const mistake = new Error('secret path /x')
    const server = await serve({
      port: 0,
      routes,
      vpp: connectionWith({ call: () => Promise.reject(mistake) }),
      onFailure: (error) => failures.push(error),
    })
    cleanUp.push(server)
    const response = await fetch(`${server.url}/vpe/show_version`, { method: 'POST' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(failures).toEqual([mistake])
  })

  it('gets a dump of 100,000 whole', async () => {
    const served = await start()
    served.simulator.on('sw_interface_dump', () =>
      Array.from({ length: 100_000 }, (_, swIfIndex) => ({ swIfIndex })),
    )
    const lines = await allLines(await served.post('/interface/sw_interface_dump'))
    expect(lines.length).toBe(100_000)
    expect(lines.at(-1)).toMatchObject({ swIfIndex: 99_999 })
  })
})

describe('a live VPP that is replaced by another release', () => {
  it('is served with what the other one has', async () => {
    const served = await Served.start({}, { release: '26.06' })
    cleanUp.push(served)
    const count = async () => {
      const document = (await (await fetch(`${served.server.url}/openapi.json`)).json()) as { paths: object }
      return Object.keys(document.paths).length
    }
    const before = await count()
    const asked = served.simulator.requests.next('get_api_json')
    await served.simulator.restart({ release: '24.10' })
    await asked
    await expect.poll(count, { timeout: 5000 }).not.toBe(before)
    expect((await served.post('/vpe/show_version')).status).toBe(200)
  })

  it('is asked again when it did not tell', async () => {
    const served = await Served.start()
    cleanUp.push(served)
    served.simulator.faults.add({ message: 'get_api_json', times: 1, effect: { kind: 'retval', retval: -1 } })
    const asked = served.simulator.requests.next('get_api_json')
    await served.simulator.restart()
    await asked
    const status = async () => (await served.post('/vpe/show_version')).status
    await expect.poll(status, { timeout: 5000 }).toBe(422)
    await expect.poll(status, { timeout: 5000 }).toBe(200)
  })

  it('is not known before it has been there', async () => {
    const vpp = VppConnection.managed('/nonexistent/api.sock', { whenDown: 'reject' })
    const server = await serve({ port: 0, vpp, routes: LiveRoutes.follow(vpp) })
    const response = await fetch(`${server.url}/vpe/show_version`, { method: 'POST' })
    expect(response.status).toBe(503)
    expect((await fetch(`${server.url}/openapi.json`)).status).toBe(503)
    await server.close()
    await vpp.close()
  })
})
