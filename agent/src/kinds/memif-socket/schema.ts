import { z } from 'zod'
import { whole } from '../../model/fields.ts'

/** A socket that memifs meet on. Socket 0 is VPP's own and always there. */
export const memifSocketSchema = z.strictObject({
  kind: z.literal('memif-socket'),
  id: whole(1, 0xffff_fffe),
  /** Absolute path, 107 bytes at most, or `@name` for an abstract socket. */
  path: z
    .string()
    .max(107, 'expected at most 107 bytes')
    .regex(/^[/@]./, 'expected an absolute path, or @name for an abstract socket'),
})

/** A socket that memifs meet on. */
export type MemifSocketItem = z.infer<typeof memifSocketSchema>
/** What callers give for it. */
export type MemifSocketInput = z.input<typeof memifSocketSchema>
