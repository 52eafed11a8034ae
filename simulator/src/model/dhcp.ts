import { RetvalError } from '../errors.ts'
import { addAddress, removeAddress } from './addresses.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'
import { makePath } from './route.ts'

/** How a client asks. */
export interface DhcpConfig {
  readonly swIfIndex: number
  readonly hostname: string
  readonly id: Uint8Array
  readonly wantEvent: boolean
  readonly broadcast: boolean
  readonly dscp: number
  readonly pid: number
  /** Handle of the API client that gets the event. */
  readonly clientIndex: number
}

/** What a server grants. */
export interface DhcpLease {
  /** With its length, as in `192.0.2.5/24`. */
  readonly address: string
  readonly router?: string
  readonly servers?: readonly string[]
}

/** A DHCP client on an interface, which asks for as long as it has no lease. */
export interface DhcpClient {
  readonly config: DhcpConfig
  readonly lease: DhcpLease | undefined
}

/** The parts of the model that a lease changes. */
export interface DhcpParts {
  readonly interfaces: Interfaces
  readonly fib: Fib
  /** Told of a client that has got a lease. */
  readonly bound: (client: DhcpClient) => void
}

/** DHCP clients. No server answers them; `grant` does. */
export class Dhcp implements Iterable<DhcpClient> {
  readonly #parts: DhcpParts
  readonly #clients = new Pool<DhcpClient>()

  constructor(parts: DhcpParts) {
    this.#parts = parts
  }

  [Symbol.iterator](): Iterator<DhcpClient> {
    return this.#clients[Symbol.iterator]()
  }

  /** @throws RetvalError -2 for an unknown interface, -7 when it has a client */
  add(config: DhcpConfig): void {
    this.#parts.interfaces.get(config.swIfIndex)
    if (this.#find(config.swIfIndex) !== undefined) throw new RetvalError('INVALID_VALUE')
    this.#clients.add(() => ({ config, lease: undefined }))
  }

  /** Removes a client and what its lease has set. @throws RetvalError -2 for an unknown interface, -7 without a client */
  remove(swIfIndex: number): void {
    this.#parts.interfaces.get(swIfIndex)
    const index = this.#get(swIfIndex)
    this.#apply(this.#clients.get(index), false)
    this.#clients.delete(index)
  }

  /** Has a server answer: the interface gets the address, and IPv4 its default route. @throws RetvalError -7 without a client */
  grant(swIfIndex: number, lease: DhcpLease): void {
    const index = this.#get(swIfIndex)
    const client = this.#clients.get(index)
    if (client === undefined) return
    this.#apply(client, false)
    const bound = { ...client, lease }
    this.#clients.set(index, bound)
    this.#apply(bound, true)
    this.#parts.bound(bound)
  }

  #apply(client: DhcpClient | undefined, on: boolean): void {
    if (client?.lease === undefined) return
    const { interfaces, fib } = this.#parts
    const { lease, config } = client
    const { swIfIndex } = config
    if (on) addAddress(interfaces, swIfIndex, lease.address)
    if (lease.router !== undefined) {
      const path = makePath({ swIfIndex, nextHop: lease.router })
      const options = { source: SOURCE.DHCP, multipath: true }
      if (on) fib.add(0, '0.0.0.0/0', [path], options)
      else fib.remove(0, '0.0.0.0/0', [path], options)
    }
    // VPP does not ask whether the address is still there.
    if (!on && interfaces.get(swIfIndex).addresses.includes(lease.address))
      removeAddress(interfaces, swIfIndex, lease.address)
  }

  #get(swIfIndex: number): number {
    const index = this.#find(swIfIndex)
    if (index === undefined) throw new RetvalError('INVALID_VALUE')
    return index
  }

  #find(swIfIndex: number): number | undefined {
    return this.#clients.indexOf(({ config }) => config.swIfIndex === swIfIndex)
  }
}
