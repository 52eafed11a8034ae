import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** `SUB_IF_API_FLAG_…`, as far as the model looks at them. */
const ONE_TAG = 2
const TWO_TAGS = 4
const EXACT_MATCH = 16

const ETHERNET_MTU = 9000
const MOST_LOOPBACKS = 16 * 1024
const NO_MAC = '00:00:00:00:00:00'

/** How a loopback can be made. */
export interface LoopbackInit {
  readonly mac?: string | undefined
  /** Number in its name; the smallest free one when left out. */
  readonly instance?: number | undefined
}

/** @throws RetvalError -31 when the instance is taken or too great */
export function addLoopback(interfaces: Interfaces, { mac, instance }: LoopbackInit = {}): Interface {
  const { loopbacks } = interfaces
  if (instance !== undefined && (instance >= MOST_LOOPBACKS || loopbacks.has(instance))) {
    throw new RetvalError('INVALID_REGISTRATION')
  }
  const number = loopbacks.take(instance)
  if (number >= MOST_LOOPBACKS) {
    loopbacks.give(number)
    throw new RetvalError('INVALID_REGISTRATION')
  }
  const own = mac === undefined || mac === NO_MAC ? `de:ad:00:00:${hex(number >> 8)}:${hex(number)}` : mac
  return interfaces.add({
    name: `loop${number}`,
    devType: 'Loopback',
    mac: own,
    linkMtu: ETHERNET_MTU,
    loopback: number,
  })
}

/** @throws RetvalError -2 when there is no such interface, -55 for a bad VLAN, -56 when there is one already */
export function addVlan(interfaces: Interfaces, swIfIndex: number, vlan: number): Interface {
  const { supSwIfIndex } = interfaces.get(swIfIndex)
  if (vlan === 0 || vlan > 4095) throw new RetvalError('INVALID_VLAN')
  return addSub(interfaces, supSwIfIndex, {
    id: vlan,
    outerVlan: vlan,
    innerVlan: 0,
    flags: ONE_TAG | EXACT_MATCH,
  })
}

/** How a sub-interface can be made. */
export interface SubInit {
  readonly id: number
  readonly outerVlan: number
  readonly innerVlan: number
  readonly flags: number
}

/**
 * @throws RetvalError -2 when there is no such interface, -56 when there is such a sub-interface already, -1 when another
 * one takes the same packets, or none at all
 */
export function addSub(interfaces: Interfaces, swIfIndex: number, init: SubInit): Interface {
  const parent = interfaces.get(swIfIndex)
  const others = [...interfaces.subsOf(parent.swIfIndex)].map((it) => it.sub)
  if (others.some((sub) => sub?.id === init.id)) throw new RetvalError('VLAN_ALREADY_EXISTS')
  const { flags, outerVlan, innerVlan } = init
  const same = others.some(
    (sub) => sub?.flags === flags && sub.outerVlan === outerVlan && sub.innerVlan === innerVlan,
  )
  if (same || flags === 0) throw new RetvalError('UNSPECIFIED')
  const tags = (init.flags & TWO_TAGS) !== 0 ? 2 : (init.flags & ONE_TAG) !== 0 ? 1 : 0
  // VPP takes a sub-interface of a sub-interface for one of its first hardware interface.
  const hardware = parent.sub === undefined ? parent : interfaces.get(0)
  return interfaces.add({
    name: `${hardware.name}.${init.id}`,
    devType: hardware.devType,
    supSwIfIndex: parent.swIfIndex,
    linkUp: hardware.linkUp,
    linkMtu: hardware.linkMtu,
    mtu: [0, 0, 0, 0],
    sub: { ...init, tags },
  })
}

/** An Ethernet interface of any driver. */
export function addEthernet(
  interfaces: Interfaces,
  name: string,
  devType: string,
  mac = randomMac(),
): Interface {
  return interfaces.add({ name, devType, mac: mac === NO_MAC ? randomMac() : mac, linkMtu: ETHERNET_MTU })
}

/** As VPP makes them up: `02:fe` and four random bytes. */
export function randomMac(): string {
  const bytes = Array.from({ length: 4 }, () => hex(Math.floor(Math.random() * 256)))
  return ['02', 'fe', ...bytes].join(':')
}

function hex(value: number): string {
  return (value & 0xff).toString(16).padStart(2, '0')
}
