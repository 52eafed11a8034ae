import { VppApiError } from '@vpp-ts/runtime'
import { ifAvailable } from '../available.ts'
import { type FoundView, interfaceId, type ObjectDescriptor, type Part, type Vpp } from '../descriptor.ts'
import { isMade, unlessDone } from '../nat44/mode.ts'
import type { MessageUse } from '../uses.ts'

/** What an interface is for a translation. */
export interface NatSideValue {
  readonly interface: string
  readonly inside: boolean
  readonly outside: boolean
  /** The interface was deleted: VPP keeps it in its list, and translates nothing on one that gets its index. */
  readonly lost?: true
}

interface Side {
  readonly swIfIndex: number
  readonly inside: boolean
  readonly outside: boolean
}

/** In what the interfaces of NAT64, NAT66 and DET44 differ. */
export interface SideParts {
  /** Kind of the object; that of the item, which has its own kind for a key, is the part before `-interface`. */
  readonly kind: `${string}-interface`
  readonly plugin: string
  readonly messages: readonly MessageUse[]
  /** Whether one interface can have both sides. */
  readonly hasBoth: boolean
  read(vpp: Vpp): Promise<Side[]>
  set(vpp: Vpp, side: { swIfIndex: number; isInside: boolean; isAdd: boolean }): Promise<unknown>
  /** Turns the translation on where it is off. */
  enable(vpp: Vpp): Promise<unknown>
}

const INVALID_SW_IF_INDEX = -2
const NO_SUCH_ENTRY = -6
const VALUE_EXIST = -81

/** The interfaces of an item. */
export function* sidesOf(
  kind: string,
  { inside, outside }: { readonly inside: readonly string[]; readonly outside: readonly string[] },
): Iterable<Part<NatSideValue>> {
  for (const name of new Set([...inside, ...outside])) {
    const value = { interface: name, inside: inside.includes(name), outside: outside.includes(name) }
    yield { kind, key: name, value }
  }
}

/** The interfaces that VPP has, as people write them. */
export function sidesIn(vpp: FoundView, kind: string): { inside: string[]; outside: string[] } {
  const sides = Array.from(vpp.of<NatSideValue>(kind), ({ value }) => value)
  const namesOf = (side: 'inside' | 'outside'): string[] =>
    sides
      .filter((it) => it[side])
      .map((it) => it.interface)
      .sort()
  return { inside: namesOf('inside'), outside: namesOf('outside') }
}

/** Descriptor of the interfaces of a translation. VPP keeps no mark on them: the agent's are those that it has recorded. */
export function sideKind(parts: SideParts): ObjectDescriptor<NatSideValue> {
  const { kind, plugin, messages, hasBoth, read, set, enable } = parts
  const item = kind.slice(0, -'-interface'.length)
  const change = async (vpp: Vpp, swIfIndex: number, sides: Omit<Side, 'swIfIndex'>, isAdd: boolean) => {
    if (sides.inside) await set(vpp, { swIfIndex, isInside: true, isAdd })
    if (sides.outside) await set(vpp, { swIfIndex, isInside: false, isAdd })
  }
  return {
    kind,
    messages,
    plugin: () => plugin,
    leaf: true,
    itemsOf: () => [{ kind: item, key: item }],
    dependsOn: ({ interface: name }) => [interfaceId(name)],
    lookAfter: ['interface'],
    recorded: () => true,
    usable: (wanted, has) => wanted.inside === has.inside && wanted.outside === has.outside,
    lost: (value) => ({ ...value, lost: true }),

    async look(vpp, wanted) {
      const sides = await ifAvailable(() => read(vpp))
      return sides.map(({ swIfIndex: index, inside, outside }) => {
        const name = vpp.interfaceName(index)
        const foreign = !isMade(wanted, kind, name)
        return { kind, key: name, foreign, index, value: { interface: name, inside, outside } }
      })
    },

    compare(wanted, has) {
      if (has.lost === true) return 'replace'
      if (wanted.inside === has.inside && wanted.outside === has.outside) return 'same'
      return hasBoth ? 'update' : 'replace'
    },

    async create(vpp, { value }) {
      await enable(vpp)
      const swIfIndex = vpp.indexOf('interface', value.interface)
      // If another client created it meanwhile, VPP may silently accept a second side.
      if ((await read(vpp)).some((it) => it.swIfIndex === swIfIndex))
        throw new VppApiError(VALUE_EXIST, messages[0]?.descriptor.name ?? kind, 0, undefined)
      await change(vpp, swIfIndex, value, true)
      return swIfIndex
    },

    // What comes is first: an interface that loses its last side would leave for a moment.
    async update(vpp, { value }, { value: has }) {
      const swIfIndex = vpp.indexOf('interface', value.interface)
      await change(vpp, swIfIndex, minus(value, has), true)
      await change(vpp, swIfIndex, minus(has, value), false)
    },

    // What VPP keeps of a deleted interface it does not give up.
    async remove(vpp, { value, index }) {
      const swIfIndex = index ?? vpp.indexOf('interface', value.interface)
      const act = (): Promise<void> => change(vpp, swIfIndex, value, false)
      await unlessDone(act, ...(value.lost === true ? [INVALID_SW_IF_INDEX, NO_SUCH_ENTRY] : []))
    },
  }
}

function minus(one: NatSideValue, other: NatSideValue): Omit<Side, 'swIfIndex'> {
  return { inside: one.inside && !other.inside, outside: one.outside && !other.outside }
}
