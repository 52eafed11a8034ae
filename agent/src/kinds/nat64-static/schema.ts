import { z } from 'zod'
import { ip4Address, ip6Address, tableId, whole } from '../../model/fields.ts'

const port = whole(0, 65_535)

export const nat64StaticSchema = z
  .strictObject({
    kind: z.literal('nat64-static'),
    protocol: z.enum(['tcp', 'udp', 'icmp']).default('tcp').describe('Protocol of the ports.'),
    insideAddress: ip6Address.describe('IPv6 address of the host.'),
    insidePort: port.describe('Port, or ICMP identifier.'),
    outsideAddress: ip4Address.describe('IPv4 address through which it is reached.'),
    outsidePort: port.describe('Port through which it is reached.'),
    table: tableId.default(0).describe('Inside IPv6 table.'),
  })
  .meta({
    description: 'An IPv6 host that is reachable over IPv4.',
    examples: [
      {
        kind: 'nat64-static',
        insideAddress: '2001:db8::2',
        insidePort: 443,
        outsideAddress: '192.0.2.64',
        outsidePort: 443,
      },
    ],
  })

/** A host that is reached by IPv4. */
export type Nat64StaticItem = z.infer<typeof nat64StaticSchema>
/** What callers give for it. */
export type Nat64StaticInput = z.input<typeof nat64StaticSchema>
