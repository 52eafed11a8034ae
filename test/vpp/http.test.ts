import { Validator } from '@seriousme/openapi-schema-validator'
import { serveLive, type LiveServer } from '@vpp-ts/http'
import { VppConnection } from '@vpp-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allLines, eventsOf } from '../http/fixture.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

let own: VppProcess
let vpp: VppConnection
let server: LiveServer

function post(path: string, body: object = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

describe('a real VPP over HTTP', () => {
  beforeAll(async () => {
    if (vppBinary === undefined) throw new Error('no VPP to start: set VPP_BINARY and VPP_PLUGIN_PATH')
    own = await VppProcess.start(vppBinary, vppPlugins)
    vpp = VppConnection.managed(own.apiSocket, { whenDown: 'reject' })
    server = await serveLive(vpp, { port: 0 })
  }, 60_000)

  afterAll(async () => {
    await server?.close()
    await vpp?.close()
    await own?.[Symbol.asyncDispose]()
  })

  it('describes all that it has', async () => {
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as Record<string, object>
    expect(Object.keys(document['paths'] ?? {}).length).toBeGreaterThan(500)
    const { valid, errors } = await new Validator().validate({ ...document })
    expect(errors).toBe(undefined)
    expect(valid).toBe(true)
  })

  it('takes calls, dumps and events in one piece', async () => {
    const { swIfIndex } = (await (await post('/interface/create_loopback')).json()) as { swIfIndex: number }
    const events = eventsOf(await fetch(`${server.url}/interface/sw_interface_event`))
    const flags = ['IF_STATUS_API_FLAG_ADMIN_UP']
    expect((await post('/interface/sw_interface_set_flags', { swIfIndex, flags })).status).toBe(200)
    expect((await events.next()).value).toMatchObject({
      event: 'sw_interface_event',
      data: { swIfIndex, flags: expect.arrayContaining(flags) as unknown },
    })
    await events.return(undefined)
    const lines = await allLines(await post('/interface/sw_interface_dump'))
    expect(lines).toContainEqual(expect.objectContaining({ swIfIndex, interfaceName: 'loop0' }))
  })

  it('says what VPP says when it refuses', async () => {
    const refused = await post('/interface/sw_interface_set_flags', { swIfIndex: 4711 })
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ name: 'INVALID_SW_IF_INDEX', retval: -2 })
  })

  it('is away while VPP is, and back with it', async () => {
    await own.kill()
    await expect.poll(async () => (await post('/vpe/show_version')).status, { timeout: 10_000 }).toBe(503)
    await own.launch()
    await expect.poll(async () => (await post('/vpe/show_version')).status, { timeout: 30_000 }).toBe(200)
  }, 60_000)
})
