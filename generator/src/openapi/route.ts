import type { MessageShape } from './shape.ts'

/** A message class, or a description of one. */
export interface Described {
  readonly descriptor: MessageShape
}

/** A method as data, as generated clients have it. */
export type MethodShape =
  | { readonly kind: 'unary'; readonly request: Described; readonly reply: Described }
  | { readonly kind: 'one-way'; readonly request: Described }
  | { readonly kind: 'dump'; readonly request: Described; readonly details: Described }
  | {
      readonly kind: 'stream'
      readonly request: Described
      readonly reply: Described
      readonly details: Described
    }
  | {
      readonly kind: 'event'
      readonly event: Described
      readonly want?:
        | { readonly request: Described; readonly enable: string; readonly pid?: string | undefined }
        | undefined
    }

/** A method and where it is found: `POST /<module>/<name>`, or GET for an event. */
export interface RouteShape {
  readonly module: string
  /** Wire name of the request, or of the event. */
  readonly name: string
  readonly method: MethodShape
  readonly deprecated?: boolean | undefined
  /** What the API definition says about it. */
  readonly description?: string | undefined
}

/**
 * Requests of memclnt that make, keep or end the connection of a client. Who calls VPP over another client's connection
 * cannot have them.
 */
const CONNECTION_MESSAGES: ReadonlySet<string> = new Set([
  'memclnt_create',
  'memclnt_create_v2',
  'memclnt_delete',
  'memclnt_keepalive',
  'memclnt_read_timeout',
  'memclnt_rx_thread_suspend',
  'rpc_call',
  'rx_thread_exit',
  'sock_init_shm',
  'sockclnt_create',
  'sockclnt_delete',
])

/** True unless a message is about the connection that carries it. */
export function isServable(name: string): boolean {
  return !CONNECTION_MESSAGES.has(name)
}
