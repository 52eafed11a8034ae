import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces, Ip6Link } from './interfaces.ts'

/** What an interface advertises, by the names of the API. */
export interface Advertisement {
  readonly curHopLimit: number
  readonly advManagedFlag: boolean
  readonly advOtherFlag: boolean
  readonly advRouterLifetime: number
  readonly advLinkMtu: number
  readonly sendRadv: boolean
  readonly ceaseRadv: boolean
  readonly sendUnicast: boolean
  readonly advLinkLayerAddress: boolean
  readonly maxRadvInterval: number
  readonly minRadvInterval: number
  readonly initialAdvertsCount: number
  readonly initialAdvertsInterval: number
}

/** A prefix that is advertised, by the names of the API. */
export interface AdvertisedPrefix {
  readonly prefix: string
  readonly onlinkFlag: boolean
  readonly autonomousFlag: boolean
  readonly valLifetime: number
  readonly prefLifetime: number
  readonly decrementLifetimeFlag: boolean
  readonly noAdvertise: boolean
}

/** What `sw_interface_ip6nd_ra_config` asks for. */
export interface AdvertisementRequest {
  readonly suppress: number
  readonly managed: number
  readonly other: number
  readonly llOption: number
  readonly sendUnicast: number
  readonly cease: number
  readonly isNo: boolean
  readonly defaultRouter: number
  readonly maxInterval: number
  readonly minInterval: number
  readonly lifetime: number
  readonly initialCount: number
  readonly initialInterval: number
}

/** What `sw_interface_ip6nd_ra_prefix` asks for. */
export interface PrefixRequest {
  readonly useDefault: boolean
  readonly noAdvertise: boolean
  readonly offLink: boolean
  readonly noAutoconfig: boolean
  readonly noOnlink: boolean
  readonly isNo: boolean
  readonly valLifetime: number
  readonly prefLifetime: number
}

const DEFAULTS: Omit<Advertisement, 'advLinkMtu'> = {
  curHopLimit: 64,
  advManagedFlag: false,
  advOtherFlag: false,
  advRouterLifetime: 600,
  sendRadv: false,
  ceaseRadv: false,
  sendUnicast: false,
  advLinkLayerAddress: true,
  maxRadvInterval: 200,
  minRadvInterval: 150,
  initialAdvertsCount: 3,
  initialAdvertsInterval: 16,
}
const NONE = 0xffff_ffff
const LONGEST_LIFETIME = 9000
/** Seconds between two advertisements at least. */
const SHORTEST_INTERVAL = 3

interface State {
  changed: Partial<Advertisement>
  /** By address: VPP finds a prefix by its address, whatever its length. */
  readonly prefixes: Map<string, AdvertisedPrefix>
}

/** Router advertisements of IPv6: there for every Ethernet interface on which IPv6 is on. */
export class RouterAdvertisements {
  /** By IPv6 of an interface: what it advertises goes when that is turned off. */
  readonly #states = new WeakMap<Ip6Link['since'], State>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  /** Interfaces with what they advertise. */
  *[Symbol.iterator](): Iterator<[swIfIndex: number, Advertisement, readonly AdvertisedPrefix[]]> {
    for (const it of this.#interfaces) {
      const state = this.#stateOf(it)
      if (state !== undefined) yield [it.swIfIndex, advertisementOf(it, state), [...state.prefixes.values()]]
    }
  }

  /**
   * Fields that are zero say nothing; `isNo` brings those that are not back to what they were at first.
   * @throws RetvalError -2 for an unknown interface, -62 without IPv6, -7 for times that do not fit together
   */
  configure(swIfIndex: number, request: AdvertisementRequest): void {
    const it = this.#interfaces.get(swIfIndex)
    const state = this.#advertising(it)
    // VPP believes that it will send before it has looked at the request.
    state.changed = { ...state.changed, sendRadv: true }
    state.changed = { ...state.changed, ...changesOf(request, advertisementOf(it, state)) }
  }

  /** @throws RetvalError -2 for an unknown interface, -62 without IPv6, -7 for no such prefix, -8 for another length */
  changePrefix(swIfIndex: number, prefix: string, request: PrefixRequest): void {
    const { prefixes } = this.#advertising(this.#interfaces.get(swIfIndex))
    const address = prefix.slice(0, prefix.lastIndexOf('/'))
    const known = prefixes.get(address)
    if (known === undefined && request.isNo) throw new RetvalError('INVALID_VALUE')
    if (known !== undefined && known.prefix !== prefix) throw new RetvalError('INVALID_VALUE_2')
    if (request.isNo) prefixes.delete(address)
    else if (known === undefined && request.useDefault) prefixes.set(address, { prefix, ...DEFAULT_PREFIX })
    else prefixes.set(address, { prefix, ...settingsOf(request) })
  }

  #advertising(it: Interface): State {
    const state = this.#stateOf(it)
    if (state === undefined) throw new RetvalError('IP6_NOT_ENABLED')
    return state
  }

  #stateOf({ ip6, mac, sub }: Interface): State | undefined {
    if (ip6 === undefined || (mac === '' && sub === undefined)) return undefined
    const state = this.#states.get(ip6.since) ?? {
      changed: {},
      prefixes: new Map<string, AdvertisedPrefix>(),
    }
    this.#states.set(ip6.since, state)
    return state
  }
}

function advertisementOf({ linkMtu }: Interface, { changed }: State): Advertisement {
  return { ...DEFAULTS, advLinkMtu: linkMtu, ...changed }
}

function changesOf(request: AdvertisementRequest, has: Advertisement): Partial<Advertisement> {
  const { isNo, maxInterval, defaultRouter, initialCount, initialInterval } = request
  const minInterval =
    maxInterval !== 0 && request.minInterval === 0 ? Math.floor(0.75 * maxInterval) : request.minInterval
  const chosen = (asked: boolean, value: number, first: number, now: number): number => {
    if (!asked) return now
    return isNo ? first : value
  }
  const max = chosen(maxInterval !== 0, maxInterval, DEFAULTS.maxRadvInterval, has.maxRadvInterval)
  const min = chosen(minInterval !== 0, minInterval, DEFAULTS.minRadvInterval, has.minRadvInterval)
  const asked = chosen(
    defaultRouter !== 0,
    request.lifetime,
    DEFAULTS.advRouterLifetime,
    has.advRouterLifetime,
  )
  const lifetime = Math.min(asked, LONGEST_LIFETIME)
  if (lifetime !== 0 && lifetime <= max) throw new RetvalError('INVALID_VALUE')
  if (min !== 0 && (min > 0.75 * max || min < SHORTEST_INTERVAL)) throw new RetvalError('INVALID_VALUE')
  if (initialCount > DEFAULTS.initialAdvertsCount || initialInterval > DEFAULTS.initialAdvertsInterval) {
    throw new RetvalError('INVALID_VALUE')
  }
  const on = !isNo
  return {
    ...(request.suppress === 0 ? {} : { sendRadv: isNo }),
    ...(request.managed === 0 ? {} : { advManagedFlag: on }),
    ...(request.other === 0 ? {} : { advOtherFlag: on }),
    ...(request.llOption === 0 ? {} : { advLinkLayerAddress: isNo }),
    ...(request.sendUnicast === 0 ? {} : { sendUnicast: on }),
    ...(request.cease === 0 ? {} : { ceaseRadv: on }),
    ...(request.cease !== 0 && isNo ? { sendRadv: true } : {}),
    maxRadvInterval: max,
    minRadvInterval: min,
    advRouterLifetime: lifetime,
    ...(initialCount === 0
      ? {}
      : { initialAdvertsCount: isNo ? DEFAULTS.initialAdvertsCount : initialCount }),
    ...(initialInterval === 0
      ? {}
      : { initialAdvertsInterval: isNo ? DEFAULTS.initialAdvertsInterval : initialInterval }),
  }
}

type PrefixSettings = Omit<AdvertisedPrefix, 'prefix'>

const DEFAULT_PREFIX: PrefixSettings = {
  onlinkFlag: true,
  autonomousFlag: true,
  valLifetime: 2_592_000,
  prefLifetime: 604_800,
  decrementLifetimeFlag: true,
  noAdvertise: false,
}

function settingsOf(request: PrefixRequest): PrefixSettings {
  const { valLifetime, prefLifetime, noAdvertise, noAutoconfig } = request
  const isForever = valLifetime === NONE || prefLifetime === NONE
  return {
    onlinkFlag: !(request.offLink || request.noOnlink),
    autonomousFlag: !noAutoconfig,
    valLifetime: isForever ? NONE : valLifetime,
    prefLifetime: isForever ? NONE : prefLifetime,
    decrementLifetimeFlag: !isForever,
    noAdvertise,
  }
}
