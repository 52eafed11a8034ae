import { z } from 'zod'
import { interfaceName, name, whole } from '../../model/fields.ts'

/** What becomes of packets of one colour; `{ mark: 10 }`: they get a DSCP, and go on. */
const action = z.union([
  z.enum(['drop', 'transmit']),
  z.strictObject({ mark: whole(0, 63).describe('DSCP set on packets.') }),
])

const interfaces = z
  .array(interfaceName)
  .default([])
  .transform((list) => [...new Set(list)].sort())

const rate = whole(0, 0xffff_ffff)
const burst = whole(0, Number.MAX_SAFE_INTEGER)

/** Algorithms that reckon with one rate. */
const SINGLE_RATE: ReadonlySet<string> = new Set(['1r2c', '1r3c'])

export const policerSchema = z
  .strictObject({
    kind: z.literal('policer'),
    name,
    type: z
      .enum(['1r2c', '1r3c', '2r3c', '2r3c-rfc4115'])
      .default('1r2c')
      .describe(
        '`1r2c`: one rate, two colours; `1r3c`: RFC 2697; `2r3c`: RFC 2698; `2r3c-rfc4115`: RFC 4115.',
      ),
    unit: z
      .enum(['kbps', 'pps'])
      .default('kbps')
      .describe('Unit of the rates: kilobits or packets per second.'),
    round: z
      .enum(['closest', 'up', 'down'])
      .default('closest')
      .describe('How VPP rounds to rates that it supports.'),
    rate: rate.describe('Committed rate.'),
    burst: burst.describe('Committed burst, in bytes, or in milliseconds with `unit: pps`.'),
    excessRate: rate.default(0).describe('Excess rate, for algorithms with two rates.'),
    excessBurst: burst.default(0).describe('Excess burst, for algorithms with three colours.'),
    colorAware: z.boolean().default(false).describe('Existing colours of packets are respected.'),
    conform: action.default('transmit').describe('Packets within the rate.'),
    exceed: action.default('drop').describe('Packets beyond it, within the excess.'),
    violate: action.default('drop').describe('All others.'),
    input: interfaces.describe('Interfaces whose incoming packets it limits.'),
    output: interfaces.describe('Interfaces whose outgoing packets it limits.'),
  })
  .refine((it) => it.rate > 0, { path: ['rate'], message: 'expected more than 0' })
  .refine((it) => !SINGLE_RATE.has(it.type) || it.excessRate === 0, {
    path: ['excessRate'],
    message: 'types 1r2c and 1r3c have one rate; remove it',
  })
  .refine((it) => SINGLE_RATE.has(it.type) || it.excessRate >= it.rate, {
    path: ['excessRate'],
    message: 'expected at least rate',
  })
  .refine((it) => it.type !== '1r2c' || it.excessBurst === 0, {
    path: ['excessBurst'],
    message: 'type 1r2c has two colours; remove it',
  })
  .refine((it) => SINGLE_RATE.has(it.type) || it.excessBurst > 0, {
    path: ['excessBurst'],
    message: 'expected more than 0',
  })
  .refine((it) => it.burst > 0 || (it.type === '1r3c' && it.excessBurst > 0), {
    path: ['burst'],
    message: 'expected more than 0',
  })
  .meta({
    description:
      'A policer: rate limits, and the interfaces to which they apply. An interface has at most one per direction.',
    examples: [{ kind: 'policer', name: 'guests', rate: 10_000, burst: 125_000, input: ['lan'] }],
  })

/** A policer. */
export type PolicerItem = z.infer<typeof policerSchema>
/** What callers give for it. */
export type PolicerInput = z.input<typeof policerSchema>
