import type { RpcConnection } from '@vpp-ts/runtime'
import { VppHttpError } from './errors.ts'
import { routeTable, type HttpRoute, type RouteSource } from './route.ts'
import { Guard, guardProblem, type GuardOptions } from './server/guard.ts'

/** Options of an API over HTTP. */
export interface HttpApiOptions extends GuardOptions {
  /** Where requests go. */
  readonly vpp: RpcConnection
  /** What is served: routes of generated modules, `schemaRoutes` or `LiveRoutes`. */
  readonly routes: Iterable<HttpRoute> | RouteSource
  /** Path below which the routes are, such as `/api`. Default: none. */
  readonly prefix?: string | undefined
  /** Bytes that the body of a request may have. Default 1 MiB. */
  readonly bodyLimit?: number | undefined
  /** Milliseconds until a call fails with status 504. Default: that of the connection. */
  readonly timeout?: number | undefined
  /** Milliseconds between the comments that keep event streams alive. Default 15,000. */
  readonly heartbeat?: number | undefined
  /** Title of the OpenAPI document. Default `FD.io VPP`. */
  readonly title?: string | undefined
  /** Version in the OpenAPI document, such as VPP's release. Default `unknown`. */
  readonly version?: string | undefined
  /** Bytes that may wait for slow clients, all responses together; the one with most is disconnected. Default 64 MiB. */
  readonly backlogLimit?: number | undefined
  /**
   * Called for internal errors, of which clients see status 500 or `$problem`, and of
   * clients that were disconnected (`HTTP_SLOW_CLIENT`). Default: a warning.
   */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** Bytes of a mebibyte. */
export const MIB = 1024 * 1024

/** Longest time of a timer, in milliseconds: with a longer one it rings at once, and again and again. */
const LARGEST_OPTION = 2 ** 31 - 1

/** @throws VppHttpError `HTTP_OPTION` */
export function guardOf(options: GuardOptions): Guard {
  const problem = guardProblem(options)
  if (problem !== undefined) throw new VppHttpError('HTTP_OPTION', problem)
  return new Guard(options)
}

/** Routes as a source of them. */
export function routesOf({ routes }: HttpApiOptions): RouteSource {
  return 'find' in routes && 'all' in routes ? routes : routeTable(routes)
}

/** An option that is a number. @throws VppHttpError `HTTP_OPTION` */
export function option<D extends number | undefined>(
  name: string,
  value: number | undefined,
  preset: D,
): number | D {
  if (value === undefined) return preset
  if (value > 0 && value <= LARGEST_OPTION) return value
  throw new VppHttpError(
    'HTTP_OPTION',
    `${name}: expected a number above 0, at most ${LARGEST_OPTION}, received ${value}`,
  )
}

/** @throws VppHttpError `HTTP_OPTION` for what is not a path */
export function prefixOf(prefix: string): string {
  if (/^(\/[\w.~-]+)*$/.test(prefix)) return prefix
  throw new VppHttpError(
    'HTTP_OPTION',
    `prefix: expected a path such as "/api", received ${JSON.stringify(prefix)}`,
  )
}

/** Default handling of internal errors. */
export function warn(error: unknown): void {
  process.emitWarning(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    'VppHttpWarning',
  )
}
