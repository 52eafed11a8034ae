import { VppApiError } from '@vpp-ts/runtime'
import { ifAvailable } from '../available.ts'
import { interfaceId, type ObjectDescriptor, type Part, type Vpp } from '../descriptor.ts'
import { interfaceTableId } from '../interface/table.ts'
import { SIDE_MESSAGES } from './messages.ts'
import { ED_FLAG, EI_FLAG, MODES, ed, ei, isMade, pluginId, pluginOf } from './mode.ts'
import type { Nat44Item, Nat44Mode } from './schema.ts'

/** What an interface is for NAT44. */
export interface Nat44SideValue {
  readonly mode: Nat44Mode
  readonly interface: string
  readonly inside: boolean
  readonly outside: boolean
  /** Packets are translated when they leave; VPP has it, or sides. */
  readonly output: boolean
}

const VALUE_EXIST = -81

type Sides = Omit<Nat44SideValue, 'mode' | 'interface'>

/** The interfaces of an item. */
export function* sidesFor({ mode, inside, outside, output }: Nat44Item): Iterable<Part<Nat44SideValue>> {
  for (const name of new Set([...inside, ...outside, ...output])) {
    const value = {
      mode,
      interface: name,
      inside: inside.includes(name),
      outside: outside.includes(name),
      output: output.includes(name),
    }
    yield { kind: 'nat44-interface', key: `${mode}/${name}`, value }
  }
}

/** Interfaces of NAT44. VPP keeps no mark on them: the agent's are those that it has recorded. */
export const nat44Side: ObjectDescriptor<Nat44SideValue> = {
  kind: 'nat44-interface',
  messages: SIDE_MESSAGES,
  plugin: pluginOf,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'nat44', key: value.mode }],
  // VPP keeps routes to the pools in the table that an output interface had when it became one.
  dependsOn: ({ mode, interface: name }) => [pluginId(mode), interfaceId(name), interfaceTableId(name, 4)],
  claims: ({ interface: name }) => [`NAT44 on interface ${JSON.stringify(name)}`],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: () => true,
  usable: (wanted, has) => JSON.stringify(wanted) === JSON.stringify(has),

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => sidesOf(vpp, mode))))
    return found.flat().map((value) => {
      const key = `${value.mode}/${value.interface}`
      return { kind: 'nat44-interface', key, foreign: !isMade(wanted, 'nat44-interface', key), value }
    })
  },

  compare(wanted, has) {
    if (wanted.output !== has.output) return 'replace'
    return wanted.inside === has.inside && wanted.outside === has.outside ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    // If another client created it meanwhile, VPP silently accepts a second side.
    const taken = (await sidesOf(vpp, value.mode)).some((it) => it.interface === value.interface)
    if (taken) throw new VppApiError(VALUE_EXIST, 'nat44_interface_add_del_feature', 0, undefined)
    await change(vpp, value, value, true)
    return undefined
  },

  // What comes is first: an interface that loses its last side would leave for a moment.
  async update(vpp, { value }, { value: has }) {
    await change(vpp, value, { ...minus(value, has), output: false }, true)
    await change(vpp, value, { ...minus(has, value), output: false }, false)
  },

  remove: (vpp, { value }) => change(vpp, value, value, false),
}

function minus(one: Sides, other: Sides): Pick<Sides, 'inside' | 'outside'> {
  return { inside: one.inside && !other.inside, outside: one.outside && !other.outside }
}

async function change(vpp: Vpp, { mode, interface: name }: Nat44SideValue, sides: Sides, isAdd: boolean) {
  const swIfIndex = vpp.indexOf('interface', name)
  const flag = mode === 'ed' ? ED_FLAG : EI_FLAG
  for (const side of ['inside', 'outside'] as const) {
    if (!sides[side]) continue
    const request = { isAdd, swIfIndex, flags: flag[side] }
    if (mode === 'ed') await ed(vpp).nat44InterfaceAddDelFeature(request)
    else await ei(vpp).nat44EiInterfaceAddDelFeature(request)
  }
  if (!sides.output) return
  if (mode === 'ed') await ed(vpp).nat44EdAddDelOutputInterface({ isAdd, swIfIndex })
  else await ei(vpp).nat44EiAddDelOutputInterface({ isAdd, swIfIndex })
}

/** All interfaces of a mode. */
export async function sidesOf(vpp: Vpp, mode: Nat44Mode): Promise<Nat44SideValue[]> {
  const flag = mode === 'ed' ? ED_FLAG : EI_FLAG
  const features: readonly { swIfIndex: number; flags: number }[] =
    mode === 'ed'
      ? await ed(vpp).nat44InterfaceDump().toArray()
      : await ei(vpp).nat44EiInterfaceDump().toArray()
  const outputs: readonly { swIfIndex: number }[] =
    mode === 'ed'
      ? await ed(vpp).nat44EdOutputInterfaceGet().toArray()
      : await ei(vpp).nat44EiOutputInterfaceGet().toArray()
  return [
    ...features.map(({ swIfIndex, flags }) => ({
      mode,
      interface: vpp.interfaceName(swIfIndex),
      inside: (flags & flag.inside) !== 0,
      outside: (flags & flag.outside) !== 0,
      output: false,
    })),
    ...outputs.map(({ swIfIndex }) => ({
      mode,
      interface: vpp.interfaceName(swIfIndex),
      inside: false,
      outside: false,
      output: true,
    })),
  ]
}
