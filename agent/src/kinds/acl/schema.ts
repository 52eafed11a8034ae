import { z } from 'zod'
import { interfaceName, name, port, prefix, whole } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'

/** Numbers of the protocols that have a name here. */
export const PROTOCOLS = { any: 0, icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const

const range = z
  .strictObject({ first: port, last: port })
  .refine((it) => it.first <= it.last, 'expected first <= last')

const rule = z
  .strictObject({
    /** `reflect` permits, and permits the answers on their way back too. */
    action: z.enum(['permit', 'deny', 'reflect']),
    source: prefix.optional(),
    destination: prefix.optional(),
    /** Name, or number from 0 (any) to 255. */
    protocol: z
      .union([z.enum(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[]), whole(0, 255)])
      .default('any')
      .transform((it) => (typeof it === 'number' ? it : PROTOCOLS[it])),
    /** Ports, or types of ICMP. Left out: all. */
    sourcePorts: range.default({ first: 0, last: 65_535 }),
    /** Ports, or codes of ICMP. Left out: all. */
    destinationPorts: range.default({ first: 0, last: 65_535 }),
    tcpFlags: z.strictObject({ mask: whole(0, 255), value: whole(0, 255) }).default({ mask: 0, value: 0 }),
  })
  .refine(
    ({ source, destination }) =>
      source === undefined || destination === undefined || familyOf(source) === familyOf(destination),
    { path: ['destination'], message: 'expected source and destination of one family' },
  )
  .transform(({ source, destination, ...rest }) => {
    // VPP takes the family of a rule from its prefixes, so "any" has to be of one.
    const any = familyOf(source ?? destination ?? '0.0.0.0/0') === 4 ? '0.0.0.0/0' : '::/0'
    return { ...rest, source: source ?? any, destination: destination ?? any }
  })

const interfaces = z
  .array(interfaceName)
  .default([])
  .transform((list) => [...new Set(list)].sort())

/** An access list and the interfaces that it applies to. Where several apply they are asked in order of their names. */
export const aclSchema = z.strictObject({
  kind: z.literal('acl'),
  name,
  rules: z.array(rule).min(1, 'expected at least one rule'),
  /** Interfaces whose incoming packets are looked at. */
  ingress: interfaces,
  /** Interfaces whose outgoing packets are looked at. */
  egress: interfaces,
})

/** An access list. */
export type AclItem = z.infer<typeof aclSchema>
/** A rule of an access list. */
export type AclRule = AclItem['rules'][number]
/** What callers give for an access list. */
export type AclInput = z.input<typeof aclSchema>
