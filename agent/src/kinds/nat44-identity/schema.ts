import { z } from 'zod'
import { interfaceName, ip4Address, port, tableId } from '../../model/fields.ts'
import { natMode, natProtocol } from '../nat44/schema.ts'

export const nat44IdentitySchema = z
  .strictObject({
    kind: z.literal('nat44-identity'),
    mode: natMode.default('ed').describe('NAT44 mode that it belongs to.'),
    protocol: natProtocol.default('any'),
    address: ip4Address.optional().describe('Address that is not translated.'),
    interface: interfaceName
      .optional()
      .describe('Instead of an address: the first address of this interface.'),
    port: port.default(0).describe('Port that is not translated; 0: all ports.'),
    tables: z
      .array(tableId)
      .min(1, 'expected at least one table')
      .transform((list) => [...new Set(list)].sort((a, b) => a - b))
      .default([0])
      .describe('Tables to which this applies; only one with `interface`.'),
  })
  .refine((it) => (it.protocol === 'any') === (it.port === 0), {
    path: ['protocol'],
    message: 'expected a protocol with a port, or none of them',
  })
  .refine((it) => (it.address === undefined) !== (it.interface === undefined), {
    path: ['address'],
    message: 'expected address or interface',
  })
  .refine((it) => it.interface === undefined || it.tables.length === 1, {
    path: ['tables'],
    message: 'expected one table with an interface',
  })
  .meta({
    description: 'A port or a whole address that is not translated.',
    examples: [{ kind: 'nat44-identity', protocol: 'tcp', address: '192.0.2.10', port: 179 }],
  })

/** What is not translated. */
export type Nat44IdentityItem = z.infer<typeof nat44IdentitySchema>
/** What callers give for it. */
export type Nat44IdentityInput = z.input<typeof nat44IdentitySchema>
