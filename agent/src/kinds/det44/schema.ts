import { z } from 'zod'
import { natTimeouts } from '../nat44/schema.ts'
import { ONE_SIDE, isOneSided, oneSided } from '../nat66/schema.ts'

/** Deterministic NAT of IPv4: its interfaces and timeouts. */
export const det44Schema = z
  .strictObject({ kind: z.literal('det44'), ...oneSided, timeouts: natTimeouts.optional() })
  .refine(isOneSided, ONE_SIDE)

/** Deterministic NAT. */
export type Det44Item = z.infer<typeof det44Schema>
/** What callers give for it. */
export type Det44Input = z.input<typeof det44Schema>
