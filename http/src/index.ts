/**
 * VPP's API over HTTP: a route for every message, dumps as lines of JSON, events as server-sent events, an OpenAPI 3.1
 * document. The plugin for fastify is `@vpp-ts/http/fastify`.
 */
export { VppHttpError, type HttpErrorCode } from './errors.ts'
export { HttpApi } from './http-api.ts'
export { LiveRoutes } from './live-routes.ts'
export type { HttpApiOptions } from './options.ts'
export { routeTable, type HttpMethod, type HttpRoute, type RouteSource } from './route.ts'
export { schemaRoutes } from './schema-routes.ts'
export { serveLive, type LiveServer, type ServeLiveOptions } from './serve-live.ts'
export { serve, type HttpServer, type ServeOptions } from './serve.ts'
export type { GuardOptions } from './server/guard.ts'
export type { Problem } from './server/problem.ts'
