import { PolicerClient } from '@vpp-ts/binapi-policer'
import { pooled } from '../../model/pooled.ts'
import { interfaceId, interfacesOf, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { ForeignError } from '../foreign-error.ts'
import { featuresOf } from '../interface-features.ts'
import { POLICER_BINDING_MESSAGES } from './messages.ts'
import { policerName } from './object.ts'

/** A policer on an interface. */
export interface PolicerBindingValue {
  readonly interface: string
  readonly direction: 'input' | 'output'
  /** Undefined: a foreign one. */
  readonly policer: string | undefined
}

/** VPP's names of the nodes that packets meet a policer in. */
const NODES = { input: 'policer-input', output: 'policer-output' } as const

/** Key of a policer on an interface. It names the policer, so that what is recorded tells which one it is. */
export function bindingKey({ interface: name, direction, policer }: PolicerBindingValue): string {
  return `${direction} ${policer ?? '~'} ${name}`
}

/**
 * Policers on interfaces. No message reports them, so the text of `show interface features` shows whether there is one,
 * and what the agent has recorded which one it is. It is never put on twice, since VPP would then ask it twice, and
 * never taken off where there is none, which crashes VPP.
 */
export const policerBinding: ObjectDescriptor<PolicerBindingValue> = {
  kind: 'policer-binding',
  messages: POLICER_BINDING_MESSAGES,
  plugin: () => 'policer',
  leaf: true,
  itemsOf: ({ value }) => (value.policer === undefined ? [] : [{ kind: 'policer', key: value.policer }]),
  dependsOn({ interface: name, policer }) {
    return policer === undefined ? [interfaceId(name)] : [interfaceId(name), `policer ${policer}`]
  },
  claims: ({ interface: name, direction }) => [
    `place of a policer on ${direction} of interface ${JSON.stringify(name)}`,
  ],
  lookAfter: ['interface', 'policer'],
  goesWithInterface: true,
  recorded: () => true,
  untold: true,

  async look(vpp, wanted) {
    const found: Actual<PolicerBindingValue>[] = []
    const policers = [...vpp.of('policer')]
    const own = policers.filter(({ foreign }) => foreign !== true).map(({ key }) => key)
    // VPP keeps those of policers that were deleted, but nothing of a VPP without policers is worth a command each.
    if (policers.length === 0 && wanted.items('policer')[Symbol.iterator]().next().done === true) return found
    await pooled([...interfacesOf(vpp)], async ({ key: name }) => {
      const nodes = await featuresOf(vpp, name)
      for (const direction of ['input', 'output'] as const) {
        if (!nodes.includes(NODES[direction])) continue
        const isMade = (policer: string): boolean => {
          const key = bindingKey({ interface: name, direction, policer })
          const made = wanted.made('policer-binding', key)
          return made ?? wanted.desired('policer-binding', key) !== undefined
        }
        const value: PolicerBindingValue = { interface: name, direction, policer: own.find(isMade) }
        const foreign = value.policer === undefined
        found.push({ kind: 'policer-binding', key: bindingKey(value), foreign, value })
      }
    })
    return found
  },

  async create(vpp, { value }) {
    if ((await featuresOf(vpp, value.interface)).includes(NODES[value.direction]))
      throw new ForeignError(
        `interface ${JSON.stringify(value.interface)} has got a policer on ${value.direction}`,
      )
    await apply(vpp, value, true)
    return undefined
  },

  async remove(vpp, { value }) {
    if ((await featuresOf(vpp, value.interface)).includes(NODES[value.direction]))
      await apply(vpp, value, false)
  },
}

async function apply(vpp: Vpp, { interface: on, direction, policer }: PolicerBindingValue, isOn: boolean) {
  const request = {
    name: policerName(policer ?? ''),
    swIfIndex: vpp.indexOf('interface', on),
    apply: isOn,
  }
  const client = vpp.client(PolicerClient)
  await (direction === 'input' ? client.policerInput(request) : client.policerOutput(request))
}
