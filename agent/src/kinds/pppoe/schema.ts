import { z } from 'zod'
import { interfaceName } from '../../model/fields.ts'

export const pppoeSchema = z
  .strictObject({
    kind: z.literal('pppoe'),
    interface: interfaceName.describe('Interface of the program that speaks PPPoE and PPP.'),
  })
  .meta({
    description:
      'The interface for control packets of PPPoE clients without a session and for the replies to them. VPP has one such interface.',
    examples: [{ kind: 'pppoe', interface: 'control' }],
  })

/** Where the control packets of PPPoE go. */
export type PppoeItem = z.infer<typeof pppoeSchema>
/** What callers give for it. */
export type PppoeInput = z.input<typeof pppoeSchema>
