import { z } from 'zod'
import { address, interfaceName, mac } from '../../model/fields.ts'

/** A static entry of the ARP or ND table. */
export const neighbourSchema = z.strictObject({
  kind: z.literal('neighbour'),
  interface: interfaceName,
  address,
  mac,
})

/** A static entry of the ARP or ND table. */
export type NeighbourItem = z.infer<typeof neighbourSchema>
/** What callers give for it. */
export type NeighbourInput = z.input<typeof neighbourSchema>
