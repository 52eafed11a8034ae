import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { overlap, parsePrefix, spellPrefix } from './prefix.ts'
import type { Prefix } from './prefix.ts'

/**
 * Gives an interface an address, written `192.0.2.1/24`.
 * @throws RetvalError -2 for an unknown interface, -126 for `local0`, -105 (IPv4) or -127 (IPv6) when it clashes with
 * another address of the table, -59 for a link-local address that is not /128
 */
export function addAddress(interfaces: Interfaces, swIfIndex: number, text: string): void {
  const owner = interfaces.get(swIfIndex)
  if (swIfIndex === 0) throw new RetvalError('UNSUPPORTED')
  const prefix = parsePrefix(text)
  if (isLinkLocal(prefix) && prefix.length !== 128) throw new RetvalError('ADDRESS_LENGTH_MISMATCH')
  for (const other of interfaces) {
    if (other.tableId[prefix.family] !== owner.tableId[prefix.family]) continue
    for (const address of other.addresses) {
      if (clash(prefix, owner, parsePrefix(address), other)) {
        throw new RetvalError(prefix.family === 4 ? 'ADDRESS_IN_USE' : 'DUPLICATE_IF_ADDRESS')
      }
    }
  }
  interfaces.setAddresses(swIfIndex, [...owner.addresses, spellPrefix(prefix)])
}

/** @throws RetvalError -2 for an unknown interface, -60 when it does not have the address */
export function removeAddress(interfaces: Interfaces, swIfIndex: number, text: string): void {
  const owner = interfaces.get(swIfIndex)
  const doomed = spellPrefix(parsePrefix(text))
  if (!owner.addresses.includes(doomed)) throw new RetvalError('ADDRESS_NOT_FOUND_FOR_INTERFACE')
  interfaces.setAddresses(
    swIfIndex,
    owner.addresses.filter((address) => address !== doomed),
  )
}

/** The addresses of all interfaces that were not set again since it was made. */
export class StaleAddresses {
  readonly #stale = new Map<number, Set<string>>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
    for (const { swIfIndex, addresses } of interfaces) this.#stale.set(swIfIndex, new Set(addresses))
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

/** Two hosts of one network may sit on one interface; networks that share addresses may not exist twice. */
function clash(prefix: Prefix, owner: Interface, other: Prefix, otherOwner: Interface): boolean {
  if (!overlap(prefix, other)) return false
  const sameNetwork = owner === otherOwner && prefix.length === other.length
  return !sameNetwork || spellPrefix(prefix) === spellPrefix(other)
}

function isLinkLocal({ family, address }: Prefix): boolean {
  return family === 6 && address[0] === 0xfe && ((address[1] as number) & 0xc0) === 0x80
}
