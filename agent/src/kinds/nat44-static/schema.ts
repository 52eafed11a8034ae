import { z } from 'zod'
import { interfaceName, ip4Address, port, tableId } from '../../model/fields.ts'
import { natMode, natProtocol } from '../nat44/schema.ts'

export const nat44StaticSchema = z
  .strictObject({
    kind: z.literal('nat44-static'),
    mode: natMode.default('ed').describe('NAT44 mode that it belongs to.'),
    protocol: natProtocol.default('any'),
    localAddress: ip4Address.describe('Inside address of the host.'),
    localPort: port.default(0).describe('Inside port of the host.'),
    externalAddress: ip4Address.optional().describe('Outside address.'),
    externalInterface: interfaceName
      .optional()
      .describe('Instead of an address: the first address of this interface.'),
    externalPort: port.default(0).describe('Outside port.'),
    table: tableId.default(0).describe('Table of the local address.'),
    twiceNat: z
      .enum(['no', 'yes', 'self'])
      .default('no')
      .describe(
        'The source of packets from outside is translated too, to an address of a pool with `twiceNat`: for all hosts, or with `self` only if source and destination are the same host. Mode `ed`.',
      ),
    outToInOnly: z
      .boolean()
      .default(false)
      .describe('Only connections from outside are translated; mode `ed`.'),
    poolAddress: ip4Address.optional().describe('Address of a pool to use for `twiceNat`; mode `ed`.'),
  })
  .refine((it) => (it.protocol === 'any') === (it.localPort === 0 && it.externalPort === 0), {
    path: ['protocol'],
    message: 'expected a protocol with localPort and externalPort, or none of them',
  })
  .refine((it) => (it.externalAddress === undefined) !== (it.externalInterface === undefined), {
    path: ['externalAddress'],
    message: 'expected externalAddress or externalInterface',
  })
  .refine((it) => it.protocol !== 'any' || it.twiceNat === 'no', {
    path: ['twiceNat'],
    message: 'expected a protocol with ports',
  })
  .refine((it) => it.poolAddress === undefined || it.twiceNat !== 'no', {
    path: ['poolAddress'],
    message: 'expected twiceNat',
  })
  .refine((it) => it.mode === 'ed' || (it.twiceNat === 'no' && !it.outToInOnly), {
    path: ['mode'],
    message: 'mode "ei" has no twiceNat and no outToInOnly',
  })
  .meta({
    description: 'A static NAT44 mapping, for one port or a whole address.',
    examples: [
      {
        kind: 'nat44-static',
        protocol: 'tcp',
        localAddress: '10.0.0.2',
        localPort: 8080,
        externalAddress: '192.0.2.10',
        externalPort: 80,
      },
    ],
  })

/** A static mapping of NAT44. */
export type Nat44StaticItem = z.infer<typeof nat44StaticSchema>
/** What callers give for it. */
export type Nat44StaticInput = z.input<typeof nat44StaticSchema>
