import { z } from 'zod'
import { ip4Address, tableId } from '../../model/fields.ts'
import { inOrder, isEveryServerOnce } from '../dhcp-relay-servers.ts'

const server = z.union([
  ip4Address.transform((address) => ({ address, table: 0 })),
  z.strictObject({
    address: ip4Address,
    table: tableId.default(0).describe('Table through which the server is reached.'),
  }),
])

const NOWHERE = '0.0.0.0'

export const dhcpProxySchema = z
  .strictObject({
    kind: z.literal('dhcp-proxy'),
    table: tableId.default(0).describe("Table of the clients' interfaces."),
    source: ip4Address.describe(
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
    message: 'expected addresses other than 0.0.0.0',
  })
  .meta({
    description: 'A DHCP relay (IPv4): requests of clients in a table are relayed to servers.',
    examples: [{ kind: 'dhcp-proxy', source: '192.0.2.1', servers: ['198.51.100.53'] }],
  })

/** A relay of DHCP. */
export type DhcpProxyItem = z.infer<typeof dhcpProxySchema>
/** What callers give for it. */
export type DhcpProxyInput = z.input<typeof dhcpProxySchema>
