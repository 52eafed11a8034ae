import { z } from 'zod'
import { prefix } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'

const ip4Prefix = prefix.refine((text) => familyOf(text) === 4, 'expected an IPv4 prefix')
/** More hosts of one address would leave none of them a port. */
const LONGEST_SHARE = 15

function lengthOf(text: string): number {
  return Number(text.split('/')[1])
}

export const det44MappingSchema = z
  .strictObject({
    kind: z.literal('det44-mapping'),
    inside: ip4Prefix.describe('Network of the hosts.'),
    outside: ip4Prefix.describe('Network of the addresses that they share.'),
  })
  .refine(
    ({ inside, outside }) => {
      const share = lengthOf(outside) - lengthOf(inside)
      return share >= 0 && share <= LONGEST_SHARE
    },
    {
      path: ['outside'],
      message: 'expected at most as many addresses as inside, and at least one for 32768',
    },
  )
  .meta({
    description: 'A network whose hosts share the addresses of another one, each with its own ports.',
    examples: [{ kind: 'det44-mapping', inside: '10.0.0.0/24', outside: '192.0.2.0/28' }],
  })

/** A mapping of deterministic NAT. */
export type Det44MappingItem = z.infer<typeof det44MappingSchema>
/** What callers give for it. */
export type Det44MappingInput = z.input<typeof det44MappingSchema>
