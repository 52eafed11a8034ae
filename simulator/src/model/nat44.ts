import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'

/** A static mapping of endpoint-dependent NAT44, by the names of the API. */
export interface StaticMapping {
  readonly flags: number
  readonly localIpAddress: string
  readonly externalIpAddress: string
  readonly protocol: number
  readonly localPort: number
  readonly externalPort: number
  readonly externalSwIfIndex: number
  readonly vrfId: number
  readonly tag: string
}

/** Endpoint-dependent NAT44, as far as it is configuration. */
export class Nat44 {
  enabled = false
  readonly #mappings = new Map<string, StaticMapping>()
  readonly #addresses = new Map<
    string,
    { readonly ipAddress: string; readonly flags: number; readonly vrfId: number }
  >()
  readonly #features = new Map<number, number>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  /** @throws RetvalError -170 or -169 when it is so already */
  setEnabled(on: boolean): void {
    if (on === this.enabled)
      throw new RetvalError(on ? 'FEATURE_ALREADY_ENABLED' : 'FEATURE_ALREADY_DISABLED')
    this.enabled = on
    this.#mappings.clear()
    this.#addresses.clear()
    this.#features.clear()
  }

  mappings(): StaticMapping[] {
    return [...this.#mappings.values()]
  }

  addresses(): { readonly ipAddress: string; readonly flags: number; readonly vrfId: number }[] {
    return [...this.#addresses.values()]
  }

  /** Interfaces with their `NAT_IS_INSIDE` and `NAT_IS_OUTSIDE` bits. */
  features(): [swIfIndex: number, flags: number][] {
    return [...this.#features]
  }

  /** @throws RetvalError -126 while the feature is off, -81 when there is one already */
  addMapping(mapping: StaticMapping): void {
    this.#needEnabled()
    const key = keyOf(mapping)
    if (this.#mappings.has(key)) throw new RetvalError('VALUE_EXIST')
    this.#mappings.set(key, mapping)
  }

  /** @throws RetvalError -126 while the feature is off, -6 when there is none */
  removeMapping(mapping: StaticMapping): void {
    this.#needEnabled()
    if (!this.#mappings.delete(keyOf(mapping))) throw new RetvalError('NO_SUCH_ENTRY')
  }

  /** @throws RetvalError -126 while the feature is off */
  addAddress(ipAddress: string, flags: number, vrfId: number): void {
    this.#needEnabled()
    if (this.#addresses.has(ipAddress)) throw new RetvalError('VALUE_EXIST')
    this.#addresses.set(ipAddress, { ipAddress, flags, vrfId })
  }

  /** @throws RetvalError -126 while the feature is off, -6 when there is none */
  removeAddress(ipAddress: string): void {
    this.#needEnabled()
    if (!this.#addresses.delete(ipAddress)) throw new RetvalError('NO_SUCH_ENTRY')
  }

  /** @throws RetvalError -126 while the feature is off, -2 for an unknown interface */
  setFeature(swIfIndex: number, flags: number, on: boolean): void {
    this.#needEnabled()
    this.#interfaces.get(swIfIndex)
    const before = this.#features.get(swIfIndex) ?? 0
    const after = on ? before | flags : before & ~flags
    if (after === 0) this.#features.delete(swIfIndex)
    else this.#features.set(swIfIndex, after)
  }

  #needEnabled(): void {
    if (!this.enabled) throw new RetvalError('UNSUPPORTED')
  }
}

function keyOf({ externalIpAddress, externalPort, externalSwIfIndex, protocol }: StaticMapping): string {
  return `${externalIpAddress} ${externalPort} ${externalSwIfIndex} ${protocol}`
}
