import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { RequestError } from './request-error.ts'

/** Marks in a route's `config` what everybody may read: files that say nothing of a network. */
export interface RouteAccess {
  readonly public?: boolean
}

const SHORTEST_TOKEN = 16

/** Decides who may ask, before anything of a request is looked at. */
export class Guard {
  readonly #token: Buffer | undefined
  readonly #hosts: ReadonlySet<string>

  /**
   * @param token that requests must carry, 16 characters at least; undefined: none
   * @param hosts names by which the server may be called beside `localhost` and addresses
   * @throws RangeError for a token that is too short
   */
  constructor(token: string | undefined, hosts: readonly string[]) {
    if (token !== undefined && token.length < SHORTEST_TOKEN) {
      throw new RangeError(
        `the token has ${token.length} characters; use ${SHORTEST_TOKEN} at least, as from "openssl rand -hex 32"`,
      )
    }
    this.#token = token === undefined ? undefined : digest(token)
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()))
  }

  /** @throws RequestError when the request must not be served */
  check(request: FastifyRequest): void {
    this.#checkHost(request.headers.host ?? '')
    // What everybody may read may also be linked to.
    if ((request.routeOptions.config as RouteAccess).public === true) return
    checkOrigin(request)
    if (this.#token !== undefined) checkToken(this.#token, request.headers.authorization)
  }

  /**
   * A page whose name leads to this machine all of a sudden (DNS rebinding) counts as of one origin with the server, but
   * its name is still in the header. Addresses are safe: no name server has a say in them.
   */
  #checkHost(host: string): void {
    const name = host
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
    if (isIP(name) !== 0 || name === 'localhost' || this.#hosts.has(name)) return
    throw new RequestError(
      'AGENT_HOST',
      `this server is not called ${JSON.stringify(host)}; add the name to "hosts"`,
    )
  }
}

/** A page of another site may send requests here; browsers say where they come from. */
function checkOrigin({ headers }: FastifyRequest): void {
  const { host = '', origin } = headers
  const site = headers['sec-fetch-site']
  const foreign = site === 'cross-site' || site === 'same-site'
  if (!foreign && (origin === undefined || hostOf(origin) === host.toLowerCase())) return
  const whose = origin === undefined ? 'other sites' : JSON.stringify(origin)
  throw new RequestError('AGENT_FORBIDDEN', `pages of ${whose} may not use this server`)
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
  throw new RequestError(
    'AGENT_UNAUTHORIZED',
    given === undefined
      ? 'the request carries no token (Authorization: Bearer …)'
      : 'the token is a wrong one',
  )
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
