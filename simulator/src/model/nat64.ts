import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { familyOf, formatAddress, parseAddress } from './prefix.ts'
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

/** What a binding is asked for with. */
export interface Nat64BindingInit {
  readonly inside: string
  readonly outside: string
  readonly insidePort: number
  readonly outsidePort: number
  readonly vrfId: number
  readonly proto: number
}

/** An inside address and port with those outside. */
export interface Nat64Binding extends Nat64BindingInit {
  /** Made by a client; the others come and go with their sessions. */
  readonly isStatic: boolean
}

/** What a flow is translated from and to. */
export interface Nat64Flow extends Nat64BindingInit {
  /** IPv4 address that it goes to. */
  readonly remote: string
  readonly remotePort: number
}

/** A flow that is translated. */
export interface Nat64Session {
  readonly binding: Nat64Binding
  readonly remote: string
  /** What stands for `remote` in IPv6. */
  readonly remote6: string
  readonly remotePort: number
}

const NONE = 0xffff_ffff
/** VPP gives this when the plugin is on, or off, at the wrong time. */
const WRONG_STATE = 1
const DEFAULT_TIMEOUTS: NatTimeouts = { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 }
/** For tables without a prefix. */
const WELL_KNOWN = '64:ff9b::/96'
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
  #sessions: Nat64Session[] = []
  /** Interfaces whose addresses are in the pool; they outlast the plugin being off. */
  readonly #pooled = new Set<number>()

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

  get sessions(): readonly Nat64Session[] {
    return this.#sessions
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
    this.#sessions = []
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
      this.#close(({ binding }) => binding.outside === address)
      swapOut(this.#pool, index)
      this.#routeOf(address, false)
    }
  }

  /**
   * Has the addresses of an interface in the pool, those of now (the first only, as in VPP) and those to come.
   * @throws RetvalError -2 for an unknown interface, -81 when it has them already
   */
  addInterfaceAddress(swIfIndex: number): void {
    const first = firstAddress(this.#interfaces.get(swIfIndex))
    if (this.#pooled.has(swIfIndex)) throw new RetvalError('VALUE_EXIST')
    this.#pooled.add(swIfIndex)
    if (first !== undefined) this.#pool4(first)
  }

  /** The first address goes, others stay. @throws RetvalError -2 for an unknown interface, -6 when it has none there */
  removeInterfaceAddress(swIfIndex: number): void {
    const first = firstAddress(this.#interfaces.get(swIfIndex))
    if (!this.#pooled.delete(swIfIndex)) throw new RetvalError('NO_SUCH_ENTRY')
    if (first !== undefined) this.#unpool4(first)
  }

  /** An interface has got an address. */
  addressAdded(swIfIndex: number, address: string): void {
    if (this.#enabled && this.#pooled.has(swIfIndex) && familyOf(address) === 4) this.#pool4(bare(address))
  }

  /** An interface has lost an address. */
  addressRemoved(swIfIndex: number, address: string): void {
    if (this.#enabled && this.#pooled.has(swIfIndex) && familyOf(address) === 4) this.#unpool4(bare(address))
  }

  #pool4(address: string): void {
    if (!this.#pool.some((it) => it.address === address)) this.addAddresses([address], NONE)
  }

  #unpool4(address: string): void {
    if (this.#pool.some((it) => it.address === address)) this.removeAddresses([address])
  }

  /**
   * Has a flow translated, as by its first packet. A flow without a binding gets the one that it names, for as long as it
   * has sessions.
   * @throws RetvalError -6 for an outside address that is neither bound nor in the pool
   */
  open({ remote, remotePort, ...init }: Nat64Flow): Nat64Session {
    let binding = this.#bindings[this.#bindingOf(init)]
    if (binding === undefined) {
      if (!this.#pool.some(({ address }) => address === init.outside)) throw new RetvalError('NO_SUCH_ENTRY')
      binding = { ...init, isStatic: false }
      this.#bindings.push(binding)
    }
    const session = { binding, remote, remote6: this.#embed(remote, init.vrfId), remotePort }
    this.#sessions.push(session)
    return session
  }

  /** Ends a session, as its timeout does. */
  close(session: Nat64Session): void {
    this.#close((it) => it === session)
  }

  /** Sessions of a binding. */
  sessionsOf(binding: Nat64Binding): number {
    return this.#sessions.filter((it) => it.binding === binding).length
  }

  /** Dynamic bindings go with their last session. */
  #close(doomed: (session: Nat64Session) => boolean): void {
    const ended = new Set(this.#sessions.filter(doomed))
    this.#sessions = this.#sessions.filter((it) => !ended.has(it))
    for (const { binding } of ended) {
      if (binding.isStatic || this.sessionsOf(binding) > 0) continue
      this.#bindings = this.#bindings.filter((it) => it !== binding)
    }
  }

  /** An IPv4 address in the prefix of a table, else of the first table, else the well-known one. */
  #embed(address: string, vrfId: number): string {
    const prefix =
      this.#prefixes.find((it) => it.vrfId === vrfId) ?? this.#prefixes.findLast((it) => it.vrfId === 0)
    const [network = '', length = ''] = (prefix?.prefix ?? WELL_KNOWN).split('/')
    const bytes = Uint8Array.from(parseAddress(network))
    let at = Number(length) / 8
    for (const byte of parseAddress(address)) {
      // Bits 64 to 71 stay zero.
      if (at === 8) at++
      bytes[at++] = byte
    }
    return formatAddress(bytes)
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
  addBinding(binding: Nat64BindingInit): void {
    this.#fib.hold(6, binding.vrfId)
    if (this.#bindingOf(binding) >= 0) throw new RetvalError('VALUE_EXIST')
    const { outside, outsidePort, proto } = binding
    const pooled = this.#pool.some(({ address }) => address === outside)
    const taken = this.#bindings.some(
      (it) => it.outside === outside && it.outsidePort === outsidePort && it.proto === proto,
    )
    if (pooled && taken) throw new RetvalError('INVALID_VALUE')
    this.#bindings.push({ ...binding, isStatic: true })
  }

  /** Its sessions end. @throws RetvalError -6 when it is not there */
  removeBinding(binding: Nat64BindingInit): void {
    this.#fib.hold(6, binding.vrfId)
    const index = this.#bindingOf(binding)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    const [removed] = this.#bindings.splice(index, 1)
    this.#close((it) => it.binding === removed)
  }

  #bindingOf({ inside, insidePort, proto, vrfId }: Nat64BindingInit): number {
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

function bare(address: string): string {
  return address.slice(0, address.indexOf('/'))
}

function firstAddress({ addresses }: Interface): string | undefined {
  const first = addresses.find((it) => familyOf(it) === 4)
  return first === undefined ? undefined : bare(first)
}

function checkLength(prefix: string): void {
  if (!PREFIX_LENGTHS.has(Number(prefix.split('/')[1]))) throw new RetvalError('INVALID_VALUE')
}

/** As in VPP's vectors the last item takes the place. */
function swapOut<T>(list: T[], index: number): void {
  const last = list.pop()
  if (last !== undefined && index < list.length) list[index] = last
}
