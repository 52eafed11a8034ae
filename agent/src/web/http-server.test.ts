import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { listen, makeHttpServer } from './http-server.ts'

describe('a connection that nothing goes over', () => {
  it('is kept while a request is worked on, and closed when an answer is stuck', async () => {
    const config = { address: '127.0.0.1', port: 0, 'request-timeout': 30_000, 'rate-limit': 1000 }
    const app = await makeHttpServer(config as never, pino({ level: 'silent' }))
    app.get('/work', async (request) => {
      request.raw.socket.setTimeout(20)
      await once(request.raw.socket, 'timeout')
      return { done: true }
    })
    app.get('/stuck', (request, reply) => {
      request.raw.socket.setTimeout(20)
      return reply.send(Readable.from(stuck(), { objectMode: false }))
    })
    const url = await listen(app, config as never)
    try {
      const answer = await fetch(`${url}/work`)
      expect(await answer.json()).toEqual({ done: true })
      await expect(fetch(`${url}/stuck`).then((it) => it.text())).rejects.toThrow()
    } finally {
      await app.close()
    }
  })
})

async function* stuck(): AsyncGenerator<string, void> {
  yield 'begin'
  await new Promise(() => undefined)
}
