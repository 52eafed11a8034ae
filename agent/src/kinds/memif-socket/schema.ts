import { z } from 'zod'
import { whole } from '../../model/fields.ts'

const PATH = /^\/./
const ABSTRACT = /^abstract:[^,]+(,netns_name=[^,/]+)?$/

export const memifSocketSchema = z
  .strictObject({
    kind: z.literal('memif-socket'),
    id: whole(1, 0xffff_fffe).describe('Id of the socket, by which memifs refer to it.'),
    path: z
      .string()
      .refine((text) => Buffer.byteLength(text) <= 107, 'expected at most 107 bytes')
      .refine(
        (text) => PATH.test(text) || ABSTRACT.test(text),
        'expected an absolute path, abstract:NAME or abstract:NAME,netns_name=NAMESPACE (VPP takes @name for a file)',
      )
      .describe(
        'Absolute path, or `abstract:NAME`, or `abstract:NAME,netns_name=NAMESPACE` for an abstract socket; at most 107 bytes.',
      ),
  })
  .meta({
    description: "A socket for memif connections. Socket 0 is VPP's own and always exists.",
    examples: [{ kind: 'memif-socket', id: 1, path: '/run/vpp/memif1.sock' }],
  })

/** A socket that memifs meet on. */
export type MemifSocketItem = z.infer<typeof memifSocketSchema>
/** What callers give for it. */
export type MemifSocketInput = z.input<typeof memifSocketSchema>
