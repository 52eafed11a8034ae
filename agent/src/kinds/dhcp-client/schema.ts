import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

/** Text in an option of DHCP. VPP ends it before the first zero. */
const option = z.string().regex(/^[\x20-\x7e]{1,63}$/, 'expected 1 to 63 printable characters of ASCII')

export const dhcpClientSchema = z
  .strictObject({
    kind: z.literal('dhcp-client'),
    interface: interfaceName,
    hostname: option.optional().describe('Sent to the server (option 12).'),
    clientId: option.optional().describe('Sent to the server (option 61); default: none.'),
    broadcast: z.boolean().default(true).describe('The server is asked to broadcast its answers.'),
    dscp: whole(0, 63).default(0).describe('DSCP of the packets.'),
  })
  .meta({
    description: 'A DHCP client (IPv4) on an interface. Only VPP sets and removes what the server assigns.',
    examples: [{ kind: 'dhcp-client', interface: 'wan', hostname: 'edge1' }],
  })

/** A DHCP client. */
export type DhcpClientItem = z.infer<typeof dhcpClientSchema>
/** What callers give for it. */
export type DhcpClientInput = z.input<typeof dhcpClientSchema>
