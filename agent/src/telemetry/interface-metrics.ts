import type { Agent } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import { withInstance, type Family, type Sample } from './family.ts'
import type { KnownInterface } from './interface-table.ts'
import type { Telemetry } from './telemetry.ts'

/** An interface with what Linux calls it. */
interface Told {
  readonly it: KnownInterface
  readonly hostDevice: string | undefined
}

interface Definition {
  readonly name: string
  readonly help: string
  /** Undefined: there is nothing to tell. */
  value(it: KnownInterface): number | undefined
  labels?(told: Told): Record<string, string>
}

/** VPP's own names as the families of the stats segment have them, so that queries join both by `interface`. */
const DEFINITIONS: readonly Definition[] = [
  {
    name: 'vpp_interface_admin_up',
    help: 'Whether the interface is administratively up: 1 or 0.',
    value: ({ adminUp }) => Number(adminUp),
  },
  {
    name: 'vpp_interface_link_up',
    help: 'Whether the link of the interface is up: 1 or 0.',
    value: ({ linkUp }) => Number(linkUp),
  },
  {
    name: 'vpp_interface_speed_bits_per_second',
    help: 'Link speed; omitted if unknown.',
    value: ({ linkSpeed }) => (linkSpeed === 0 ? undefined : linkSpeed * 1000),
  },
  {
    name: 'vpp_interface_info',
    help: 'Item of the interface, its tag, and its Linux device; empty if there is none.',
    value: () => 1,
    labels: ({ it, hostDevice }) => ({
      item: it.owned ? it.name : '',
      tag: it.tag,
      lcp: hostDevice ?? '',
    }),
  },
]

/** State, speed and owner of every interface. */
export async function interfaceFamilies(agent: Agent, telemetry: Telemetry): Promise<Family[]> {
  const instances = [...agent.instances.values()]
  const told = await Promise.all(instances.map((instance) => interfacesOf(instance, telemetry)))
  return DEFINITIONS.map(({ name, help, value, labels }) => ({
    name,
    help,
    type: 'gauge',
    samples: instances.flatMap((instance, at): Sample[] =>
      (told[at] ?? []).flatMap((one) => {
        const sample = value(one.it)
        if (sample === undefined) return []
        const own = { interface: one.it.vppName, ...labels?.(one) }
        return [{ labels: withInstance(instance.name, own), value: sample }]
      }),
    ),
  }))
}

async function interfacesOf(instance: Instance, telemetry: Telemetry): Promise<Told[]> {
  const { interfaces } = telemetry.of(instance)
  const all = await interfaces.read()
  const devices = all.length === 0 ? new Map<number, string>() : await interfaces.hostDevices()
  return all.map((it) => ({ it, hostDevice: devices.get(it.swIfIndex) }))
}
