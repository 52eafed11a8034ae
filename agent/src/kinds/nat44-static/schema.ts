import { z } from 'zod'
import { ip4Address, port, tableId } from '../../model/fields.ts'

/** A static mapping of endpoint-dependent NAT44; of one port, or of a whole address. */
export const nat44StaticSchema = z
  .strictObject({
    kind: z.literal('nat44-static'),
    /** `any` maps the address with all its ports. */
    protocol: z.enum(['any', 'tcp', 'udp', 'icmp']).default('any'),
    localAddress: ip4Address,
    localPort: port.default(0),
    externalAddress: ip4Address,
    externalPort: port.default(0),
    /** Table of the local address. */
    table: tableId.default(0),
  })
  .refine((it) => (it.protocol === 'any') === (it.localPort === 0 && it.externalPort === 0), {
    path: ['protocol'],
    message: 'expected a protocol with localPort and externalPort, or none of them',
  })

/** A static mapping of NAT44. */
export type Nat44StaticItem = z.infer<typeof nat44StaticSchema>
/** What callers give for it. */
export type Nat44StaticInput = z.input<typeof nat44StaticSchema>
