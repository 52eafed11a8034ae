import type { InterfaceInput } from '../kinds/interface/schema.ts'
import type { Section } from './reading.ts'

/** Bytes of a packet where the configuration says nothing. */
const DEFAULT_MTU = 1500

type Common = Pick<InterfaceInput, 'name' | 'mtu' | 'enabled' | 'addresses' | 'unnumbered' | 'linuxCp'>

/** What interfaces, loopbacks and sub-interfaces have in common. */
function commonOf(name: string, section: Section, mtu: number): { readonly kind: 'interface' } & Common {
  section.leaveOut('description', 'interfaces of items have none')
  section.leaveOut('mpls', 'items do not turn MPLS on')
  section.leaveOut('l2xc', 'there is no kind of item for cross-connects')
  section.leaveOut('sflow', 'there is no kind of item for sFlow')
  const lcp = section.text('lcp')
  const unnumbered = section.text('unnumbered')
  const addresses = section.texts('addresses')
  return {
    kind: 'interface',
    name,
    mtu: section.number('mtu') ?? mtu,
    ...(section.text('state') === 'down' ? { enabled: false } : {}),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(unnumbered === undefined ? {} : { unnumbered }),
    ...(lcp === undefined ? {} : { linuxCp: { hostName: lcp } }),
  }
}

/** Fields that are there. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function subInterfaceOf(
  parent: string,
  number: number,
  section: Section,
  { mtu, isBridged }: { readonly mtu: number; readonly isBridged: boolean },
): InterfaceInput {
  const common = commonOf(`${parent}.${number}`, section, mtu)
  const tags = section.section('encapsulation')
  const dot1q = tags.number('dot1q')
  const dot1ad = tags.number('dot1ad')
  const inner = tags.number('inner-dot1q')
  // Without explicit tags its number is its tag, matched exactly.
  const exactMatch = tags.flag('exact-match') ?? (dot1q === undefined && dot1ad === undefined)
  tags.end()
  section.end()
  return {
    ...common,
    type: 'vlan',
    parent,
    vlan: dot1q ?? dot1ad ?? number,
    ...given({ inner }),
    number,
    exactMatch,
    ...(dot1ad === undefined ? {} : { ethertype: 'dot1ad' as const }),
    // vppcfg takes the tags off what it bridges.
    ...(isBridged ? { tagRewrite: { pop: inner === undefined ? 1 : 2 } } : {}),
  }
}

/** Parts of a configuration that say something of interfaces. */
export interface InterfaceSections {
  readonly interfaces: Section
  readonly bonds: ReadonlyMap<string, Section>
  readonly taps: ReadonlyMap<string, Section>
  /** Interfaces that are in a bridge domain. */
  readonly bridged: ReadonlySet<string>
}

/** Interfaces, bonds and taps, each with its sub-interfaces. */
export function* interfacesOf(sections: InterfaceSections): Iterable<InterfaceInput> {
  const { interfaces, bonds, taps, bridged } = sections
  const left = new Set([...bonds.keys(), ...taps.keys()])
  const empty = interfaces.section('')
  for (const [name, section] of interfaces.sections()) {
    left.delete(name)
    if (name.startsWith('vxlan_tunnel')) {
      interfaces.note(name, 'there is no kind of item for VXLAN tunnels')
      continue
    }
    const subs = section.section('sub-interfaces')
    const it = interfaceOf(name, section, sections)
    yield it
    for (const [number, sub] of subs.sections()) {
      const isBridged = bridged.has(`${name}.${number}`)
      yield subInterfaceOf(name, Number(number), sub, { mtu: it.mtu ?? DEFAULT_MTU, isBridged })
    }
  }
  for (const name of left) yield interfaceOf(name, empty, sections)
}

function interfaceOf(name: string, section: Section, { bonds, taps }: InterfaceSections): InterfaceInput {
  const device = section.text('device-type')
  const common = commonOf(name, section, DEFAULT_MTU)
  const mac = section.text('mac')
  const bond = bonds.get(name)
  const tap = taps.get(name)
  section.end()
  if (bond !== undefined) return { ...common, ...bondOf(name, bond, mac) }
  if (tap !== undefined) return { ...common, ...tapOf(name, tap, mac) }
  if (device !== undefined && device !== 'dpdk') {
    section.note('device-type', 'the agent does not make devices of this type; have VPP make it at its start')
  }
  return { ...common, type: 'existing', linkMtu: common.mtu, ...given({ mac }) }
}

type Bond = Extract<InterfaceInput, { readonly type: 'bond' }>
type Tap = Extract<InterfaceInput, { readonly type: 'tap' }>

function bondOf(
  name: string,
  section: Section,
  other: string | undefined,
): Pick<Bond, 'type' | 'id' | 'mac' | 'mode' | 'loadBalance' | 'members'> {
  section.leaveOut('description', 'interfaces of items have none')
  const mode = (section.text('mode') ?? 'lacp') as NonNullable<Bond['mode']>
  const balances = mode === 'lacp' || mode === 'xor'
  const mac = section.text('mac') ?? other
  const loadBalance = section.text('load-balance') as Bond['loadBalance']
  const members = section.texts('interfaces').map((it) => ({ interface: it }))
  section.end()
  return {
    type: 'bond',
    id: Number(name.replace('BondEthernet', '')),
    mode,
    ...(balances ? { loadBalance: loadBalance ?? 'l34' } : {}),
    ...given({ mac }),
    members,
  }
}

const RING_SIZES: ReadonlySet<number> = new Set([256, 512, 1024, 2048, 4096])

function tapOf(name: string, section: Section, mac: string | undefined): Partial<Tap> & Pick<Tap, 'type'> {
  section.leaveOut('description', 'interfaces of items have none')
  const host = section.section('host')
  host.leaveOut('bridge-create', 'the agent makes no bridges in Linux')
  host.leaveOut('namespace-create', 'the agent makes no namespaces in Linux')
  const rx = section.number('rx-ring-size')
  const tx = section.number('tx-ring-size')
  const ringSize = rx ?? tx
  const isKnown = ringSize === undefined || (RING_SIZES.has(ringSize) && ringSize === (tx ?? ringSize))
  if (!isKnown)
    section.note('rx-ring-size', 'rings of items are equal, of 256 to 4096 descriptors; 256 is taken')
  const fields = {
    mac,
    hostName: host.text('name'),
    hostMac: host.text('mac'),
    hostMtu: host.number('mtu'),
    hostBridge: host.text('bridge'),
    hostNamespace: host.text('namespace'),
    ringSize: isKnown ? (ringSize as Tap['ringSize']) : undefined,
  }
  host.end()
  section.end()
  return { type: 'tap', id: Number(name.replace('tap', '')), ...given(fields) }
}

/** Loopbacks. */
export function* loopbacksOf(section: Section): Iterable<InterfaceInput> {
  for (const [name, loopback] of section.sections()) {
    const common = commonOf(name, loopback, DEFAULT_MTU)
    const mac = loopback.text('mac')
    loopback.end()
    yield { ...common, type: 'loopback', instance: Number(name.replace('loop', '')), ...given({ mac }) }
  }
}
