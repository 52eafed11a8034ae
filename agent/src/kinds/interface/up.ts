import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { interfaceId, interfacesOf, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isConfigured } from './configured.ts'
import { UP_MESSAGES } from './messages.ts'

/** That an interface is administratively up. */
export interface InterfaceUpValue {
  readonly interface: string
  /** Name of the interface that a VLAN is part of: VPP has no VLAN up whose parent is down. */
  readonly parent: string | undefined
}

const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP

/** Id of the object that says that an interface is up. */
export function upId(name: string): string {
  return `interface-up ${name}`
}

/** Admin state: an object is there while the interface is up. It comes last, after all that protects the interface. */
export const interfaceUp: ObjectDescriptor<InterfaceUpValue> = {
  kind: 'interface-up',
  messages: UP_MESSAGES,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn({ interface: name, parent }) {
    return parent === undefined ? [interfaceId(name)] : [interfaceId(name), upId(parent)]
  },
  awaits: ({ interface: name }) => [
    `acl-binding ${name}`,
    `interface-table ${name}/4`,
    `interface-table ${name}/6`,
  ],
  lookAfter: ['interface'],
  toldBy: 'interface',
  goesWithInterface: true,
  compare: () => 'same',

  async look(vpp, wanted) {
    const up = [...interfacesOf(vpp)].filter(({ value }) => value.seen?.adminUp === true)
    const found = up.map((it) => ({
      kind: 'interface-up',
      key: it.key,
      foreign: !isConfigured(it, wanted),
      value: { interface: it.key, parent: it.value.parent },
    }))
    return await Promise.resolve(found)
  },

  async create(vpp, { value }) {
    await setFlags(vpp, value, UP)
    return undefined
  },

  remove: (vpp, { value }) => setFlags(vpp, value, 0),
}

async function setFlags(vpp: Vpp, { interface: name }: InterfaceUpValue, flags: number): Promise<void> {
  await vpp.client(InterfaceClient).swInterfaceSetFlags({ swIfIndex: vpp.indexOf('interface', name), flags })
}
