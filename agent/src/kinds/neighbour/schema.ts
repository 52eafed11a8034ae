import { z } from 'zod'
import { address, interfaceName, mac } from '../../model/fields.ts'

export const neighbourSchema = z
  .strictObject({
    kind: z.literal('neighbour'),
    interface: interfaceName,
    address: address.describe('Address of the neighbour.'),
    mac: mac.describe('Its MAC address.'),
  })
  .meta({
    description: 'A static entry of the ARP or ND table.',
    examples: [{ kind: 'neighbour', interface: 'lan', address: '192.0.2.7', mac: '02:00:00:00:00:07' }],
  })

/** A static entry of the ARP or ND table. */
export type NeighbourItem = z.infer<typeof neighbourSchema>
/** What callers give for it. */
export type NeighbourInput = z.input<typeof neighbourSchema>
