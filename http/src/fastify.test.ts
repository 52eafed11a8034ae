import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vppHttp } from './fastify.ts'
import { DemoVpp, demoRoutes } from './testing/demo.ts'

let vpp: DemoVpp
let app: FastifyInstance
let url: string

beforeEach(async () => {
  vpp = new DemoVpp()
  app = fastify()
  await app.register(vppHttp, { prefix: '/vpp', routes: demoRoutes(), vpp: vpp.connection })
  app.post('/own', (request) => ({ got: request.body }))
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})

afterEach(async () => {
  await app.close()
})

function post(path: string, body: object = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

describe('the plugin for fastify', () => {
  it('serves calls, dumps and refusals below its prefix', async () => {
    expect(await (await post('/vpp/demo/poke', { strength: 3 })).json()).toEqual({ retval: 0 })
    expect(vpp.requests).toMatchObject([{ strength: 3 }])
    expect(await (await post('/vpp/demo/poke_dump')).text()).toBe('{"total":"1"}\n{"total":"2"}\n')
    const refused = await post('/vpp/demo/poke', { strength: { very: true }, more: 1 })
    expect(await refused.json()).toMatchObject({ status: 400, path: 'more' })
    expect((await post('/demo/poke')).status).toBe(404)
  })

  it('leaves the bodies of other routes to the application', async () => {
    expect(await (await post('/own', { a: 1 })).json()).toEqual({ got: { a: 1 } })
  })

  it('describes itself below its prefix', async () => {
    const { paths } = (await (await fetch(`${url}/vpp/openapi.json`)).json()) as { paths: object }
    expect(Object.keys(paths)).toEqual([
      '/vpp/demo/poke',
      '/vpp/demo/poke_dump',
      '/vpp/demo/want_pokes',
      '/vpp/demo/poke_event',
    ])
  })

  it('lets hooks of the application decide who may', async () => {
    const guarded = fastify()
    guarded.addHook('onRequest', async (_request, reply) => reply.code(418).send('no'))
    await guarded.register(vppHttp, { routes: demoRoutes(), vpp: vpp.connection })
    const at = await guarded.listen({ port: 0, host: '127.0.0.1' })
    expect((await fetch(`${at}/demo/poke`, { method: 'POST' })).status).toBe(418)
    expect(vpp.requests).toEqual([])
    await guarded.close()
  })

  it('ends streams when the application closes', async () => {
    const response = await fetch(`${url}/vpp/demo/poke_event`)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toBe('event: poke_event\ndata: {"pid":7}\n\n')
    await app.close()
    await vpp.left
    await expect(reader?.read()).rejects.toThrow()
  })
})
