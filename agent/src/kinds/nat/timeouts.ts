import { ifAvailable } from '../available.ts'
import type { ObjectDescriptor, Part, Vpp } from '../descriptor.ts'
import { isMade } from '../nat44/mode.ts'
import { DEFAULT_TIMEOUTS, defined, sameTimeouts, timeoutsOf, type NatTimeouts } from '../nat44/settings.ts'
import type { MessageUse } from '../uses.ts'

/** Timeouts; those that are undefined may be as they are. */
export type TimeoutsValue = { readonly [K in keyof NatTimeouts]?: number | undefined }

/** Timeouts of an item that has some. */
export function* timeoutsFor(
  kind: string,
  key: string,
  timeouts: TimeoutsValue | undefined,
): Iterable<Part<TimeoutsValue>> {
  if (timeouts !== undefined) yield { kind, key, value: timeouts }
}

/** In what the timeouts of NAT64 and DET44 differ. */
export interface TimeoutsParts {
  readonly kind: `${string}-timeouts`
  readonly plugin: string
  readonly messages: readonly MessageUse[]
  read(vpp: Vpp): Promise<NatTimeouts>
  set(vpp: Vpp, timeouts: NatTimeouts): Promise<unknown>
  /** Turns the translation on where it is off. */
  enable(vpp: Vpp): Promise<unknown>
}

/** Descriptor of timeouts. VPP keeps no mark on them: the agent's are those that are declared, or that it has set. */
export function timeoutsKind(parts: TimeoutsParts): ObjectDescriptor<TimeoutsValue> {
  const { kind, plugin, messages, read, set, enable } = parts
  const item = kind.slice(0, -'-timeouts'.length)
  return {
    kind,
    messages,
    plugin: () => plugin,
    leaf: true,
    itemsOf: () => [{ kind: item, key: item }],
    dependsOn: () => [],
    recorded: () => true,

    async look(vpp, wanted) {
      if (wanted.desired(kind, item) === undefined && !isMade(wanted, kind, item)) return []
      const found = await ifAvailable(async () => [timeoutsOf(await read(vpp))])
      return found.map((value) => ({ kind, key: item, value }))
    },

    compare: (wanted, has) => (sameTimeouts(wanted, has) ? 'same' : 'update'),

    async create(vpp, { value }) {
      await enable(vpp)
      await set(vpp, { ...timeoutsOf(await read(vpp)), ...defined(value) })
      return undefined
    },

    async update(vpp, { value }) {
      await set(vpp, { ...timeoutsOf(await read(vpp)), ...defined(value) })
    },

    async remove(vpp) {
      await set(vpp, DEFAULT_TIMEOUTS)
    },
  }
}
