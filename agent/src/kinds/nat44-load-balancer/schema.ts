import { z } from 'zod'
import { ip4Address, tableId, whole } from '../../model/fields.ts'

const port = whole(1, 65_535)

/** A server. */
const backend = z.strictObject({
  address: ip4Address,
  port,
  /** Share of the connections, in relation to those of the others. */
  weight: whole(1, 255).default(1),
  table: tableId.default(0),
})

/** A mapping of NAT44 whose connections are spread over several servers; mode `ed`. */
export const nat44LoadBalancerSchema = z
  .strictObject({
    kind: z.literal('nat44-load-balancer'),
    protocol: z.enum(['tcp', 'udp']).default('tcp'),
    /** Has to be in a pool unless it is for connections from outside only. */
    externalAddress: ip4Address,
    externalPort: port,
    /** Seconds for which a host comes back to the same server; 0 for any. */
    affinity: whole(0, 0xffff_ffff).default(0),
    /** As that of `nat44-static`. */
    twiceNat: z.enum(['no', 'yes', 'self']).default('no'),
    /** Only connections from outside are translated. */
    outToInOnly: z.boolean().default(false),
    backends: z
      .array(backend)
      .min(2, 'expected at least two servers')
      .max(255, 'expected at most 255 servers')
      .transform((list) => [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))),
  })
  .refine(({ backends }) => new Set(backends.map(nameOf)).size === backends.length, {
    path: ['backends'],
    message: 'expected each server once',
  })

/** Names a server among those of a mapping. */
export function nameOf({ address, port: number, table }: z.infer<typeof backend>): string {
  return `${address}:${number}/${table}`
}

/** A mapping that balances load. */
export type Nat44LoadBalancerItem = z.infer<typeof nat44LoadBalancerSchema>
/** What callers give for it. */
export type Nat44LoadBalancerInput = z.input<typeof nat44LoadBalancerSchema>
