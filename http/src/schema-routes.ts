import { isServable } from '@vpp-ts/binapi-generator/openapi'
import { VppError } from '@vpp-ts/runtime'
import type { Schema, Service } from '@vpp-ts/runtime/dynamic'
import type { HttpRoute, RouteSource } from './route.ts'

/**
 * Routes of a schema that was loaded at run time. A message whose definition is broken is left out of the list; who asks
 * for it hears why.
 */
export function schemaRoutes(schema: Schema): RouteSource {
  let list: readonly HttpRoute[] | undefined
  const services = new Map<string, Service>()
  for (const module of schema.modules())
    for (const name of schema.messages(module)) {
      const service = serviceOf(schema, name)
      if (service !== undefined && isServable(name)) services.set(name, service)
    }
  const eventOwners = new Map(
    [...services.values()].flatMap(({ module, events }) => events.map((event) => [event, module] as const)),
  )
  const find = (module: string, name: string): HttpRoute | undefined => {
    if (services.get(name)?.module === module) return { module, name, method: schema.method(name) }
    if (eventOwners.get(name) === module) return { module, name, method: schema.event(name) }
    return undefined
  }
  return {
    find,
    moduleOf: (name) => services.get(name)?.module ?? eventOwners.get(name),
    all: () => (list ??= allOf(services, eventOwners, find)),
  }
}

/** The service of a request; undefined for other messages, and where the definition contradicts itself. */
function serviceOf(schema: Schema, name: string): Service | undefined {
  return unlessBroken(() => schema.service(name))
}

function allOf(
  services: ReadonlyMap<string, Service>,
  eventOwners: ReadonlyMap<string, string>,
  find: RouteSource['find'],
): HttpRoute[] {
  const names = [...[...services].map(([name, { module }]) => [name, module] as const), ...eventOwners]
  return names.flatMap(([name, module]) => unlessBroken(() => find(module, name)) ?? [])
}

function unlessBroken<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof VppError && error.code === 'VPP_SCHEMA') return undefined
    throw error
  }
}
