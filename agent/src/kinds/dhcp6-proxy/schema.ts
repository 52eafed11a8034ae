import { z } from 'zod'
import { ip6Address, tableId } from '../../model/fields.ts'
import { inOrder, isEveryServerOnce } from '../dhcp-relay-servers.ts'

const server = z.union([
  ip6Address.transform((address) => ({ address, table: 0 })),
  z.strictObject({
    address: ip6Address,
    table: tableId.default(0).describe('Table through which the server is reached.'),
  }),
])

const NOWHERE = '::'

export const dhcp6ProxySchema = z
  .strictObject({
    kind: z.literal('dhcp6-proxy'),
    table: tableId.default(0).describe("Table of the clients' interfaces."),
    source: ip6Address.describe(
      'Source address of packets to the servers: an address of VPP that they can reach.',
    ),
    servers: z
      .array(server)
      .min(1, 'expected at least one server')
      .max(255, 'expected at most 255 servers')
      .transform(inOrder)
      .refine(isEveryServerOnce, 'expected every server once')
      .describe('Servers to which requests are relayed.'),
  })
  .refine((it) => it.source !== NOWHERE && it.servers.every(({ address }) => address !== NOWHERE), {
    path: ['source'],
    message: 'expected addresses other than ::',
  })
  .meta({
    description: 'A DHCPv6 relay: requests of clients in a table are relayed to servers.',
    examples: [{ kind: 'dhcp6-proxy', source: '2001:db8::1', servers: ['2001:db8:9::53'] }],
  })

/** A relay of DHCPv6. */
export type Dhcp6ProxyItem = z.infer<typeof dhcp6ProxySchema>
/** What callers give for it. */
export type Dhcp6ProxyInput = z.input<typeof dhcp6ProxySchema>
