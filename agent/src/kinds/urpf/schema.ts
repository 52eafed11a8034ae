import { z } from 'zod'
import { interfaceName, tableId } from '../../model/fields.ts'

const mode = z
  .enum(['strict', 'loose'])
  .describe('`strict`: the source must be reachable through the interface; `loose`: by any route.')

/** A check, or its mode alone. */
const check = z
  .union([
    mode,
    z.strictObject({
      mode,
      table: tableId.optional().describe("Table in which sources are looked up; default: the interface's."),
    }),
  ])
  .transform((it): UrpfCheck => (typeof it === 'string' ? { mode: it } : it))

const family = z
  .strictObject({
    input: check.optional().describe('For received packets.'),
    output: check.optional().describe('For sent packets.'),
  })
  .refine((it) => it.input !== undefined || it.output !== undefined, 'expected input, output or both')

export const urpfSchema = z
  .strictObject({
    kind: z.literal('urpf'),
    interface: interfaceName,
    ip4: family.optional().describe('Default: IPv4 sources are not checked.'),
    ip6: family.optional().describe('Default: IPv6 sources are not checked.'),
  })
  .refine((it) => it.ip4 !== undefined || it.ip6 !== undefined, {
    path: ['ip4'],
    message: 'expected ip4, ip6 or both',
  })
  .meta({
    description:
      'Reverse path check of source addresses: `strict` requires a route through the interface, `loose` any route.',
    examples: [{ kind: 'urpf', interface: 'wan', ip4: { input: 'loose' }, ip6: { input: 'strict' } }],
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
