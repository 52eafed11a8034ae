import { z } from 'zod'
import { interfaceName } from '../../model/fields.ts'

export const pppoeSchema = z
  .strictObject({
    kind: z.literal('pppoe'),
    interface: interfaceName.describe('Interface of the program that speaks PPPoE and PPP.'),
  })
  .meta({
    description:
      'Where VPP sends what PPPoE clients say before they have a session, and takes the answers from. VPP has one such interface.',
    examples: [{ kind: 'pppoe', interface: 'control' }],
  })

/** Where the control packets of PPPoE go. */
export type PppoeItem = z.infer<typeof pppoeSchema>
/** What callers give for it. */
export type PppoeInput = z.input<typeof pppoeSchema>
