import { z } from 'zod'
import { interfaceName, tableId } from '../../model/fields.ts'

const mode = z.enum(['strict', 'loose'])

/** A check, or its mode alone. */
const check = z
  .union([
    mode,
    z.strictObject({
      mode,
      /** Table that sources are looked up in; left out: that of the interface. */
      table: tableId.optional(),
    }),
  ])
  .transform((it): UrpfCheck => (typeof it === 'string' ? { mode: it } : it))

const family = z
  .strictObject({
    /** Of received packets. */
    input: check.optional(),
    /** Of packets that are sent. */
    output: check.optional(),
  })
  .refine((it) => it.input !== undefined || it.output !== undefined, 'expected input, output or both')

/** Checks of the sources of packets: `strict` by the interface that leads back, `loose` by any route. */
export const urpfSchema = z
  .strictObject({
    kind: z.literal('urpf'),
    interface: interfaceName,
    /** Left out: sources of IPv4 are not checked. */
    ip4: family.optional(),
    /** Left out: sources of IPv6 are not checked. */
    ip6: family.optional(),
  })
  .refine((it) => it.ip4 !== undefined || it.ip6 !== undefined, {
    path: ['ip4'],
    message: 'expected ip4, ip6 or both',
  })

/** A check of sources. */
export interface UrpfCheck {
  readonly mode: 'strict' | 'loose'
  readonly table?: number | undefined
}
/** Checks of sources. */
export type UrpfItem = z.infer<typeof urpfSchema>
/** What callers give for them. */
export type UrpfInput = z.input<typeof urpfSchema>
