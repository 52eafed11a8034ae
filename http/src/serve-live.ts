import type { VppConnection } from '@vpp-ts/runtime'
import { LiveRoutes } from './live-routes.ts'
import { serve, type HttpServer, type ServeOptions } from './serve.ts'

/** Options of a server of all that a VPP has. */
export type ServeLiveOptions = Omit<ServeOptions, 'vpp' | 'routes'>

/** A server of all that a VPP has. */
export interface LiveServer extends HttpServer {
  /** VPP's version, as `26.06-release`; undefined when it reports none. */
  readonly version: string | undefined
  /** What is served. */
  readonly routes: LiveRoutes
}

/**
 * Serves all messages of the VPP that a connection leads to, and of the one that takes its place. What `vpp-ts http`
 * does. The connection stays the caller's; it should be one that is made again when it is lost.
 * @throws what keeps VPP from telling what it has, and what `serve` throws
 */
export async function serveLive(vpp: VppConnection, options: ServeLiveOptions = {}): Promise<LiveServer> {
  const routes = LiveRoutes.follow(vpp)
  try {
    await routes.ready()
    const version = await versionOf(vpp, routes)
    const server = await serve({ version, ...options, vpp, routes })
    const close = async (): Promise<void> => {
      await Promise.all([routes.close(), server.close()])
    }
    return { url: server.url, version, routes, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await routes.close()
    throw error
  }
}

async function versionOf(vpp: VppConnection, routes: LiveRoutes): Promise<string | undefined> {
  const method = routes.find('vpe', 'show_version')?.method
  if (method?.kind !== 'unary') return undefined
  const { version } = (await vpp.call(method, {})) as { readonly version?: unknown }
  return typeof version === 'string' ? version : undefined
}
