import { z } from 'zod'
import { ip4Address, tableId, whole } from '../../model/fields.ts'

const port = whole(1, 65_535).describe('Port.')

/** A server. */
const backend = z.strictObject({
  address: ip4Address,
  port,
  weight: whole(1, 255).default(1).describe('Share of the connections, relative to the others.'),
  table: tableId.default(0),
})

export const nat44LoadBalancerSchema = z
  .strictObject({
    kind: z.literal('nat44-load-balancer'),
    protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol of the ports.'),
    externalAddress: ip4Address.describe(
      'Outside address. It must be in a pool unless only connections from outside are translated.',
    ),
    externalPort: port,
    affinity: whole(0, 0xffff_ffff)
      .default(0)
      .describe('Seconds for which a host keeps the same server; 0: no affinity.'),
    twiceNat: z.enum(['no', 'yes', 'self']).default('no').describe('As in `nat44-static`.'),
    outToInOnly: z.boolean().default(false).describe('Only connections from outside are translated.'),
    backends: z
      .array(backend)
      .min(2, 'expected at least two servers')
      .max(255, 'expected at most 255 servers')
      .transform((list) => [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)))
      .describe('Servers over which connections are distributed.'),
  })
  .refine(({ backends }) => new Set(backends.map(nameOf)).size === backends.length, {
    path: ['backends'],
    message: 'expected each server once',
  })
  .meta({
    description: 'A NAT44 mapping whose connections are distributed over several servers; mode `ed`.',
    examples: [
      {
        kind: 'nat44-load-balancer',
        externalAddress: '192.0.2.10',
        externalPort: 443,
        backends: [
          { address: '10.0.0.2', port: 8443 },
          { address: '10.0.0.3', port: 8443, weight: 2 },
        ],
      },
    ],
  })

/** Names a server among those of a mapping. */
export function nameOf({ address, port: number, table }: z.infer<typeof backend>): string {
  return `${address}:${number}/${table}`
}

/** A mapping that balances load. */
export type Nat44LoadBalancerItem = z.infer<typeof nat44LoadBalancerSchema>
/** What callers give for it. */
export type Nat44LoadBalancerInput = z.input<typeof nat44LoadBalancerSchema>
