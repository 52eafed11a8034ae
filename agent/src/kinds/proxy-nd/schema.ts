import { z } from 'zod'
import { interfaceName, ip6Address } from '../../model/fields.ts'

export const proxyNdSchema = z
  .strictObject({
    kind: z.literal('proxy-nd'),
    interface: interfaceName.describe(
      'Interface of the host. Not supported on loopbacks, where VPP would crash.',
    ),
    address: ip6Address,
  })
  .meta({
    description: 'An IPv6 address for which VPP answers neighbour discovery on behalf of its host.',
    examples: [{ kind: 'proxy-nd', interface: 'lan', address: '2001:db8::7' }],
  })

/** An address that neighbour discovery is answered for. */
export type ProxyNdItem = z.infer<typeof proxyNdSchema>
/** What callers give for it. */
export type ProxyNdInput = z.input<typeof proxyNdSchema>
