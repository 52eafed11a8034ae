import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** What becomes of packets of one colour. */
export interface PolicerAction {
  readonly type: number
  readonly dscp: number
}

/** A policer's configuration, by the names of the API. */
export interface PolicerConfig {
  /** Kilobits or packets a second. */
  readonly cir: number
  readonly eir: number
  /** Bytes or milliseconds. */
  readonly cb: bigint
  readonly eb: bigint
  readonly rateType: number
  readonly roundType: number
  readonly type: number
  readonly colorAware: boolean
  readonly conformAction: PolicerAction
  readonly exceedAction: PolicerAction
  readonly violateAction: PolicerAction
}

/** A policer. */
export interface Policer {
  readonly index: number
  readonly name: string
  readonly config: PolicerConfig
}

/** Where packets meet a policer. */
export type PolicerDirection = 'input' | 'output'

const PACKETS_PER_SECOND = 1
const SINGLE_RATE_TWO_COLOURS = 0
const SINGLE_RATE = 1
/** The last type that VPP can do. */
const LAST_TYPE = 3
/** Bits of the packet that VPP reckons with. */
const PACKET_BITS = 256 * 8

/** Policers, and the interfaces that have them. */
export class Policers implements Iterable<Policer> {
  readonly #pool = new Pool<Policer>()
  readonly #byName = new Map<string, number>()
  readonly #interfaces: Interfaces
  readonly #applied: Readonly<Record<PolicerDirection, Map<number, number>>> = {
    input: new Map(),
    output: new Map(),
  }
  readonly #greatest = { input: -1, output: -1 }
  /** How often packets of an interface meet its policer: VPP counts what is put on twice. */
  readonly #features: Readonly<Record<PolicerDirection, Map<number, number>>> = {
    input: new Map(),
    output: new Map(),
  }

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<Policer> {
    return this.#pool[Symbol.iterator]()
  }

  byName(name: string): Policer | undefined {
    const index = this.#byName.get(name)
    return index === undefined ? undefined : this.#pool.get(index)
  }

  find(index: number): Policer | undefined {
    return this.#pool.get(index)
  }

  /** @throws RetvalError -6 when there is none */
  get(index: number): Policer {
    return known(this.#pool.get(index))
  }

  /** @throws RetvalError -6 when there is none */
  named(name: string): Policer {
    return known(this.byName(name))
  }

  /** @throws RetvalError -81 for a name in use, -7 for rates and bursts that do not go together */
  add(name: string, config: PolicerConfig): Policer {
    if (this.#byName.has(name)) throw new RetvalError('VALUE_EXIST')
    vet(config)
    const added = this.#pool.add((index) => ({ index, name, config }))
    this.#byName.set(name, added.index)
    return added
  }

  /** @throws RetvalError -6 when there is none, -7 as with `add` */
  update(index: number, config: PolicerConfig): void {
    const it = this.get(index)
    vet(config)
    this.#pool.set(index, { ...it, config })
  }

  /** Interfaces keep a policer that is deleted, as in VPP. @throws RetvalError -6 when there is none */
  delete(index: number): void {
    this.#byName.delete(this.get(index).name)
    this.#pool.delete(index)
  }

  /** Gives a policer to one worker. @throws RetvalError -6 when there is none, -89 without the worker */
  bind(index: number, worker: number, workers: number, on: boolean): void {
    this.get(index)
    if (on && worker >= workers) throw new RetvalError('INVALID_WORKER')
  }

  /** @throws RetvalError -2 for an unknown interface, -6 for an unknown policer */
  apply(swIfIndex: number, index: () => number, direction: PolicerDirection, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    const policer = this.get(index()).index
    const times = this.featuresOf(swIfIndex, direction)
    this.#features[direction].set(swIfIndex, Math.max(0, times + (on ? 1 : -1)))
    if (on) {
      this.#applied[direction].set(swIfIndex, policer)
      this.#greatest[direction] = Math.max(this.#greatest[direction], swIfIndex)
    } else {
      this.#applied[direction].delete(swIfIndex)
    }
  }

  /** How often packets of an interface meet its policer. */
  featuresOf(swIfIndex: number, direction: PolicerDirection): number {
    return this.#features[direction].get(swIfIndex) ?? 0
  }

  /** An interface was deleted. VPP keeps its policer for the next one with the index, which meets it nowhere. */
  forget(swIfIndex: number): void {
    this.#features.input.delete(swIfIndex)
    this.#features.output.delete(swIfIndex)
  }

  /** The policer of an interface. */
  appliedTo(swIfIndex: number, direction: PolicerDirection): number | undefined {
    return this.#applied[direction].get(swIfIndex)
  }

  /** True once an interface with this index or a greater one has had a policer: VPP has room for it. */
  hasRoomFor(swIfIndex: number, direction: PolicerDirection): boolean {
    return swIfIndex <= this.#greatest[direction]
  }
}

function known(policer: Policer | undefined): Policer {
  if (policer === undefined) throw new RetvalError('NO_SUCH_ENTRY')
  return policer
}

/** True for a policer that reckons with one rate. */
export function isSingleRate(config: PolicerConfig): boolean {
  const { type, rateType } = config
  const { cir, cb, eb } = rateType === PACKETS_PER_SECOND ? inBytes(config) : config
  return type <= SINGLE_RATE || (cir === 0 && cb === 0n && eb === 0n)
}

/** @throws RetvalError -7 for rates and bursts that do not go together */
function vet({ rateType, type, ...given }: PolicerConfig): void {
  if (rateType > PACKETS_PER_SECOND) throw new RetvalError('INVALID_VALUE')
  const { cir, eir, cb, eb } = rateType === PACKETS_PER_SECOND ? inBytes(given) : given
  if (cir === 0 && cb === 0n && eb === 0n) return
  const right =
    type <= SINGLE_RATE
      ? cir !== 0 && eir === 0 && (cb !== 0n || eb !== 0n) && (type !== SINGLE_RATE_TWO_COLOURS || eb === 0n)
      : type <= LAST_TYPE && cir !== 0 && eir >= cir && cb !== 0n && eb !== 0n
  if (!right) throw new RetvalError('INVALID_VALUE')
}

type Rates = Pick<PolicerConfig, 'cir' | 'eir' | 'cb' | 'eb'>

function inBytes({ cir, eir, cb, eb }: Rates): Rates {
  const [committed, excess] = [kilobits(cir), kilobits(eir)]
  return { cir: committed, eir: excess, cb: bytes(cb, committed), eb: bytes(eb, excess) }
}

function kilobits(packets: number): number {
  return Math.round((packets * PACKET_BITS) / 1000)
}

function bytes(milliseconds: bigint, rate: number): bigint {
  return BigInt(Math.round((Number(milliseconds) * rate) / 8))
}
