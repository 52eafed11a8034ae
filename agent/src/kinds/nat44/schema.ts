import { z } from 'zod'
import { interfaceName, ip4Address, port, tableId, whole } from '../../model/fields.ts'
import { countBetween } from './addresses.ts'

/** Endpoint-dependent NAT44 identifies sessions by both ends, the other one only by the inside. */
export const natMode = z.enum(['ed', 'ei'])

/** A mode of NAT44. */
export type Nat44Mode = z.infer<typeof natMode>

/** `any` maps the address with all its ports. */
export const natProtocol = z
  .enum(['any', 'tcp', 'udp', 'icmp'])
  .describe('Protocol of the port; `any`: the whole address.')

const seconds = whole(1, 0xffff_ffff)

/** Seconds after which idle sessions end; omitted ones stay unchanged. */
export const natTimeouts = z.strictObject({
  udp: seconds.optional().describe('Seconds, for UDP.'),
  tcpEstablished: seconds.optional().describe('Seconds, for established TCP connections.'),
  tcpTransitory: seconds.optional().describe('Seconds, for TCP connections being opened or closed.'),
  icmp: seconds.optional().describe('Seconds, for ICMP.'),
})

/** Most addresses of one pool. */
export const MOST_ADDRESSES = 1024

/** Addresses from the first to the last. */
export const addressRange = {
  first: ip4Address.describe('First address of the pool.'),
  last: ip4Address.optional().describe('Last address of the pool; default: the same as the first.'),
}

/** Whether a pool has its first address before its last, and not too many. */
export function isRange({ first, last = first }: { first: string; last?: string | undefined }): boolean {
  const count = countBetween(first, last)
  return count > 0 && count <= MOST_ADDRESSES
}

/** What is said of a pool that is none. */
export const EXPECTED_RANGE = {
  path: ['last'],
  message: `expected an address after "first", and at most ${MOST_ADDRESSES} of them`,
}

const pool = z.union([
  z
    .strictObject({
      ...addressRange,
      table: tableId.optional().describe('Only sessions of this table use them; default: all sessions.'),
      twiceNat: z.boolean().default(false).describe('For the outside hosts of mappings with `twiceNat`.'),
    })
    .refine(isRange, EXPECTED_RANGE),
  z.strictObject({
    interface: interfaceName.describe('The pool consists of the first address of this interface.'),
    twiceNat: z.boolean().default(false).describe('For the outside hosts of mappings with `twiceNat`.'),
  }),
])

const portAllocation = z.discriminatedUnion('method', [
  /** Any port. */
  z.strictObject({ method: z.literal('any') }),
  /** Ports of a port set (RFC 7597). */
  z.strictObject({
    method: z.literal('map-e'),
    psid: whole(0, 65_535).describe('Port set identifier.'),
    psidOffset: whole(0, 15).describe('Bits before the identifier.'),
    psidLength: whole(0, 15).describe('Bits of the identifier.'),
  }),
  z
    .strictObject({
      method: z.literal('range'),
      first: port.describe('First port.'),
      last: port.describe('Last port.'),
    })
    .refine(({ first, last }) => first < last, { path: ['last'], message: 'expected a port after "first"' }),
])

const ED_ONLY = ['sessionLimits', 'tables'] as const
const EI_ONLY = ['users', 'userSessions', 'staticOnly', 'connectionTracking', 'portAllocation'] as const

export const nat44Schema = z
  .strictObject({
    kind: z.literal('nat44'),
    mode: natMode.default('ed').describe('`ed` is endpoint-dependent.'),
    insideTable: tableId
      .optional()
      .describe('Inside table for mappings without one. Set when NAT44 is enabled.'),
    outsideTable: tableId.optional().describe('Outside table. Set when NAT44 is enabled.'),
    sessions: whole(1, 0xffff_ffff)
      .optional()
      .describe('Maximum number of sessions per thread. Set when NAT44 is enabled.'),
    users: whole(1, 0xffff_ffff).optional().describe('Maximum number of users per thread; mode `ei`.'),
    userSessions: whole(1, 0xffff_ffff)
      .optional()
      .describe('Maximum number of sessions per user; mode `ei`.'),
    staticOnly: z.boolean().optional().describe('Only static mappings, and no pools; mode `ei`.'),
    connectionTracking: z.boolean().optional().describe('Track sessions with `staticOnly` too; mode `ei`.'),
    forwarding: z
      .boolean()
      .optional()
      .describe('Packets from outside that match nothing are forwarded unchanged.'),
    timeouts: natTimeouts
      .optional()
      .describe('Seconds after which idle sessions end; omitted ones stay unchanged.'),
    mssClamping: whole(0, 65_535)
      .optional()
      .describe('Maximum segment size of TCP connections; 0: unchanged.'),
    portAllocation: portAllocation.optional().describe('How outside ports are chosen; mode `ei`.'),
    inside: z.array(interfaceName).default([]).describe('Inside interfaces.'),
    outside: z.array(interfaceName).default([]).describe('Outside interfaces; an interface can be both.'),
    output: z
      .array(interfaceName)
      .default([])
      .describe('Interfaces on which packets are translated on output, after routing.'),
    pools: z.array(pool).default([]).describe('Outside addresses.'),
    sessionLimits: z
      .array(
        z.strictObject({
          table: tableId,
          sessions: whole(1, 0xffff_ffff).describe('Maximum number of sessions.'),
        }),
      )
      .default([])
      .describe('Maximum number of sessions per table; mode `ed`.'),
    tables: z
      .array(
        z.strictObject({
          table: tableId,
          to: z
            .array(tableId)
            .min(1, 'expected at least one table')
            .describe('Tables that sessions may enter.'),
        }),
      )
      .default([])
      .describe('Tables whose sessions may also enter other tables; mode `ed`.'),
  })
  .superRefine((it, context) => {
    const wrong = it.mode === 'ed' ? EI_ONLY : ED_ONLY
    for (const field of wrong) {
      const value = it[field]
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
      context.addIssue({ code: 'custom', path: [field], message: `mode "${it.mode}" has none` })
    }
    if (it.mode === 'ei' && it.pools.some(({ twiceNat }) => twiceNat))
      context.addIssue({ code: 'custom', path: ['pools'], message: 'twiceNat: mode "ei" has none' })
    const twice = it.output.find((name) => it.inside.includes(name) || it.outside.includes(name))
    if (twice !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['output'],
        message: `${JSON.stringify(twice)} is an inside or outside interface as well; VPP has one or the other`,
      })
  })
  .meta({
    description:
      "NAT44 of one mode: its settings, interfaces and pools. Omitted settings stay unchanged; when the agent enables NAT44 they are VPP's defaults.",
    examples: [
      {
        kind: 'nat44',
        inside: ['lan'],
        outside: ['wan'],
        pools: [{ first: '192.0.2.10', last: '192.0.2.20' }],
      },
    ],
  })

/** NAT44 of one mode. */
export type Nat44Item = z.infer<typeof nat44Schema>
/** What callers give for it. */
export type Nat44Input = z.input<typeof nat44Schema>
