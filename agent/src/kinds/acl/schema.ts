import { z } from 'zod'
import { interfaceName, name, port, prefix, whole } from '../../model/fields.ts'
import { familyOf, type Family } from '../../model/ip.ts'

/** Numbers of the protocols that have a name here. */
export const PROTOCOLS = { any: 0, icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const

const range = z
  .strictObject({ first: port.describe('First number.'), last: port.describe('Last number.') })
  .refine((it) => it.first <= it.last, 'expected first <= last')

const rule = z
  .strictObject({
    action: z
      .enum(['permit', 'deny', 'reflect'])
      .describe('`reflect` permits packets and the replies to them.'),
    source: prefix
      .optional()
      .describe(
        'Source network; default: any. A rule without addresses covers both families, unless its protocol implies one.',
      ),
    destination: prefix.optional().describe('Destination network; default: any.'),
    protocol: z
      .union([z.enum(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[]), whole(0, 255)])
      .default('any')
      .transform((it) => (typeof it === 'number' ? it : PROTOCOLS[it]))
      .describe('Name, or number from 0 (any) to 255.'),
    sourcePorts: range
      .default({ first: 0, last: 65_535 })
      .describe('Source ports, or ICMP types; default: all.'),
    destinationPorts: range
      .default({ first: 0, last: 65_535 })
      .describe('Destination ports, or ICMP codes; default: all.'),
    tcpFlags: z
      .strictObject({
        mask: whole(0, 255).describe('Flags to check, as bits.'),
        value: whole(0, 255).describe('Those that must be set.'),
      })
      .default({ mask: 0, value: 0 })
      .describe('TCP flags of the packets; default: any.'),
  })
  .refine(
    ({ source, destination }) =>
      source === undefined || destination === undefined || familyOf(source) === familyOf(destination),
    { path: ['destination'], message: 'expected source and destination of one family' },
  )
  .refine(({ source, destination, protocol }) => {
    const implied = familyOfProtocol(protocol)
    const given = source ?? destination
    // A stored rule of the first version names 0.0.0.0/0 where nothing was given; it never matched anything.
    return implied === undefined || given === undefined || familyOf(given) === implied || isAny(given)
  }, 'expected addresses of the family of the protocol: icmp is IPv4, icmp6 is IPv6')

function isAny(text: string): boolean {
  return text === '0.0.0.0/0' || text === '::/0'
}

/** The family that a protocol belongs to; undefined when it goes over both. */
export function familyOfProtocol(protocol: number): Family | undefined {
  if (protocol === PROTOCOLS.icmp) return 4
  return protocol === PROTOCOLS.icmp6 ? 6 : undefined
}

const interfaces = z
  .array(interfaceName)
  .default([])
  .transform((list) => [...new Set(list)].sort())

export const aclSchema = z
  .strictObject({
    kind: z.literal('acl'),
    name,
    rules: z
      .array(rule)
      .min(1, 'expected at least one rule')
      .describe('Evaluated in this order; packets that match none are dropped.'),
    ingress: interfaces.describe('Interfaces whose incoming packets are checked.'),
    egress: interfaces.describe('Interfaces whose outgoing packets are checked.'),
  })
  .meta({
    description:
      'An access list and the interfaces to which it applies. Several lists on one interface are evaluated in the order of their names.',
    examples: [
      {
        kind: 'acl',
        name: 'wan-in',
        rules: [
          {
            action: 'permit',
            protocol: 'tcp',
            destination: '192.0.2.0/24',
            destinationPorts: { first: 443, last: 443 },
          },
          { action: 'deny' },
        ],
        ingress: ['wan'],
      },
    ],
  })

/** An access list. */
export type AclItem = z.infer<typeof aclSchema>
/** A rule of an access list. */
export type AclRule = AclItem['rules'][number]
/** What callers give for an access list. */
export type AclInput = z.input<typeof aclSchema>
