import { RetvalError } from '../errors.ts'
import type { OwnedAddress } from './address-index.ts'
import { disableIp6, enableIp6, setLinkLocal } from './ip6-link.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { familyOf, formatAddress, parsePrefix, spellPrefix } from './prefix.ts'
import type { Prefix } from './prefix.ts'

/** `SUB_IF_API_FLAG_EXACT_MATCH` */
const EXACT_MATCH = 16

/**
 * Gives an interface an address, written `192.0.2.1/24`. As in VPP the address of a network, a broadcast address and a
 * multicast address will do; a link-local one takes the place of the one before and is not listed.
 * @throws RetvalError -2 for an unknown interface, -126 for `local0` and for a sub-interface without exact match, -105
 * (IPv4) or -127 (IPv6) when it clashes with another address of the table, -59 for length 0 or a link-local address that
 * is not /128
 */
export function addAddress(
  interfaces: Interfaces,
  swIfIndex: number,
  text: string,
  stale?: StaleAddresses,
): void {
  const owner = addressable(interfaces, swIfIndex)
  const prefix = addressOf(text)
  if (isLinkLocal(prefix)) {
    if (prefix.length !== 128) throw new RetvalError('ADDRESS_LENGTH_MISMATCH')
    setLinkLocal(interfaces, swIfIndex, formatAddress(prefix.address))
    return
  }
  if (conflictOf(interfaces, owner, prefix, stale) !== undefined)
    throw new RetvalError(prefix.family === 4 ? 'ADDRESS_IN_USE' : 'DUPLICATE_IF_ADDRESS')
  if (prefix.length === 0) throw new RetvalError('ADDRESS_LENGTH_MISMATCH')
  interfaces.addAddress(swIfIndex, spellPrefix(prefix))
  if (prefix.family === 6) enableIp6(interfaces, swIfIndex)
}

/** The address that one clashes with: two hosts of one network may sit on one interface, everything else may not overlap. */
export function conflictOf(
  interfaces: Interfaces,
  { swIfIndex, tableId }: Interface,
  prefix: Prefix,
  stale?: StaleAddresses,
): OwnedAddress | undefined {
  for (const other of interfaces.addresses.overlapping(tableId[prefix.family], prefix)) {
    const isStale = stale?.has(other.swIfIndex, other.address) === true
    const inUse = other.swIfIndex !== swIfIndex || !sameNetwork(prefix, parsePrefix(other.address))
    if (inUse && !isStale) return other
  }
  return undefined
}

/**
 * Takes an address from an interface. VPP looks for the address alone: one that was given with another length goes, and
 * leaves the routes of its network behind.
 * @throws RetvalError -2 for an unknown interface, -60 when it does not have the address, -61 for its link-local one
 */
export function removeAddress(interfaces: Interfaces, swIfIndex: number, text: string): void {
  const owner = addressable(interfaces, swIfIndex)
  const asked = addressOf(text)
  if (isLinkLocal(asked)) refuseLinkLocal(owner, asked)
  const address = formatAddress(asked.address)
  const exact = spellPrefix(asked)
  const found = owner.addresses.includes(exact)
    ? exact
    : owner.addresses.find((it) => it.slice(0, it.indexOf('/')) === address)
  if (found === undefined) throw new RetvalError('ADDRESS_NOT_FOUND_FOR_INTERFACE')
  interfaces.removeAddress(swIfIndex, found, exact)
  if (asked.family === 6) releaseIp6(interfaces, swIfIndex)
}

/** Takes all addresses from an interface. */
export function removeAllAddresses(interfaces: Interfaces, swIfIndex: number): void {
  const addresses = interfaces.get(swIfIndex).addresses.slice()
  for (const address of addresses) {
    interfaces.removeAddress(swIfIndex, address)
    if (familyOf(address) === 6) releaseIp6(interfaces, swIfIndex)
  }
}

/** The addresses of all interfaces that were not set again since it was made. */
export class StaleAddresses {
  readonly #stale = new Map<number, Set<string>>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
    for (const { swIfIndex, addresses } of interfaces) this.#stale.set(swIfIndex, new Set(addresses))
  }

  /** True while the address was not set again. */
  has(swIfIndex: number, address: string): boolean {
    return this.#stale.get(swIfIndex)?.has(address) === true
  }

  /** True when the address was there, and stays. */
  keep(swIfIndex: number, text: string): boolean {
    return this.#stale.get(swIfIndex)?.delete(spellPrefix(parsePrefix(text))) ?? false
  }

  /** Removes what was not kept. */
  remove(): void {
    for (const [swIfIndex, addresses] of this.#stale) {
      if (this.#interfaces.find(swIfIndex) === undefined) continue
      for (const address of addresses) removeAddress(this.#interfaces, swIfIndex, address)
    }
  }
}

function addressable(interfaces: Interfaces, swIfIndex: number): Interface {
  const owner = interfaces.get(swIfIndex)
  const inexact = owner.sub !== undefined && (owner.sub.flags & EXACT_MATCH) === 0
  if (swIfIndex === 0 || inexact) throw new RetvalError('UNSUPPORTED')
  return owner
}

function addressOf(text: string): Prefix {
  try {
    return parsePrefix(text)
  } catch (error) {
    throw error instanceof RetvalError ? new RetvalError('ADDRESS_LENGTH_MISMATCH') : error
  }
}

function refuseLinkLocal(owner: Interface, { address, length }: Prefix): never {
  if (length !== 128) throw new RetvalError('ADDRESS_LENGTH_MISMATCH')
  const own = owner.ip6?.linkLocal === formatAddress(address)
  throw new RetvalError(own ? 'ADDRESS_NOT_DELETABLE' : 'ADDRESS_NOT_FOUND_FOR_INTERFACE')
}

/** Two hosts of one network may sit on one interface. */
function sameNetwork(prefix: Prefix, other: Prefix): boolean {
  return prefix.length === other.length && formatAddress(prefix.address) !== formatAddress(other.address)
}

function isLinkLocal({ family, address }: Prefix): boolean {
  return family === 6 && address[0] === 0xfe && ((address[1] as number) & 0xc0) === 0x80
}

/** An address goes; IPv6 may have been switched off before it. */
function releaseIp6(interfaces: Interfaces, swIfIndex: number): void {
  if (interfaces.get(swIfIndex).ip6 !== undefined) disableIp6(interfaces, swIfIndex)
}
