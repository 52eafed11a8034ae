import { z } from 'zod'
import { address, interfaceName, prefix, tableId, whole } from '../../model/fields.ts'
import { familyOf, isLinkLocal } from '../../model/ip.ts'

/** One way that packets of a route may take. */
export interface RoutePath {
  readonly nextHop?: string | undefined
  readonly interface?: string | undefined
  readonly weight: number
  readonly preference: number
}

const path = z
  .strictObject({
    /** Address of the next hop; without an interface it is looked up in the table of the route. */
    nextHop: address.optional(),
    /** Interface that the next hop is behind; with no next hop the network is on the link. */
    interface: interfaceName.optional(),
    /** Share of the packets among paths of the same preference. */
    weight: whole(1, 255).default(1),
    /** Paths of the smallest number that work are taken. */
    preference: whole(0, 255).default(0),
  })
  // The address of all zeros is how VPP writes "no next hop".
  .transform((it): RoutePath => {
    const { nextHop, ...rest } = it
    return nextHop === '0.0.0.0' || nextHop === '::' ? rest : it
  })
  .refine((it) => it.nextHop !== undefined || it.interface !== undefined, {
    message: 'expected nextHop (other than 0.0.0.0 and ::), interface or both',
  })
  .refine((it) => it.nextHop === undefined || it.interface !== undefined || !isLinkLocal(it.nextHop), {
    path: ['interface'],
    message: 'expected the interface that a link-local next hop is behind',
  })

/** A route: `paths`, or `drop: true`. */
export const routeSchema = z
  .strictObject({
    kind: z.literal('route'),
    table: tableId.default(0),
    prefix,
    paths: z.array(path).max(255, 'expected at most 255 paths').default([]),
    /** Packets of the network are dropped. */
    drop: z.boolean().default(false),
  })
  .refine((route) => route.drop === (route.paths.length === 0), {
    path: ['paths'],
    message: 'expected at least one path, or drop: true and no paths',
  })
  .refine(
    (route) =>
      route.paths.every(
        ({ nextHop }) => nextHop === undefined || familyOf(nextHop) === familyOf(route.prefix),
      ),
    { path: ['paths'], message: 'expected next hops of the family of the prefix' },
  )

/** A route. */
export type RouteItem = z.infer<typeof routeSchema>
/** What callers give for a route. */
export type RouteInput = z.input<typeof routeSchema>
