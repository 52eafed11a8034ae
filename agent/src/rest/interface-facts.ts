import type { Instance } from '../instance/instance.ts'
import type { AddressValue } from '../kinds/interface/address.ts'
import type { InterfaceTableValue } from '../kinds/interface/table.ts'

/** What is set on an interface beside the interface itself. */
export interface FactsOfInterface {
  readonly addresses: readonly string[]
  /** Table of IPv4; null when it is not known. */
  readonly table: number | null
  /** Table of IPv6. */
  readonly table6: number | null
  /** Origin that declares it; null if it is not an item. */
  readonly origin: string | null
}

/** All interfaces as of the last look at VPP, and who declares them. */
export class InterfaceFacts {
  readonly #instance: Instance
  readonly #addresses = new Map<string, string[]>()
  readonly #tables = { 4: new Map<string, number>(), 6: new Map<string, number>() }

  constructor(instance: Instance) {
    this.#instance = instance
    for (const { value } of instance.seen('address')) {
      const { interface: name, address } = value as unknown as AddressValue
      const known = this.#addresses.get(name)
      if (known === undefined) this.#addresses.set(name, [address])
      else known.push(address)
    }
    for (const { value } of instance.seen('interface-table')) {
      const { interface: name, family, table } = value as unknown as InterfaceTableValue
      this.#tables[family].set(name, table)
    }
  }

  of(name: string): FactsOfInterface {
    return {
      addresses: this.#addresses.get(name) ?? [],
      table: this.#tables[4].get(name) ?? null,
      table6: this.#tables[6].get(name) ?? null,
      origin: this.#instance.declared.state.keptOf({ kind: 'interface', key: name })?.origin ?? null,
    }
  }
}
