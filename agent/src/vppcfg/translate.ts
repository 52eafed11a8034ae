import type { ItemInput } from '../kinds/item.ts'
import type { BridgeDomainInput } from '../kinds/bridge-domain/schema.ts'
import { aclsOf, prefixListsOf } from './acls.ts'
import { interfacesOf, loopbacksOf } from './interfaces.ts'
import { Section, type LeftOut } from './reading.ts'

/** What a vppcfg configuration says as items. */
export interface Translation {
  /** As a person would write them. */
  readonly items: readonly ItemInput[]
  /** Every key that no item says. */
  readonly leftOut: readonly LeftOut[]
}

interface Bridge {
  readonly item: BridgeDomainInput
  readonly members: readonly string[]
}

function bridgeOf(name: string, section: Section): Bridge {
  section.leaveOut('description', 'bridge domains of items have none')
  section.leaveOut('mtu', 'the MTU is that of its interfaces, which vppcfg wants to be the same')
  const bvi = section.text('bvi')
  const all = section.texts('interfaces')
  const tunnels = all.filter((it) => it.startsWith('vxlan_tunnel'))
  for (const it of tunnels) section.note(`interfaces.${it}`, 'there is no kind of item for VXLAN tunnels')
  const members = all.filter((it) => !tunnels.includes(it))
  const settings = section.section('settings')
  const item: BridgeDomainInput = {
    kind: 'bridge-domain',
    id: Number(name.replace('bd', '')),
    learn: settings.flag('learn') ?? true,
    flood: settings.flag('unicast-flood') ?? true,
    unknownUnicastFlood: settings.flag('unknown-unicast-flood') ?? true,
    forward: settings.flag('unicast-forward') ?? true,
    arpTermination: settings.flag('arp-termination') ?? false,
    arpUnicastForward: settings.flag('arp-unicast-forward') ?? false,
    macAge: settings.number('mac-age-minutes') ?? 0,
    members: [
      ...(bvi === undefined ? [] : [{ interface: bvi, bvi: true }]),
      ...members.map((it) => ({ interface: it })),
    ],
  }
  settings.end()
  section.end()
  return { item, members }
}

/**
 * Turns a vppcfg configuration into items.
 * @param config the YAML of vppcfg, read
 * @throws AgentError `AGENT_INVALID_ITEM` for what vppcfg would refuse, or what would change its meaning when left out
 */
export function translateVppcfg(config: unknown): Translation {
  const leftOut: LeftOut[] = []
  const nested = (path: string, value: unknown): Section => new Section(path, value, leftOut)
  const root = nested('', config)
  const bridges = Array.from(root.section('bridgedomains').sections(), ([name, it]) => bridgeOf(name, it))
  const lists = prefixListsOf(root.section('prefixlists'))
  const sections = {
    interfaces: root.section('interfaces'),
    bonds: new Map(root.section('bondethernets').sections()),
    taps: new Map(root.section('taps').sections()),
    bridged: new Set(bridges.flatMap(({ members }) => members)),
  }
  const items: ItemInput[] = [
    ...loopbacksOf(root.section('loopbacks')),
    ...interfacesOf(sections),
    ...bridges.map(({ item }) => item),
    ...aclsOf(root.section('acls'), lists, nested),
  ]
  for (const [name] of root.section('vxlan_tunnels').sections()) {
    root.note(`vxlan_tunnels.${name}`, 'there is no kind of item for VXLAN tunnels')
  }
  root.leaveOut('sflow', 'there is no kind of item for sFlow')
  root.end()
  return { items, leftOut }
}
