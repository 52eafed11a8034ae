import { z } from 'zod'
import { natTimeouts } from '../nat44/schema.ts'
import { ONE_SIDE, isOneSided, oneSided } from '../nat66/schema.ts'

export const det44Schema = z
  .strictObject({
    kind: z.literal('det44'),
    ...oneSided,
    timeouts: natTimeouts
      .optional()
      .describe('Seconds after which idle sessions end; omitted ones stay unchanged.'),
  })
  .refine(isOneSided, ONE_SIDE)
  .meta({
    description: 'Deterministic NAT of IPv4: its interfaces and timeouts.',
    examples: [{ kind: 'det44', inside: ['lan'], outside: ['wan'] }],
  })

/** Deterministic NAT. */
export type Det44Item = z.infer<typeof det44Schema>
/** What callers give for it. */
export type Det44Input = z.input<typeof det44Schema>
