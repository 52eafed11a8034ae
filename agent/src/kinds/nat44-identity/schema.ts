import { z } from 'zod'
import { interfaceName, ip4Address, port, tableId } from '../../model/fields.ts'
import { natMode, natProtocol } from '../nat44/schema.ts'

/** What is not translated: a port, or a whole address. */
export const nat44IdentitySchema = z
  .strictObject({
    kind: z.literal('nat44-identity'),
    /** Mode of NAT44 that has it. */
    mode: natMode.default('ed'),
    protocol: natProtocol.default('any'),
    address: ip4Address.optional(),
    /** In place of an address: whatever first address this interface has. */
    interface: interfaceName.optional(),
    port: port.default(0),
    /** Tables in which it is so; of an interface one. */
    tables: z
      .array(tableId)
      .min(1, 'expected at least one table')
      .transform((list) => [...new Set(list)].sort((a, b) => a - b))
      .default([0]),
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

/** What is not translated. */
export type Nat44IdentityItem = z.infer<typeof nat44IdentitySchema>
/** What callers give for it. */
export type Nat44IdentityInput = z.input<typeof nat44IdentitySchema>
