import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { VppHttpError } from './errors.ts'

/** Who may ask. */
export interface GuardOptions {
  /** Bearer token that every request must carry, 16 characters at least. Without one only this machine may ask. */
  readonly token?: string | undefined
  /** Host names, without ports, by which the server may be called beside `localhost` and addresses. */
  readonly allowedHosts?: readonly string[] | undefined
}

const SHORTEST_TOKEN = 16

/** Checks requests before anything of them is looked at. */
export class Guard {
  readonly #token: Buffer | undefined
  readonly #hosts: ReadonlySet<string>

  /** @throws VppHttpError `HTTP_OPTION` for a token that is too short */
  constructor({ token, allowedHosts = [] }: GuardOptions) {
    if (token !== undefined && token.length < SHORTEST_TOKEN) {
      throw new VppHttpError(
        'HTTP_OPTION',
        `token: expected ${SHORTEST_TOKEN} characters at least, received ${token.length}`,
      )
    }
    this.#token = token === undefined ? undefined : digest(token)
    this.#hosts = new Set(allowedHosts.map((host) => host.toLowerCase()))
  }

  /** @throws VppHttpError when the request must not be served */
  check(request: IncomingMessage): void {
    const { host = '', origin, authorization } = request.headers
    if (this.#token === undefined && !isLoopback(request.socket.remoteAddress)) {
      throw new VppHttpError('HTTP_TOKEN_NEEDED', 'without a token this server answers its own machine only')
    }
    this.#checkHost(host)
    // A page of another site may send requests here; browsers say where they come from.
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
      throw new VppHttpError('HTTP_ORIGIN', `pages of ${JSON.stringify(origin)} may not use this server`)
    }
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      throw new VppHttpError('HTTP_ORIGIN', 'pages of other sites may not use this server')
    }
    if (this.#token !== undefined) checkToken(this.#token, authorization)
  }

  /**
   * A page whose name leads to this machine all of a sudden (DNS rebinding) counts as of the same origin, but its name is
   * still in the header. Addresses are safe: no name server has a say in them.
   */
  #checkHost(host: string): void {
    const name = host
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
    const known =
      isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || this.#hosts.has(name)
    if (known) return
    throw new VppHttpError('HTTP_HOST', `this server is not called ${JSON.stringify(host)}: see allowedHosts`)
  }
}

/** True for an address of the machine itself, and for a Unix socket, which has none. */
export function isLoopback(address: string | undefined): boolean {
  return address === undefined || address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address)
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}

/** Digests are of one length, as the comparison needs, and the time it takes says nothing about the token. */
function checkToken(expected: Buffer, authorization: string | undefined): void {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (given !== undefined && timingSafeEqual(digest(given), expected)) return
  const message =
    given === undefined
      ? 'the request carries no token (Authorization: Bearer …)'
      : 'the token is not the right one'
  throw new VppHttpError('HTTP_UNAUTHORIZED', message, { headers: { 'www-authenticate': 'Bearer' } })
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
