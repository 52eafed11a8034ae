import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interfaces } from './interfaces.ts'
import { formatAddress, parseAddress } from './prefix.ts'
import { Pool } from './pool.ts'
import { PATH_TYPE, makePath } from './route.ts'

/** Seconds that sessions live. */
export interface NatTimeouts {
  readonly udp: number
  readonly tcpEstablished: number
  readonly tcpTransitory: number
  readonly icmp: number
}

/** An address of the pool; without a table it is for all. */
export interface Nat64Address {
  readonly address: string
  readonly vrfId: number
}

/** A prefix that stands for IPv4. */
export interface Nat64Prefix {
  readonly prefix: string
  readonly vrfId: number
}

/** A side of the translation; an interface can be both. */
export interface Nat64Interface {
  readonly swIfIndex: number
  readonly inside: boolean
  readonly outside: boolean
}

/** A fixed binding. */
export interface Nat64Binding {
  readonly inside: string
  readonly outside: string
  readonly insidePort: number
  readonly outsidePort: number
  readonly vrfId: number
  readonly proto: number
}

const NONE = 0xffff_ffff
/** VPP gives this when the plugin is on, or off, at the wrong time. */
const WRONG_STATE = 1
const DEFAULT_TIMEOUTS: NatTimeouts = { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 }
const PREFIX_LENGTHS: ReadonlySet<number> = new Set([32, 40, 48, 56, 64, 96])

/** Translation between IPv6 and IPv4. As in VPP, most of it can be set while it is off. */
export class Nat64 {
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  #timeouts = DEFAULT_TIMEOUTS
  #enabled = false
  #sides = new Pool<Nat64Interface>()
  #pool: Nat64Address[] = []
  #prefixes: Nat64Prefix[] = []
  #bindings: Nat64Binding[] = []

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  get timeouts(): NatTimeouts {
    return this.#timeouts
  }

  set timeouts({ udp, tcpEstablished, tcpTransitory, icmp }: NatTimeouts) {
    this.#timeouts = { udp, tcpEstablished, tcpTransitory, icmp }
  }

  get enabled(): boolean {
    return this.#enabled
  }

  get sides(): Iterable<Nat64Interface> {
    return this.#sides
  }

  get pool(): readonly Nat64Address[] {
    return this.#pool
  }

  get prefixes(): readonly Nat64Prefix[] {
    return this.#prefixes
  }

  get bindings(): readonly Nat64Binding[] {
    return this.#bindings
  }

  /** @throws RetvalError 1 when it is on already */
  enable(): void {
    if (this.#enabled) throw new RetvalError(WRONG_STATE)
    this.#enabled = true
  }

  /** Forgets everything but the routes of the pool and the tables of prefixes, which stay. @throws RetvalError 1 when it is off already */
  disable(): void {
    if (!this.#enabled) throw new RetvalError(WRONG_STATE)
    this.#enabled = false
    for (const { vrfId } of this.#pool) if (vrfId !== NONE) this.#fib.letGo(6, vrfId)
    this.#sides = new Pool()
    this.#pool = []
    this.#prefixes = []
    this.#bindings = []
    this.#timeouts = DEFAULT_TIMEOUTS
  }

  /** An interface can have both sides. @throws RetvalError -2 for an unknown interface */
  addSide(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    const index = this.#sideOf(swIfIndex)
    const before = index === undefined ? undefined : this.#sides.get(index)
    const inside = isInside || before?.inside === true
    const outside = !isInside || before?.outside === true
    if (index === undefined) this.#sides.add(() => ({ swIfIndex, inside, outside }))
    else this.#sides.set(index, { swIfIndex, inside, outside })
    if (!isInside) this.#route(swIfIndex, true)
  }

  /** Of an interface with one side, the side that is named does not matter. @throws RetvalError -2, -6 without a side */
  removeSide(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    const index = this.#sideOf(swIfIndex)
    const before = index === undefined ? undefined : this.#sides.get(index)
    if (index === undefined || before === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    if (before.inside && before.outside)
      this.#sides.set(index, { swIfIndex, inside: !isInside, outside: isInside })
    else this.#sides.delete(index)
    if (!isInside) this.#route(swIfIndex, false)
  }

  /** @throws RetvalError -81 for an address that is there, after those before it were added */
  addAddresses(addresses: readonly string[], vrfId: number): void {
    for (const address of addresses) {
      if (this.#pool.some((it) => it.address === address)) throw new RetvalError('VALUE_EXIST')
      if (vrfId !== NONE) this.#fib.hold(6, vrfId)
      this.#pool.push({ address, vrfId })
      this.#routeOf(address, true)
    }
  }

  /** The last address takes the place of one that goes. @throws RetvalError -6 for an address that is not there */
  removeAddresses(addresses: readonly string[]): void {
    for (const address of addresses) {
      const index = this.#pool.findIndex((it) => it.address === address)
      const found = this.#pool[index]
      if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
      if (found.vrfId !== NONE) this.#fib.letGo(6, found.vrfId)
      this.#bindings = this.#bindings.filter(({ outside }) => outside !== address)
      swapOut(this.#pool, index)
      this.#routeOf(address, false)
    }
  }

  /** A table has one prefix; another takes its place. @throws RetvalError -7 for a length that cannot be */
  addPrefix(prefix: string, vrfId: number): void {
    checkLength(prefix)
    const known = this.#prefixes.findIndex((it) => it.vrfId === vrfId)
    if (known >= 0) this.#prefixes[known] = { prefix, vrfId }
    else {
      this.#fib.hold(6, vrfId)
      this.#prefixes.push({ prefix, vrfId })
    }
  }

  /** The table stays in use, as in VPP. @throws RetvalError -7 for a length that cannot be, -6 without a prefix */
  removePrefix(prefix: string, vrfId: number): void {
    checkLength(prefix)
    const index = this.#prefixes.findIndex((it) => it.vrfId === vrfId)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    swapOut(this.#prefixes, index)
  }

  /** The table is in use from then on. @throws RetvalError -81 for an inside that is bound, -7 for an outside of the pool in use */
  addBinding(binding: Nat64Binding): void {
    this.#fib.hold(6, binding.vrfId)
    if (this.#bindingOf(binding) >= 0) throw new RetvalError('VALUE_EXIST')
    const { outside, outsidePort, proto } = binding
    const pooled = this.#pool.some(({ address }) => address === outside)
    const taken = this.#bindings.some(
      (it) => it.outside === outside && it.outsidePort === outsidePort && it.proto === proto,
    )
    if (pooled && taken) throw new RetvalError('INVALID_VALUE')
    this.#bindings.push(binding)
  }

  /** @throws RetvalError -6 when it is not there */
  removeBinding(binding: Nat64Binding): void {
    this.#fib.hold(6, binding.vrfId)
    const index = this.#bindingOf(binding)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    this.#bindings.splice(index, 1)
  }

  #bindingOf({ inside, insidePort, proto, vrfId }: Nat64Binding): number {
    return this.#bindings.findIndex(
      (it) =>
        it.inside === inside && it.insidePort === insidePort && it.proto === proto && it.vrfId === vrfId,
    )
  }

  #sideOf(swIfIndex: number): number | undefined {
    return this.#sides.indexOf((it) => it.swIfIndex === swIfIndex)
  }

  /** Routes for the addresses of the pool, through an interface that is outside. */
  #route(swIfIndex: number, on: boolean): void {
    for (const { address } of this.#pool) this.#change(swIfIndex, address, on)
  }

  /** A route for an address, through the first interface that is outside only. */
  #routeOf(address: string, on: boolean): void {
    const first = [...this.#sides].find(({ inside }) => !inside)
    if (first !== undefined) this.#change(first.swIfIndex, address, on)
  }

  #change(swIfIndex: number, address: string, on: boolean): void {
    const table = this.#interfaces.find(swIfIndex)?.tableId[4] ?? 0
    const options = { source: SOURCE.NAT64_LOW }
    if (on)
      this.#fib.add(
        table,
        `${address}/32`,
        [makePath({ swIfIndex, type: PATH_TYPE.LOCAL, nextHop: address })],
        options,
      )
    else this.#fib.remove(table, `${address}/32`, [], options)
  }
}

/** All addresses from the first to the last. */
export function addressesBetween(first: string, last: string): string[] {
  const [from, to] = [first, last].map((it) => Buffer.from(parseAddress(it)).readUInt32BE())
  const count = Math.max(0, (to ?? 0) - (from ?? 0) + 1)
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE((from ?? 0) + index)
    return formatAddress(bytes)
  })
}

function checkLength(prefix: string): void {
  if (!PREFIX_LENGTHS.has(Number(prefix.split('/')[1]))) throw new RetvalError('INVALID_VALUE')
}

/** As in VPP's vectors the last item takes the place. */
function swapOut<T>(list: T[], index: number): void {
  const last = list.pop()
  if (last !== undefined && index < list.length) list[index] = last
}
