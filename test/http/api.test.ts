import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HttpRoute } from '@vpp-ts/http'
import { Served, allLines, eventsOf, generatedRoutes } from './fixture.ts'

const MODULES = ['interface', 'ip', 'ip_neighbor', 'memclnt', 'tracedump', 'vlib', 'vpe']

let generated: HttpRoute[]
const cleanUp: AsyncDisposable[] = []

async function start(...options: Parameters<typeof Served.start>): Promise<Served> {
  const served = await Served.start(...options)
  cleanUp.push(served)
  return served
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as Record<string, unknown>
}

beforeAll(async () => {
  generated = await generatedRoutes(MODULES)
}, 60_000)

afterEach(async () => {
  for (const item of cleanUp.splice(0)) await item[Symbol.asyncDispose]()
})

describe.each([
  ['generated routes', true],
  ['the routes of a live VPP', false],
])('%s', (_name, isGenerated) => {
  const serve = (options: Parameters<typeof Served.start>[0] = {}, ...more: [object?]) =>
    start({ ...(isGenerated ? { routes: generated } : {}), ...options }, ...more)

  it('answer a request with the reply', async () => {
    const served = await serve()
    const response = await served.post('/vpe/show_version')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({ retval: 0, program: 'vpe' })
  })

  it('take and give the JSON form of values', async () => {
    const served = await serve()
    const created = await served.post('/interface/create_loopback', { macAddress: '02:fe:00:00:00:07' })
    const { swIfIndex } = (await created.json()) as { swIfIndex: number }
    const up = { swIfIndex, flags: ['IF_STATUS_API_FLAG_ADMIN_UP'] }
    expect((await served.post('/interface/sw_interface_set_flags', up)).status).toBe(200)
    const lines = await allLines(await served.post('/interface/sw_interface_dump', {}))
    expect(lines.find((line) => line['swIfIndex'] === swIfIndex)).toMatchObject({
      l2Address: '02:fe:00:00:00:07',
      flags: expect.arrayContaining(['IF_STATUS_API_FLAG_ADMIN_UP']) as unknown,
    })
  })

  it('end a stream with the reply', async () => {
    const served = await serve({}, { pageSize: 1 })
    const lines = await allLines(await served.post('/ip/ip_path_mtu_get'))
    expect(lines.at(-1)).toMatchObject({ $reply: { retval: 0 } })
  })

  it('say what VPP says when it refuses', async () => {
    const served = await serve()
    const response = await served.post('/interface/sw_interface_set_flags', { swIfIndex: 99 })
    expect(response.status).toBe(422)
    expect(await problemOf(response)).toMatchObject({
      status: 422,
      title: 'Unprocessable Entity',
      code: 'VPP_API_ERROR',
      name: 'INVALID_SW_IF_INDEX',
      retval: -2,
    })
  })

  it.each([
    ['a property that is none', { nonsense: 1 }, 'nonsense'],
    ['a wrong type', { swIfIndex: 'one' }, 'swIfIndex'],
    ['a number out of range', { swIfIndex: 2 ** 32 }, 'swIfIndex'],
    ['an unknown name', { flags: ['UP'] }, 'flags'],
    ['no object', [], ''],
    ['an interface that is left out', { flags: ['IF_STATUS_API_FLAG_ADMIN_UP'] }, 'swIfIndex'],
  ])('refuse %s, and say where', async (_what, body, path) => {
    const served = await serve()
    const response = await served.post('/interface/sw_interface_set_flags', body)
    expect(response.status).toBe(400)
    expect(await problemOf(response)).toMatchObject({ code: 'VPP_ENCODE', path })
  })

  it('give no access to what makes or ends the connection', async () => {
    const served = await serve()
    expect((await served.post('/memclnt/sockclnt_delete', { index: 0 })).status).toBe(404)
  })

  it('tell where a message is that is looked for elsewhere', async () => {
    const served = await serve()
    const { detail } = await problemOf(await served.post('/ip/show_version'))
    expect(detail).toContain('it is at /vpe/show_version')
  })

  it('send events until the client leaves, and then take the subscription back', async () => {
    const served = await serve()
    const left = new AbortController()
    const response = await fetch(`${served.server.url}/interface/sw_interface_event`, { signal: left.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = eventsOf(response)
    served.simulator.sendEvent('sw_interface_event', { swIfIndex: 3, deleted: true })
    const { value } = await events.next()
    expect(value).toMatchObject({ event: 'sw_interface_event', data: { swIfIndex: 3, deleted: true } })
    const gone = served.simulator.requests.next('want_interface_events')
    left.abort()
    expect((await gone).request).toMatchObject({ enableDisable: 0 })
  })

  it('ask for events with what the query says', async () => {
    const served = await serve()
    const want = encodeURIComponent(JSON.stringify({ ip: '10.0.0.1', swIfIndex: 5 }))
    const response = await fetch(`${served.server.url}/ip_neighbor/ip_neighbor_event_v2?want=${want}`)
    expect(response.status).toBe(200)
    const asked = served.simulator.requests.of('want_ip_neighbor_events_v2').at(-1)
    expect(asked?.request).toMatchObject({ ip: '10.0.0.1', swIfIndex: 5, enable: true })
    await response.body?.cancel()
    const refused = await fetch(`${served.server.url}/ip_neighbor/ip_neighbor_event_v2?want={"ip":1}`)
    expect(await problemOf(refused)).toMatchObject({ status: 400, code: 'VPP_ENCODE', path: 'ip' })
  })

  it('serve their own OpenAPI document', async () => {
    const served = await serve({ version: '26.06', title: 'mine' })
    const document = (await (await fetch(`${served.server.url}/openapi.json`)).json()) as {
      info: object
      paths: Record<string, object>
    }
    expect(document.info).toEqual({ title: 'mine', version: '26.06' })
    expect(document.paths['/vpe/show_version']).toHaveProperty('post')
    expect(document.paths['/interface/sw_interface_event']).toHaveProperty('get')
    expect(Object.keys(document.paths).filter((path) => path.includes('sockclnt'))).toEqual([])
  })
})
