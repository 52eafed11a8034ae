import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interfaces } from './interfaces.ts'
import type { NatTimeouts } from './nat64.ts'
import { formatAddress, masked, parseAddress } from './prefix.ts'
import { PATH_TYPE, makePath } from './route.ts'

/** Inside addresses that share outside addresses by a fixed rule. */
export interface Det44Map {
  readonly inAddr: string
  readonly inPlen: number
  readonly outAddr: string
  readonly outPlen: number
  /** Inside addresses for each outside one. */
  readonly sharingRatio: number
  readonly portsPerHost: number
}

/** What a map is made from. */
export type Det44MapInit = Pick<Det44Map, 'inAddr' | 'inPlen' | 'outAddr' | 'outPlen'>

/** A side of the translation. */
export interface Det44Interface {
  readonly swIfIndex: number
  readonly isInside: boolean
}

/** States of sessions. */
export const DET44_STATE = {
  UNKNOWN: 0,
  UDP_ACTIVE: 1,
  TCP_SYN_SENT: 2,
  TCP_ESTABLISHED: 3,
  TCP_FIN_WAIT: 4,
  TCP_CLOSE_WAIT: 5,
  TCP_CLOSING: 6,
  TCP_LAST_ACK: 7,
  TCP_CLOSED: 8,
  ICMP_ACTIVE: 9,
} as const

/** What a session is opened with. */
export interface Det44Flow {
  readonly inAddr: string
  readonly inPort: number
  readonly extAddr: string
  readonly extPort: number
  /** One of `DET44_STATE`; that of UDP when left out. */
  readonly state?: number
  /** Second of VPP's clock in which it ends; 0 when left out. */
  readonly expire?: number
}

/** A flow that is translated. */
export interface Det44Session extends Required<Det44Flow> {
  readonly outPort: number
}

const WRONG_STATE = 1
const FIRST_PORT = 1024
/** Length of a prefix that is one address. */
const HOST = 32
const PORTS = 65_535 - 1023
/** Sessions that an inside address can have. */
const SESSIONS_PER_USER = 1000
const DEFAULT_TIMEOUTS: NatTimeouts = { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 }

/** Deterministic translation of IPv4. As in VPP, most of it can be set while it is off. */
export class Det44 {
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  #enabled = false
  #timeouts = DEFAULT_TIMEOUTS
  #maps: Det44Map[] = []
  /** Slots of the inside addresses of a map; those that were given up are used again. */
  readonly #sessions = new Map<Det44Map, Map<string, (Det44Session | undefined)[]>>()
  /** A slot that was given up is used again. */
  #sides: (Det44Interface | undefined)[] = []
  readonly #free: number[] = []

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  get timeouts(): NatTimeouts {
    return this.#timeouts
  }

  get maps(): readonly Det44Map[] {
    return this.#maps
  }

  /** Interfaces that translate. */
  get sides(): Det44Interface[] {
    return this.#sides.filter((it) => it !== undefined)
  }

  /** True while a slot is free that had a side, which VPP takes for one when it is switched off. */
  get hasGap(): boolean {
    return this.#free.length > 0
  }

  /** Tables that are not there are made, and stay. @throws RetvalError 1 when it is on already */
  enable(insideVrf: number, outsideVrf: number): void {
    if (this.#enabled) throw new RetvalError(WRONG_STATE)
    this.#fib.hold(4, outsideVrf)
    this.#fib.hold(4, insideVrf)
    this.#enabled = true
  }

  /** Forgets everything but the routes of the maps. @throws RetvalError 1 when it is off already */
  disable(): void {
    if (!this.#enabled) throw new RetvalError(WRONG_STATE)
    this.#enabled = false
    this.#sides = []
    this.#free.length = 0
    this.#maps = []
    this.#sessions.clear()
    this.#timeouts = DEFAULT_TIMEOUTS
  }

  /** What is 0 stays as it is. */
  setTimeouts({ udp, tcpEstablished, tcpTransitory, icmp }: NatTimeouts): void {
    const before = this.#timeouts
    this.#timeouts = {
      udp: udp || before.udp,
      tcpEstablished: tcpEstablished || before.tcpEstablished,
      tcpTransitory: tcpTransitory || before.tcpTransitory,
      icmp: icmp || before.icmp,
    }
  }

  /** @throws RetvalError -2 for an unknown interface, -7 when it has a side */
  addSide(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (this.#indexOf(swIfIndex) >= 0) throw new RetvalError('INVALID_VALUE')
    this.#sides[this.#free.pop() ?? this.#sides.length] = { swIfIndex, isInside }
    if (!isInside) for (const map of this.#maps) this.#route(swIfIndex, map, true)
  }

  /** @throws RetvalError -2 for an unknown interface, -7 without a side */
  removeSide(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    const index = this.#indexOf(swIfIndex)
    if (index < 0) throw new RetvalError('INVALID_VALUE')
    this.#sides[index] = undefined
    this.#free.push(index)
    if (!isInside) for (const map of this.#maps) this.#route(swIfIndex, map, false)
  }

  /** @throws RetvalError -81 when it is there */
  addMap(init: Det44MapInit): void {
    const map = mapOf(init)
    if (this.#find(map) >= 0) throw new RetvalError('VALUE_EXIST')
    this.#maps.push(map)
    this.#routeOf(map, true)
  }

  /** @throws RetvalError -6 when it is not there */
  removeMap(init: Det44MapInit): void {
    const index = this.#find(mapOf(init))
    const [removed] = this.#maps.slice(index)
    if (index < 0 || removed === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#sessions.delete(removed)
    const last = this.#maps.pop()
    if (last !== undefined && index < this.#maps.length) this.#maps[index] = last
    this.#routeOf(mapOf(init), false)
  }

  /** Outside address and ports of an inside address. @throws RetvalError -6 without a map */
  forward(inAddr: string): { outAddr: string; outPortLo: number; outPortHi: number } {
    const map = this.#maps.find((it) => isIn(inAddr, it.inAddr, it.inPlen))
    if (map === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    const offset = numberOf(inAddr) - numberOf(map.inAddr)
    const outAddr = textOf(numberOf(map.outAddr) + Math.floor(offset / map.sharingRatio))
    const outPortLo = FIRST_PORT + map.portsPerHost * (offset % map.sharingRatio)
    return { outAddr, outPortLo, outPortHi: outPortLo + map.portsPerHost - 1 }
  }

  /** Inside address of an outside address and port. @throws RetvalError -6 without a map */
  reverse(outAddr: string, outPort: number): string {
    const map = this.#maps.find((it) => isIn(outAddr, it.outAddr, it.outPlen))
    if (map === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return insideOf(map, outAddr, outPort)
  }

  /**
   * Has a flow translated, as by its first packet: the port is the same modulo those of the address, or the next free.
   * @throws RetvalError -6 without a map, or when the address has no session or port left
   */
  open({ state = DET44_STATE.UDP_ACTIVE, expire = 0, ...flow }: Det44Flow): Det44Session {
    const { inAddr, inPort, extAddr, extPort } = flow
    const map = this.#maps.find((it) => isIn(inAddr, it.inAddr, it.inPlen))
    if (map === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    const slots = this.#slotsOf(map, inAddr)
    const open = slots.find((it) => it !== undefined && isOf(it, flow))
    if (open !== undefined) return open
    const free = slots.indexOf(undefined)
    const slot = free < 0 ? slots.length : free
    const used = new Set(
      slots.filter((it) => it?.extAddr === extAddr && it.extPort === extPort).map((it) => it?.outPort),
    )
    const { outPortLo } = this.forward(inAddr)
    const ports = Array.from(
      { length: map.portsPerHost },
      (_, index) => outPortLo + ((inPort + index) % map.portsPerHost),
    )
    const outPort = ports.find((port) => !used.has(port))
    if (slot >= SESSIONS_PER_USER || outPort === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return (slots[slot] = { ...flow, state, expire, outPort })
  }

  /** Sessions of an inside address. */
  sessionsOf(inAddr: string): Det44Session[] {
    const map = this.#maps.find((it) => isIn(inAddr, it.inAddr, it.inPlen))
    return map === undefined ? [] : this.#slotsOf(map, inAddr).filter((it) => it !== undefined)
  }

  /** How many sessions a map has. */
  count(map: Det44Map): number {
    const users = [...(this.#sessions.get(map)?.values() ?? [])]
    return users.flat().filter((it) => it !== undefined).length
  }

  /** @throws RetvalError -6 without such a session */
  closeInside(flow: Det44Flow): void {
    const map = this.#maps.find((it) => isIn(flow.inAddr, it.inAddr, it.inPlen))
    if (map === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#close(map, flow.inAddr, (it) => isOf(it, flow))
  }

  /**
   * VPP looks for the inside address behind the external one, where it means the outside one: it finds some sessions only.
   * @throws RetvalError -6 without such a session, or when VPP does not find it
   */
  closeOutside({
    outAddr,
    outPort,
    extAddr,
    extPort,
  }: Pick<Det44Session, 'outPort' | 'extAddr' | 'extPort'> & { outAddr: string }): void {
    const map = this.#maps.find((it) => isIn(outAddr, it.outAddr, it.outPlen))
    if (map === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#close(map, insideOf(map, extAddr, outPort), (it) => {
      return it.outPort === outPort && it.extAddr === extAddr && it.extPort === extPort
    })
  }

  #close(map: Det44Map, inAddr: string, doomed: (session: Det44Session) => boolean): void {
    const slots = this.#slotsOf(map, inAddr)
    const index = slots.findIndex((it) => it !== undefined && doomed(it))
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    slots[index] = undefined
  }

  /** By the part of the address that the map leaves open. */
  #slotsOf(map: Det44Map, inAddr: string): (Det44Session | undefined)[] {
    const host = numberOf(inAddr) % 2 ** (32 - map.inPlen)
    const user = textOf(numberOf(map.inAddr) + host)
    const users = this.#sessions.get(map) ?? new Map<string, (Det44Session | undefined)[]>()
    this.#sessions.set(map, users)
    const slots = users.get(user) ?? []
    users.set(user, slots)
    return slots
  }

  #indexOf(swIfIndex: number): number {
    return this.#sides.findIndex((it) => it?.swIfIndex === swIfIndex)
  }

  #find({ inAddr, inPlen, outAddr, outPlen }: Det44Map): number {
    return this.#maps.findIndex(
      (it) =>
        it.inAddr === inAddr && it.inPlen === inPlen && it.outAddr === outAddr && it.outPlen === outPlen,
    )
  }

  /** A route for the outside of a map, through the first interface that is outside. */
  #routeOf(map: Det44Map, on: boolean): void {
    const first = this.sides.find(({ isInside }) => !isInside)
    if (first !== undefined) this.#route(first.swIfIndex, map, on)
  }

  #route(swIfIndex: number, { outAddr, outPlen }: Det44Map, on: boolean): void {
    const table = this.#interfaces.find(swIfIndex)?.tableId[4] ?? 0
    const options = { source: SOURCE.DET44_LOW }
    const prefix = `${outAddr}/${outPlen}`
    const nextHop = outPlen === HOST ? outAddr : undefined
    const path = makePath({ swIfIndex, type: PATH_TYPE.LOCAL, nextHop })
    if (on) this.#fib.add(table, prefix, [path], options)
    else this.#fib.remove(table, prefix, [], options)
  }
}

function mapOf({ inAddr, inPlen, outAddr, outPlen }: Det44MapInit): Det44Map {
  const sharingRatio = Math.floor(2 ** (32 - inPlen) / 2 ** (32 - outPlen))
  return {
    inAddr: network(inAddr, inPlen),
    inPlen,
    outAddr: network(outAddr, outPlen),
    outPlen,
    sharingRatio,
    portsPerHost: Math.floor(PORTS / Math.max(1, sharingRatio)),
  }
}

function isOf(session: Det44Session, { inPort, extAddr, extPort }: Det44Flow): boolean {
  return session.inPort === inPort && session.extAddr === extAddr && session.extPort === extPort
}

/** The inside address that an outside address and port belong to. */
function insideOf(map: Det44Map, outAddr: string, outPort: number): string {
  const offset = (numberOf(outAddr) - numberOf(map.outAddr)) * map.sharingRatio
  return textOf(numberOf(map.inAddr) + offset + Math.trunc((outPort - FIRST_PORT) / map.portsPerHost))
}

function network(address: string, length: number): string {
  return formatAddress(masked(parseAddress(address), length))
}

function isIn(address: string, net: string, length: number): boolean {
  return network(address, length) === net
}

function numberOf(address: string): number {
  return Buffer.from(parseAddress(address)).readUInt32BE()
}

function textOf(number: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number >>> 0)
  return formatAddress(bytes)
}
