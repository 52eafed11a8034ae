import type { FastifyPluginCallback } from 'fastify'
import { HttpApi } from './http-api.ts'
import type { HttpApiOptions } from './options.ts'

/**
 * VPP's API as a plugin of fastify: `app.register(vppHttp, { prefix: '/vpp', vpp, routes })`. Hooks of the application
 * run before; bodies are read by the plugin itself, within its own limit.
 */
export const vppHttp: FastifyPluginCallback<Omit<HttpApiOptions, 'prefix'>> = (app, options, done) => {
  let api: HttpApi
  try {
    api = new HttpApi({ ...options, prefix: app.prefix.replace(/\/$/, '') })
  } catch (error) {
    done(error as Error)
    return
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null)
  })
  app.all('/*', (request, reply) => {
    reply.hijack()
    api.handle(request.raw, reply.raw)
  })
  app.addHook('preClose', (closed) => {
    void api.close()
    closed()
  })
  done()
}
