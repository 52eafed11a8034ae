import { z } from 'zod'
import { interfaceName, prefix, tableId } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'
import { EXPECTED_RANGE, addressRange, isRange, natTimeouts } from '../nat44/schema.ts'

/** Lengths of prefixes that an IPv4 address can be in (RFC 6052). */
const LENGTHS = new Set(['32', '40', '48', '56', '64', '96'])

export const nat64Schema = z
  .strictObject({
    kind: z.literal('nat64'),
    inside: z
      .array(interfaceName)
      .default([])
      .describe('Interfaces with IPv6 hosts; an interface can be both.'),
    outside: z.array(interfaceName).default([]).describe('Interfaces with IPv4 hosts.'),
    pools: z
      .array(
        z
          .strictObject({
            ...addressRange,
            table: tableId
              .optional()
              .describe('Only sessions of this IPv6 table use them; default: all sessions.'),
          })
          .refine(isRange, EXPECTED_RANGE),
      )
      .default([])
      .describe('Outside IPv4 addresses.'),
    prefixes: z
      .array(
        z.strictObject({
          prefix: prefix.refine((text) => familyOf(text) === 6 && LENGTHS.has(text.split('/')[1] ?? ''), {
            message: 'expected an IPv6 prefix with a length of 32, 40, 48, 56, 64 or 96',
          }),
          table: tableId.default(0),
        }),
      )
      .refine((list) => new Set(list.map(({ table }) => table)).size === list.length, {
        message: 'expected one prefix for each table',
      })
      .default([])
      .describe('IPv6 prefixes that represent IPv4, one per table; default: 64:ff9b::/96.'),
    timeouts: natTimeouts
      .optional()
      .describe('Seconds after which idle sessions end; omitted ones stay unchanged.'),
  })
  .meta({
    description: 'NAT64: its interfaces, addresses, prefixes and timeouts.',
    examples: [{ kind: 'nat64', inside: ['lan'], outside: ['wan'], pools: [{ first: '192.0.2.64' }] }],
  })

/** NAT64. */
export type Nat64Item = z.infer<typeof nat64Schema>
/** What callers give for it. */
export type Nat64Input = z.input<typeof nat64Schema>
