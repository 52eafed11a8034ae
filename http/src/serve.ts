import { once } from 'node:events'
import { createServer } from 'node:http'
import { isIP, type AddressInfo } from 'node:net'
import { VppHttpError } from './errors.ts'
import { HttpApi } from './http-api.ts'
import type { HttpApiOptions } from './options.ts'
import { isLoopback } from './server/guard.ts'

/** Options of a server. */
export interface ServeOptions extends HttpApiOptions {
  /** Address to listen on. Default `127.0.0.1`; one that other machines can reach requires a token. */
  readonly host?: string | undefined
  /** Port; 0 for any that is free. Default 8080. */
  readonly port?: number | undefined
}

/** A server that is up. */
export interface HttpServer extends AsyncDisposable {
  /** Where it is reached. */
  readonly url: string
  /** Ends all that is under way, and the server. */
  close(): Promise<void>
}

/**
 * Serves VPP's API on its own port.
 * @throws VppHttpError `HTTP_TOKEN_NEEDED` for an address that other machines can reach, `HTTP_LISTEN`, `HTTP_OPTION`
 */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', port = 8080, token } = options
  if (token === undefined && host !== 'localhost' && !isLoopback(host)) {
    throw new VppHttpError(
      'HTTP_TOKEN_NEEDED',
      `other machines may reach ${host}: set a token, or listen on 127.0.0.1`,
    )
  }
  const api = new HttpApi(options)
  const server = createServer(api.handle)
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new VppHttpError('HTTP_LISTEN', `cannot listen on ${host} port ${port}: ${reason}`, {
      cause: error,
    })
  }
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    await api.close()
    server.closeAllConnections()
    await closed
  }
  const { address, port: bound } = server.address() as AddressInfo
  const name = isIP(address) === 6 ? `[${address}]` : address
  return { url: `http://${name}:${bound}${options.prefix ?? ''}`, close, [Symbol.asyncDispose]: close }
}
