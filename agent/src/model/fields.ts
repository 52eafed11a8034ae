import { z } from 'zod'
import { canonicalAddress, canonicalInterfaceAddress, canonicalPrefix, familyOf } from './ip.ts'

/** Text in the canonical form that `spell` gives it, or a complaint. */
function spelled(spell: (text: string) => string | undefined, expected: string) {
  return z.string(expected).transform((text, context) => {
    const canonical = spell(text)
    if (canonical !== undefined) return canonical
    context.addIssue({ code: 'custom', message: `${expected}; received ${JSON.stringify(text)}` })
    return z.NEVER
  })
}

/** An IPv4 or IPv6 address. */
export const address = spelled(canonicalAddress, 'expected an IPv4 or IPv6 address').describe(
  'IPv4 or IPv6 address.',
)

/** An IPv4 address. */
export const ip4Address = spelled(
  (text) => (familyOf(text) === 4 ? canonicalAddress(text) : undefined),
  'expected an IPv4 address such as 192.0.2.1',
).describe('IPv4 address.')

/** An IPv6 address. */
export const ip6Address = spelled(
  (text) => (familyOf(text) === 6 ? canonicalAddress(text) : undefined),
  'expected an IPv6 address such as 2001:db8::1',
).describe('IPv6 address.')

/** An address with the length of its network; host bits stay. */
export const interfaceAddress = spelled(
  canonicalInterfaceAddress,
  'expected an address with a length such as 192.0.2.1/24',
).describe('Address with the length of its network, such as 192.0.2.1/24.')

/** A network; host bits are cleared. */
export const prefix = spelled(canonicalPrefix, 'expected a prefix such as 192.0.2.0/24').describe(
  'Network, such as 192.0.2.0/24.',
)

/** A unicast MAC address, in small letters. */
export const mac = spelled((text) => {
  const small = text.toLowerCase()
  if (!/^[\da-f]{2}(:[\da-f]{2}){5}$/.test(small)) return undefined
  return (Number.parseInt(small.slice(0, 2), 16) & 1) === 0 ? small : undefined
}, 'expected a unicast MAC address such as 02:00:00:00:00:01').describe('Unicast MAC address.')

/** Bytes of a name: with the agent's mark in front of it, it must fit the 63 bytes of VPP's tags. */
const LONGEST_NAME = 40

/** Name of an interface or ACL, as the agent's users call it. */
export const name = z
  .string()
  .max(LONGEST_NAME, `expected at most ${LONGEST_NAME} characters`)
  .regex(/^[A-Za-z0-9][\w.:/-]*$/, 'expected letters, digits and "._-:/", beginning with a letter or digit')
  .describe('Name by which the item is referred to: 1 to 40 letters, digits and "._-:/".')

/**
 * An interface that something refers to: the name of an item, or else VPP's own name of an interface that the agent
 * did not make. 63 bytes at most.
 */
export const interfaceName = z
  .string()
  .min(1, 'expected the name of an interface')
  .max(63)
  .describe("Interface: the name of an item, or VPP's name for one that the agent did not create.")

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  const expected = `expected a whole number from ${least} to ${most}`
  return z.number(expected).int(expected).min(least, expected).max(most, expected)
}

/** Id of a table; 0 is the one that is always there. */
export const tableId = whole(0, 0xffff_fffe).describe('Id of a routing table (VRF).')

/** A UDP or TCP port; 0 where there is none. */
export const port = whole(0, 65_535).describe('Port.')
