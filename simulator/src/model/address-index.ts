import { formatAddress, masked, parsePrefix } from './prefix.ts'
import type { Family, Prefix } from './prefix.ts'

/** An address of an interface. */
export interface OwnedAddress {
  readonly swIfIndex: number
  /** As `192.0.2.1/24`. */
  readonly address: string
}

/** What is known of a network of one length. */
interface Network {
  /** Addresses that were given with exactly this length. */
  readonly exact: Set<OwnedAddress>
  /** Addresses of this network that were given with this length or a longer one. */
  inside: number
}

/** Finds addresses of one table that clash with another, without looking at all of them. */
class TableAddresses {
  readonly #byLength = new Map<number, Map<string, Network>>()
  readonly #all = new Set<OwnedAddress>()

  add(owned: OwnedAddress): void {
    const prefix = parsePrefix(owned.address)
    this.#openLength(prefix.length)
    this.#all.add(owned)
    this.#count(prefix, owned, 1)
  }

  remove(owned: OwnedAddress): void {
    if (!this.#all.delete(owned)) return
    this.#count(parsePrefix(owned.address), owned, -1)
  }

  /** Addresses whose network shares addresses with that of `prefix`. */
  *overlapping(prefix: Prefix): Iterable<OwnedAddress> {
    for (const [length, networks] of this.#byLength) {
      if (length < prefix.length) yield* networks.get(networkKey(prefix, length))?.exact ?? []
    }
    const same = this.#byLength.get(prefix.length)?.get(networkKey(prefix, prefix.length))
    if (same !== undefined) yield* same.exact
    const known = this.#byLength.has(prefix.length)
    if (known && (same === undefined || same.inside === same.exact.size)) return
    // A longer one lies inside, or might: the length is new. Both are rare.
    for (const owned of this.#all) {
      const other = parsePrefix(owned.address)
      if (
        other.length > prefix.length &&
        networkKey(other, prefix.length) === networkKey(prefix, prefix.length)
      )
        yield owned
    }
  }

  #openLength(length: number): void {
    if (this.#byLength.has(length)) return
    const networks = new Map<string, Network>()
    this.#byLength.set(length, networks)
    for (const { address } of this.#all) {
      const prefix = parsePrefix(address)
      if (prefix.length > length) networkAt(networks, prefix, length).inside++
    }
  }

  #count(prefix: Prefix, owned: OwnedAddress, change: 1 | -1): void {
    for (const [length, networks] of this.#byLength) {
      if (length > prefix.length) continue
      const network = networkAt(networks, prefix, length)
      network.inside += change
      if (length === prefix.length) {
        if (change === 1) network.exact.add(owned)
        else network.exact.delete(owned)
      }
      if (network.inside === 0) networks.delete(networkKey(prefix, length))
    }
  }
}

/** The addresses of all interfaces by table. */
export class AddressIndex {
  readonly #tables = new Map<string, TableAddresses>()

  add(family: Family, tableId: number, owned: OwnedAddress): void {
    const key = `${family} ${tableId}`
    let table = this.#tables.get(key)
    if (table === undefined) this.#tables.set(key, (table = new TableAddresses()))
    table.add(owned)
  }

  remove(family: Family, tableId: number, owned: OwnedAddress): void {
    this.#tables.get(`${family} ${tableId}`)?.remove(owned)
  }

  /** Addresses of a table whose networks share addresses with that of `prefix`. */
  overlapping(tableId: number, prefix: Prefix): Iterable<OwnedAddress> {
    return this.#tables.get(`${prefix.family} ${tableId}`)?.overlapping(prefix) ?? []
  }
}

function networkKey({ address }: Prefix, length: number): string {
  return formatAddress(masked(address, length))
}

function networkAt(networks: Map<string, Network>, prefix: Prefix, length: number): Network {
  const key = networkKey(prefix, length)
  let network = networks.get(key)
  if (network === undefined) networks.set(key, (network = { exact: new Set(), inside: 0 }))
  return network
}
