import type { Vpp } from '../descriptor.ts'
import { ed, ei } from './mode.ts'
import type { Nat44Item, Nat44Mode } from './schema.ts'
import { brief } from '../brief.ts'

/** Seconds after which idle sessions end. */
export interface NatTimeouts {
  readonly udp: number
  readonly tcpEstablished: number
  readonly tcpTransitory: number
  readonly icmp: number
}

/** Settings that VPP can change while NAT44 is on; what is undefined may be as it is. */
export interface Nat44Settings {
  readonly forwarding: boolean | undefined
  readonly timeouts: { readonly [K in keyof NatTimeouts]?: number | undefined } | undefined
  readonly mssClamping: number | undefined
  readonly portAllocation: Nat44Item['portAllocation']
}

/** What VPP begins with. */
export const DEFAULT_TIMEOUTS: NatTimeouts = { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 }
const ALGORITHMS = ['any', 'map-e', 'range'] as const

/** Timeouts as people write them; undefined for those that VPP begins with. */
export function timeoutsIn(timeouts: Nat44Settings['timeouts']): Nat44Settings['timeouts'] {
  const said = brief(timeouts ?? {}, DEFAULT_TIMEOUTS)
  return Object.keys(said).length === 0 ? undefined : said
}

/** The settings of an item. */
export function settingsFor({ forwarding, timeouts, mssClamping, portAllocation }: Nat44Item): Nat44Settings {
  return { forwarding, timeouts, mssClamping, portAllocation }
}

/** True when everything that is said is so. */
export function sameSettings(wanted: Nat44Settings, has: Nat44Settings): boolean {
  return (
    (wanted.forwarding ?? has.forwarding) === has.forwarding &&
    (wanted.mssClamping ?? has.mssClamping) === has.mssClamping &&
    sameTimeouts(wanted.timeouts, has.timeouts) &&
    (wanted.portAllocation === undefined ||
      JSON.stringify(wanted.portAllocation) === JSON.stringify(has.portAllocation))
  )
}

/** True if the timeouts are as reported. */
export function sameTimeouts(
  wanted: Nat44Settings['timeouts'] = {},
  has: Nat44Settings['timeouts'] = {},
): boolean {
  const names = Object.keys(wanted) as (keyof NatTimeouts)[]
  return names.every((name) => wanted[name] === undefined || wanted[name] === has[name])
}

/** The settings of a mode that is on. */
export async function settingsOf(vpp: Vpp, mode: Nat44Mode): Promise<Nat44Settings> {
  if (mode === 'ed') {
    const client = ed(vpp)
    const [config, clamping] = await Promise.all([
      client.nat44ShowRunningConfig(),
      client.natGetMssClamping(),
    ])
    const timeouts = timeoutsOf(config.timeouts)
    const { forwardingEnabled: forwarding } = config
    return { forwarding, timeouts, mssClamping: clamping.mssValue, portAllocation: undefined }
  }
  const client = ei(vpp)
  const [config, clamping, ports] = await Promise.all([
    client.nat44EiShowRunningConfig(),
    client.nat44EiGetMssClamping(),
    client.nat44EiGetAddrAndPortAllocAlg(),
  ])
  const { forwardingEnabled: forwarding, timeouts } = config
  return {
    forwarding,
    timeouts: timeoutsOf(timeouts),
    mssClamping: clamping.mssValue,
    portAllocation: allocationOf(ports),
  }
}

/** Timeouts without what a message has beside them. */
export function timeoutsOf({ udp, tcpEstablished, tcpTransitory, icmp }: NatTimeouts): NatTimeouts {
  return { udp, tcpEstablished, tcpTransitory, icmp }
}

function allocationOf(reply: {
  readonly alg: number
  readonly psid: number
  readonly psidOffset: number
  readonly psidLength: number
  readonly startPort: number
  readonly endPort: number
}): Nat44Item['portAllocation'] {
  const { psid, psidOffset, psidLength, startPort: first, endPort: last } = reply
  const method = ALGORITHMS[reply.alg]
  if (method === 'map-e') return { method, psid, psidOffset, psidLength }
  return method === 'range' ? { method, first, last } : { method: 'any' }
}

/** Sets what is said. */
export async function setSettings(vpp: Vpp, mode: Nat44Mode, value: Nat44Settings): Promise<void> {
  const { forwarding, timeouts, mssClamping, portAllocation } = value
  if (forwarding !== undefined) {
    if (mode === 'ed') await ed(vpp).nat44ForwardingEnableDisable({ enable: forwarding })
    else await ei(vpp).nat44EiForwardingEnableDisable({ enable: forwarding })
  }
  if (timeouts !== undefined) {
    const has = (await settingsOf(vpp, mode)).timeouts
    const all = { ...DEFAULT_TIMEOUTS, ...defined(has), ...defined(timeouts) }
    if (mode === 'ed') await ed(vpp).natSetTimeouts(all)
    else await ei(vpp).nat44EiSetTimeouts(all)
  }
  if (mssClamping !== undefined) {
    const request = { mssValue: mssClamping, enable: mssClamping !== 0 }
    if (mode === 'ed') await ed(vpp).natSetMssClamping(request)
    else await ei(vpp).nat44EiSetMssClamping(request)
  }
  if (portAllocation !== undefined) {
    const alg = ALGORITHMS.indexOf(portAllocation.method)
    const {
      psid = 0,
      psidOffset = 0,
      psidLength = 0,
      first = 0,
      last = 0,
    } = { ...NO_PORTS, ...portAllocation }
    const request = { alg, psid, psidOffset, psidLength, startPort: first, endPort: last }
    await ei(vpp).nat44EiSetAddrAndPortAllocAlg(request)
  }
}

const NO_PORTS: {
  readonly psid?: number
  readonly psidOffset?: number
  readonly psidLength?: number
  readonly first?: number
  readonly last?: number
} = {}

/** Without what is undefined. */
export function defined<T extends object>(it: T | undefined): Partial<Record<keyof T, number>> {
  const entries = Object.entries(it ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<Record<keyof T, number>>
}
