import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP, type Server, type Socket } from 'node:net'
import { domainToASCII } from 'node:url'

/** Who may send requests. */
export interface GuardOptions {
  /**
   * Bearer token that every request must carry: 16 visible ASCII characters or more. Without one only this machine may
   * send requests.
   */
  readonly token?: string | undefined
  /** A second token, for requests that change nothing. Of use only beside `token`, and another than that. */
  readonly readToken?: string | undefined
  /** Host names, without ports, by which the server may be called, in addition to `localhost` and addresses. */
  readonly allowedHosts?: readonly string[] | undefined
}

/** What the guard reads of a request. `IncomingMessage` has it, and so has the `raw` request of fastify. */
export interface GuardedRequest {
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, repeated headers included. */
  readonly rawHeaders: readonly string[]
  readonly socket: Socket
}

/** How a request is treated; the strictest by default. */
export interface GuardRules {
  /** Lets other machines in without a token, where something else tells who they are, such as a client certificate. */
  readonly remote?: boolean
  /** The resource is public: every page may link to it, and it needs no token. */
  readonly public?: boolean
  /** The request changes nothing, so that the token for these will do. */
  readonly readOnly?: boolean
}

/** What the sender of a request may do: change things, or only read. */
export type Role = 'operator' | 'reader'

/** Why a request is refused. */
export type RefusalReason = 'token-needed' | 'unauthorized' | 'read-only' | 'host' | 'origin'

/** A refused request. */
export interface Refusal {
  readonly reason: RefusalReason
  /** HTTP status of the response. */
  readonly status: 400 | 401 | 403 | 421
  /** What is wrong, for the client to read. */
  readonly message: string
  /** Headers that the response must have. */
  readonly headers: Readonly<Record<string, string>>
}

const MINIMUM_TOKEN_LENGTH = 16

/** Checks who sends a request, before anything else of it is looked at. */
export class Guard {
  readonly #token: Buffer | undefined
  readonly #readToken: Buffer | undefined
  readonly #hosts: ReadonlySet<string>

  /** @throws RangeError for a token or a host name that no request could match, see {@link guardProblem} */
  constructor(options: GuardOptions) {
    const problem = guardProblem(options)
    if (problem !== undefined) throw new RangeError(problem)
    const { token, readToken, allowedHosts = [] } = options
    this.#token = token === undefined ? undefined : digest(token)
    this.#readToken = readToken === undefined ? undefined : digest(readToken)
    this.#hosts = new Set(allowedHosts.map((host) => domainToASCII(host)))
  }

  /** Why a request must not be served; undefined when it may. */
  refusal(request: GuardedRequest, rules: GuardRules = {}): Refusal | undefined {
    const remote = rules.remote === true || this.#token !== undefined
    if (!remote && !isLocal(request.socket)) {
      return refuse('token-needed', 403, 'without a token this server accepts local requests only')
    }
    const host = this.#hostRefusal(request)
    if (host !== undefined || rules.public === true) return host
    return originRefusal(request) ?? this.#tokenRefusal(request, rules)
  }

  /** What the sender of a request may do, as far as its token says. */
  roleOf(request: Pick<GuardedRequest, 'headers'>): Role {
    return this.#readToken !== undefined && isToken(tokenOf(request), this.#readToken) ? 'reader' : 'operator'
  }

  /**
   * A page whose host name is rebound to this machine (DNS rebinding) counts as of the same origin, but its name is
   * still in the header. Addresses are safe: no name server has a say in them.
   */
  #hostRefusal({ headers, rawHeaders }: GuardedRequest): Refusal | undefined {
    // Node gives the first of several; a proxy on the way may have checked another (RFC 9112, 3.2).
    if (rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length > 1) {
      return refuse('host', 400, 'the request has more than one Host header')
    }
    const { host = '' } = headers
    const name = host
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
    const known =
      isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || this.#hosts.has(name)
    if (known) return undefined
    return refuse('host', 421, `unknown host name ${JSON.stringify(host)}: add it to the allowed hosts`)
  }

  #tokenRefusal(request: GuardedRequest, { readOnly = false }: GuardRules): Refusal | undefined {
    if (this.#token === undefined) return undefined
    const given = tokenOf(request)
    if (isToken(given, this.#token)) return undefined
    if (this.#readToken !== undefined && isToken(given, this.#readToken)) {
      if (readOnly) return undefined
      return refuse('read-only', 403, 'this token may only read; changes need the token of an operator')
    }
    const message =
      given === undefined ? 'the request carries no token (Authorization: Bearer …)' : 'invalid token'
    return refuse('unauthorized', 401, message, { 'www-authenticate': 'Bearer' })
  }
}

function tokenOf({ headers }: Pick<GuardedRequest, 'headers'>): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

function isToken(given: string | undefined, token: Buffer): boolean {
  // Digests are of one length, as the comparison needs, and the time it takes says nothing about the token.
  return given !== undefined && timingSafeEqual(digest(given), token)
}

/**
 * What keeps options from working: a token or a host name that could be guessed or that no request could match.
 * Undefined when there is nothing. The text never contains the token.
 */
export function guardProblem({ token, readToken, allowedHosts = [] }: GuardOptions): string | undefined {
  for (const one of [token, readToken]) {
    if (one !== undefined && one.length < MINIMUM_TOKEN_LENGTH) {
      return `token: ${one.length} characters; use at least ${MINIMUM_TOKEN_LENGTH}, as from "openssl rand -hex 32"`
    }
    if (one !== undefined && !/^[\x21-\x7e]+$/.test(one)) {
      return 'token: has spaces or characters beyond ASCII, which no request can carry; use "openssl rand -hex 32"'
    }
  }
  if (readToken !== undefined && token === undefined) return 'readToken: requires token'
  if (readToken !== undefined && readToken === token) return 'readToken: is the same as token; use another'
  const wrong = allowedHosts.find((host) => !/^[^\s/:?#@\\[\]]+$/.test(host) || domainToASCII(host) === '')
  if (wrong === undefined) return undefined
  return `allowedHosts: expected a host name without scheme and port, such as "vpp.example.net", received ${JSON.stringify(wrong)}`
}

/** True for an address of the machine itself. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address)
}

/**
 * Whether a connection comes from this machine. One without an address is local only when the server listens on a
 * Unix socket: a TCP connection that its client has reset has no address either.
 */
function isLocal(socket: Socket): boolean {
  const { remoteAddress } = socket
  if (remoteAddress !== undefined) return isLoopback(remoteAddress)
  // Node sets it on every connection that a server accepts, and on no other.
  const { server } = socket as Socket & { readonly server?: Server | null }
  const address = server?.address?.()
  // A Unix socket that was handed over as a file descriptor has no name.
  return typeof address === 'string' || (address === null && server?.listening === true)
}

/** A page of another site may send requests here; browsers say where they come from. */
function originRefusal({ headers }: GuardedRequest): Refusal | undefined {
  const { host = '', origin } = headers
  const site = headers['sec-fetch-site']
  const foreign = site === 'cross-site' || site === 'same-site'
  if (!foreign && (origin === undefined || hostOf(origin) === host.toLowerCase())) return undefined
  const whose = origin === undefined ? '' : ` from ${JSON.stringify(origin)}`
  return refuse('origin', 403, `cross-origin request${whose} refused`)
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}

function refuse(
  reason: RefusalReason,
  status: Refusal['status'],
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { reason, status, message, headers }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
