import { z } from 'zod'
import { interfaceName } from '../../model/fields.ts'

/** The sides of a translation whose interfaces have one of them. */
export const oneSided = {
  inside: z.array(interfaceName).default([]).describe('Inside interfaces.'),
  outside: z.array(interfaceName).default([]).describe('Outside interfaces.'),
}

/** True when no interface has both sides. */
export function isOneSided({
  inside,
  outside,
}: {
  inside: readonly string[]
  outside: readonly string[]
}): boolean {
  return !inside.some((name) => outside.includes(name))
}

/** What is said when one has. */
export const ONE_SIDE = { path: ['outside'], message: 'an interface is inside or outside, not both' }

export const nat66Schema = z
  .strictObject({ kind: z.literal('nat66'), ...oneSided })
  .refine(isOneSided, ONE_SIDE)
  .meta({
    description: 'NAT66: its interfaces.',
    examples: [{ kind: 'nat66', inside: ['lan'], outside: ['wan'] }],
  })

/** NAT66. */
export type Nat66Item = z.infer<typeof nat66Schema>
/** What callers give for it. */
export type Nat66Input = z.input<typeof nat66Schema>
