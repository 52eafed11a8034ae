import { isServable } from '@vpp-ts/binapi-generator/openapi'
import type {
  DumpMethod,
  EventMethod,
  OneWayMethod,
  StreamMethod,
  UnaryMethod,
} from '@vpp-ts/runtime/codegen/v1'

/** A method of any kind, as generated clients and schemas have it. */
export type HttpMethod =
  | UnaryMethod<object, unknown>
  | OneWayMethod<object>
  | DumpMethod<object, unknown>
  | StreamMethod<object, unknown, unknown>
  | EventMethod<object, unknown, unknown>

/** A method and where it is found: `POST /<module>/<name>`, or GET for an event. `binapi-gen --gen http` makes them. */
export interface HttpRoute {
  /** Name of the module, such as `ip`. */
  readonly module: string
  /** Wire name of the request, or of the event. */
  readonly name: string
  readonly method: HttpMethod
  /** True for what VPP wants to drop. */
  readonly deprecated?: boolean | undefined
  /** What the API definition says about it. */
  readonly description?: string | undefined
}

/** Where routes come from. */
export interface RouteSource {
  /**
   * The route of a message; undefined when there is none.
   * @throws VppError when it cannot be said at the moment
   */
  find(module: string, name: string): HttpRoute | undefined
  /**
   * The module of a message; undefined when there is none of this name. Cheap, as every mistyped path asks.
   * @throws VppError as `find`
   */
  moduleOf(name: string): string | undefined
  /**
   * All routes: the same array until they change.
   * @throws VppError as `find`
   */
  all(): readonly HttpRoute[]
}

/**
 * Routes of generated modules. Requests that make or end the connection itself are left out.
 * @param routes what modules export as `routes`, joined
 */
export function routeTable(routes: Iterable<HttpRoute>): RouteSource {
  const list = [...routes].filter(({ name }) => isServable(name))
  const modules = new Map(list.map(({ module, name }) => [name, module]))
  const byPath = new Map(list.map((route) => [`${route.module}/${route.name}`, route]))
  return {
    find: (module, name) => byPath.get(`${module}/${name}`),
    moduleOf: (name) => modules.get(name),
    all: () => list,
  }
}
