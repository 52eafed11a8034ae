import { z } from 'zod'
import { address, interfaceName } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'

export const proxyNdSchema = z
  .strictObject({
    kind: z.literal('proxy-nd'),
    interface: interfaceName.describe('Interface that the host is on. VPP does not bear it on loopbacks.'),
    address: address.refine((text) => familyOf(text) === 6, 'expected an IPv6 address'),
  })
  .meta({
    description: 'An IPv6 address that VPP answers neighbour discovery for in place of the host that has it.',
    examples: [{ kind: 'proxy-nd', interface: 'lan', address: '2001:db8::7' }],
  })

/** An address that neighbour discovery is answered for. */
export type ProxyNdItem = z.infer<typeof proxyNdSchema>
/** What callers give for it. */
export type ProxyNdInput = z.input<typeof proxyNdSchema>
