import { z } from 'zod'
import { ip4Address, mac, tableId, whole } from '../../model/fields.ts'

export const pppoeSessionSchema = z
  .strictObject({
    kind: z.literal('pppoe-session'),
    mac: mac.describe('MAC address of the client.'),
    session: whole(1, 65_534).describe('Session id assigned to the client.'),
    address: ip4Address.describe("The client's address; VPP supports only IPv4."),
    table: tableId
      .default(0)
      .describe("Table in which the client's packets are looked up, and which has the route to the client."),
  })
  .meta({
    description:
      'A session of a PPPoE client. VPP accepts it once it has seen a control packet of the client, from which it learns where the client is; until then it is retried.',
    examples: [{ kind: 'pppoe-session', mac: '02:00:00:00:00:31', session: 7, address: '198.51.100.7' }],
  })

/** A session of a PPPoE client. */
export type PppoeSessionItem = z.infer<typeof pppoeSessionSchema>
/** What callers give for it. */
export type PppoeSessionInput = z.input<typeof pppoeSessionSchema>
