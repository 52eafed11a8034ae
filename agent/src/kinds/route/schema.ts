import { z } from 'zod'
import { address, interfaceName, prefix, tableId, whole } from '../../model/fields.ts'
import { familyOf, isLinkLocal } from '../../model/ip.ts'

/** One way that packets of a route may take. */
export interface RoutePath {
  readonly nextHop?: string | undefined
  readonly interface?: string | undefined
  readonly table?: number | undefined
  readonly labels?: readonly MplsLabel[] | undefined
  readonly weight: number
  readonly preference: number
}

/** An MPLS label that packets get. */
export interface MplsLabel {
  readonly label: number
  readonly ttl: number
  readonly exp: number
}

/** Labels below are of a meaning of their own; 3 is "implicit null": none is put on. */
const label = whole(0, 0xf_ffff).describe('Label.')

const mplsLabel = z
  .union([
    label,
    z.strictObject({
      label,
      ttl: whole(0, 255).default(0).describe('0: VPP uses 255.'),
      exp: whole(0, 7).default(0).describe('Traffic class.'),
    }),
  ])
  .transform((it): MplsLabel => (typeof it === 'number' ? { label: it, ttl: 0, exp: 0 } : it))

/** A path of a route, as callers write it. */
export const routePath = z
  .strictObject({
    nextHop: address
      .optional()
      .describe("Address of the next hop; without an interface it is resolved in the route's table."),
    interface: interfaceName
      .optional()
      .describe('Interface of the next hop; without a next hop the network is directly connected.'),
    table: tableId
      .optional()
      .describe(
        "Table in which the next hop is resolved, default: the route's; without a next hop and interface, packets are looked up again in this table.",
      ),
    labels: z
      .array(mplsLabel)
      .min(1)
      .max(16, 'expected at most 16 labels')
      .optional()
      .describe('MPLS labels pushed onto packets, the outermost first.'),
    weight: whole(1, 255).default(1).describe('Share of the packets among paths of the same preference.'),
    preference: whole(0, 255).default(0).describe('The working paths with the lowest number are used.'),
  })
  // The address of all zeros is how VPP writes "no next hop".
  .transform((it): RoutePath => {
    const { nextHop, ...rest } = it
    return nextHop === '0.0.0.0' || nextHop === '::' ? rest : it
  })
  .refine((it) => it.nextHop !== undefined || it.interface !== undefined || it.table !== undefined, {
    message: 'expected nextHop (other than 0.0.0.0 and ::), interface or both; or table',
  })
  .refine((it) => it.table === undefined || it.interface === undefined, {
    path: ['table'],
    message: 'a next hop on an interface is not looked up; remove table or interface',
  })
  .refine((it) => it.nextHop === undefined || it.interface !== undefined || !isLinkLocal(it.nextHop), {
    path: ['interface'],
    message: 'expected the interface of the link-local next hop',
  })

export const routeSchema = z
  .strictObject({
    kind: z.literal('route'),
    table: tableId.default(0),
    prefix,
    paths: z
      .array(routePath)
      .max(255, 'expected at most 255 paths')
      .default([])
      .describe('Paths of the packets.'),
    drop: z.boolean().default(false).describe('Packets to the network are dropped.'),
    reject: z
      .enum(['unreachable', 'prohibit'])
      .optional()
      .describe('Packets to the network are dropped, and an ICMP error is sent: unreachable, or prohibited.'),
    local: z.literal(true).optional().describe('Packets to the network are for VPP itself.'),
  })
  .refine(
    (route) => [route.paths.length > 0, route.drop, route.reject, route.local].filter(Boolean).length === 1,
    {
      path: ['paths'],
      message: 'expected at least one path, or one of drop: true, reject and local: true',
    },
  )
  .refine((route) => route.paths.every((it) => it.table !== route.table || it.nextHop !== undefined), {
    path: ['paths'],
    message: "expected a table other than the route's",
  })
  .refine(
    (route) =>
      route.paths.every(
        ({ nextHop }) => nextHop === undefined || familyOf(nextHop) === familyOf(route.prefix),
      ),
    { path: ['paths'], message: 'expected next hops of the family of the prefix' },
  )
  .meta({
    description: 'A route: `paths`, `drop: true`, `reject` or `local: true`.',
    examples: [
      { kind: 'route', prefix: '0.0.0.0/0', paths: [{ nextHop: '192.0.2.254' }] },
      {
        kind: 'route',
        prefix: '198.51.100.0/24',
        table: 10,
        paths: [
          { nextHop: '192.0.2.7', interface: 'lan', weight: 2 },
          { nextHop: '192.0.2.8', interface: 'lan' },
        ],
      },
      { kind: 'route', prefix: '203.0.113.0/24', drop: true },
    ],
  })

/** A route. */
export type RouteItem = z.infer<typeof routeSchema>
/** What callers give for a route. */
export type RouteInput = z.input<typeof routeSchema>
