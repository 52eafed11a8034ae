import { AclClient } from '@vpp-ts/binapi-acl'
import type { ItemRef } from '../../model/item-ref.ts'
import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { ACL_BINDING_MESSAGES } from './messages.ts'

/** The agent's access lists of an interface, in the order in which they are asked. */
export interface AclBindingValue {
  readonly interface: string
  readonly ingress: readonly string[]
  readonly egress: readonly string[]
}

function namesIn({ ingress, egress }: AclBindingValue): string[] {
  return [...new Set([...ingress, ...egress])]
}

function itemOf(name: string): ItemRef {
  return { kind: 'acl', key: name }
}

/** Which access lists an interface has. The agent sets its own and keeps foreign ones, which come first. */
export const aclBinding: ObjectDescriptor<AclBindingValue> = {
  kind: 'acl-binding',
  messages: ACL_BINDING_MESSAGES,
  plugin: () => 'acl',
  leaf: true,
  itemsOf: ({ value }) => namesIn(value).map(itemOf),
  dependsOn: (value) => [interfaceId(value.interface), ...namesIn(value).map((name) => `acl ${name}`)],
  lookAfter: ['interface', 'acl'],
  goesWithInterface: true,

  merge(parts) {
    const ingress = parts.flatMap((part) => part.ingress).sort()
    return {
      interface: parts[0]?.interface ?? '',
      ingress,
      egress: parts.flatMap((part) => part.egress).sort(),
    }
  },

  keepFrozen(wanted, has, isFrozen) {
    const frozen = (names: readonly string[]): string[] => names.filter((name) => isFrozen(itemOf(name)))
    if (frozen(namesIn(has)).length === 0) return wanted
    return {
      interface: has.interface,
      ingress: [...new Set([...(wanted?.ingress ?? []), ...frozen(has.ingress)])].sort(),
      egress: [...new Set([...(wanted?.egress ?? []), ...frozen(has.egress)])].sort(),
    }
  },

  async look(vpp) {
    const lists = await listsOf(vpp, NONE)
    return lists.flatMap(({ swIfIndex, ingress, egress }) => {
      const name = vpp.interfaceName(swIfIndex)
      const value = { interface: name, ingress: ownNames(vpp, ingress), egress: ownNames(vpp, egress) }
      if (value.ingress.length + value.egress.length === 0) return []
      return [{ kind: 'acl-binding', key: name, value }]
    })
  },

  async create(vpp, { value }) {
    await bind(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => bind(vpp, value),

  remove: (vpp, { value }) => bind(vpp, { interface: value.interface, ingress: [], egress: [] }),
}

/** Names of the agent's lists among these. */
function ownNames(vpp: Vpp, indices: readonly number[]): string[] {
  return indices.map((index) => ownName(vpp, index)).filter((name) => name !== undefined)
}

function ownName(vpp: Vpp, index: number): string | undefined {
  const key = vpp.keyOf('acl', index)
  return key === undefined || vpp.get('acl', key)?.foreign === true ? undefined : key
}

interface Lists {
  readonly swIfIndex: number
  readonly ingress: readonly number[]
  readonly egress: readonly number[]
}

async function listsOf(vpp: Vpp, swIfIndex: number): Promise<Lists[]> {
  const client = vpp.client(AclClient)
  const details = await ifAvailable(() => client.aclInterfaceListDump({ swIfIndex }).toArray())
  return details.map((it) => ({
    swIfIndex: it.swIfIndex,
    ingress: it.acls.slice(0, it.nInput),
    egress: it.acls.slice(it.nInput),
  }))
}

async function bind(vpp: Vpp, value: AclBindingValue): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', value.interface)
  const [now] = await listsOf(vpp, swIfIndex)
  const others = (list: readonly number[] = []): number[] =>
    list.filter((index) => ownName(vpp, index) === undefined)
  const indicesOf = (names: readonly string[]): number[] => names.map((name) => vpp.indexOf('acl', name))
  const input = [...others(now?.ingress), ...indicesOf(value.ingress)]
  const output = [...others(now?.egress), ...indicesOf(value.egress)]
  const request = { swIfIndex, nInput: input.length, acls: [...input, ...output] }
  await vpp.client(AclClient).aclInterfaceSetAclList(request)
}
