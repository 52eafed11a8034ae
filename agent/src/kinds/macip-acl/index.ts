import { AclClient } from '@vpp-ts/binapi-acl'
import { AclAction, type MacipAclRule as WireRule } from '@vpp-ts/binapi-acl-types'
import { canonicalPrefix } from '../../model/ip.ts'
import { accessLists } from '../access-lists.ts'
import { ifAvailable } from '../available.ts'
import {
  type FoundView,
  NONE,
  describe,
  interfaceId,
  type ObjectDescriptor,
  type Vpp,
} from '../descriptor.ts'
import { aclTag } from '../mark.ts'
import { MACIP_ACL_MESSAGES, MACIP_BINDING_MESSAGES } from './messages.ts'
import { macipAclSchema, type MacipAclInput, type MacipAclItem } from './schema.ts'
import { brief, grouped } from '../brief.ts'

/** A rule as VPP has it: of one family. */
interface RuleValue {
  readonly action: 'permit' | 'deny'
  readonly source: string
  readonly mac: string
  readonly macMask: string
}

interface MacipAclValue {
  readonly name: string
  readonly rules: readonly RuleValue[]
}

interface BindingValue {
  readonly interface: string
  readonly list: string
}

const NO_MAC = '00:00:00:00:00:00'
const EXACT_MASK = 'ff:ff:ff:ff:ff:ff'
const ANY = ['0.0.0.0/0', '::/0'] as const

/** Rules of VPP that one rule of an item stands for. */
function rulesOf({
  action,
  source,
  mac = NO_MAC,
  macMask = NO_MAC,
}: MacipAclItem['rules'][number]): RuleValue[] {
  return (source === undefined ? ANY : [source]).map((it) => ({ action, source: it, mac, macMask }))
}

/** Access lists of MAC and IP addresses, marked by their tag. */
const macipAclObject: ObjectDescriptor<MacipAclValue> = {
  kind: 'macip-acl',
  messages: MACIP_ACL_MESSAGES,
  plugin: () => 'acl',
  adoptable: true,
  itemsOf: ({ value }) => [{ kind: 'macip-acl', key: value.name }],
  dependsOn: () => [],

  async look(vpp, wanted) {
    const details = await ifAvailable(() => vpp.client(AclClient).macipAclDump({ aclIndex: NONE }).toArray())
    return accessLists('macip-acl', details, wanted, readRule)
  },

  create: (vpp, { value }) => replace(vpp, value, NONE),

  async update(vpp, { value, key }) {
    await replace(vpp, value, vpp.indexOf('macip-acl', key))
  },

  async remove(vpp, { key }) {
    await vpp.client(AclClient).macipAclDel({ aclIndex: vpp.indexOf('macip-acl', key) })
  },
}

async function replace(vpp: Vpp, value: MacipAclValue, aclIndex: number): Promise<number> {
  const r = value.rules.map(({ action, source, mac, macMask }) => ({
    isPermit: action === 'permit' ? AclAction.ACL_ACTION_API_PERMIT : AclAction.ACL_ACTION_API_DENY,
    srcMac: mac,
    srcMacMask: macMask,
    srcPrefix: source,
  }))
  const reply = await vpp.client(AclClient).macipAclAddReplace({ aclIndex, tag: aclTag(value.name), r })
  return reply.aclIndex
}

function readRule({ isPermit, srcMac, srcMacMask, srcPrefix }: WireRule): RuleValue {
  return {
    action: isPermit === AclAction.ACL_ACTION_API_DENY ? 'deny' : 'permit',
    source: canonicalPrefix(String(srcPrefix)) ?? String(srcPrefix),
    mac: String(srcMac),
    macMask: String(srcMacMask),
  }
}

/** The list of an interface. Binding another one unbinds the first, so a foreign one blocks. */
const macipBinding: ObjectDescriptor<BindingValue> = {
  kind: 'macip-binding',
  messages: MACIP_BINDING_MESSAGES,
  plugin: () => 'acl',
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'macip-acl', key: value.list }],
  dependsOn: ({ interface: name, list }) => [interfaceId(name), `macip-acl ${list}`],
  claims: ({ interface: name }) => [`place of a MACIP access list on interface ${JSON.stringify(name)}`],
  lookAfter: ['interface', 'macip-acl'],
  goesWithInterface: true,

  async look(vpp) {
    const dump = () => vpp.client(AclClient).macipAclInterfaceListDump({ swIfIndex: NONE }).toArray()
    return (await ifAvailable(dump)).flatMap(({ swIfIndex, acls }) =>
      acls
        .filter((index) => index !== NONE)
        .map((index) => {
          const name = vpp.interfaceName(swIfIndex)
          const list = vpp.keyOf('macip-acl', index) ?? `~${index}`
          const foreign = vpp.get('macip-acl', list)?.foreign !== false
          return { kind: 'macip-binding', key: `${name}/${list}`, foreign, value: { interface: name, list } }
        }),
    )
  },

  async create(vpp, { value }) {
    await bind(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => bind(vpp, value, false),
}

async function bind(vpp: Vpp, { interface: name, list }: BindingValue, isAdd: boolean): Promise<void> {
  const aclIndex = vpp.indexOf('macip-acl', list)
  const swIfIndex = vpp.indexOf('interface', name)
  await vpp.client(AclClient).macipAclInterfaceAddDel({ isAdd, swIfIndex, aclIndex })
}

function* dump(vpp: FoundView): Iterable<MacipAclInput> {
  const on = grouped(vpp.of<BindingValue>('macip-binding'), ({ value }) => value.list)
  for (const { key, value } of vpp.of<MacipAclValue>('macip-acl')) {
    const interfaces = (on.get(key) ?? []).map((it) => it.value.interface).sort()
    const rules = [...rulesIn(value.rules)]
    yield { kind: 'macip-acl', name: key, rules, ...brief({ interfaces }, { interfaces: [] }) }
  }
}

/** The rules of an item that VPP has made these of: two for any address of both families are one. */
function* rulesIn(values: readonly RuleValue[]): Iterable<MacipAclInput['rules'][number]> {
  for (let at = 0; at < values.length; at++) {
    const value = values[at]
    if (value === undefined) return
    const { action, source, mac, macMask } = value
    const [any4, any6] = ANY
    const isBoth =
      source === any4 && JSON.stringify({ ...value, source: any6 }) === JSON.stringify(values[at + 1])
    const sender = macMask === NO_MAC ? {} : { mac, ...brief({ macMask }, { macMask: EXACT_MASK }) }
    yield { action, ...(isBoth ? {} : { source }), ...sender }
    if (isBoth) at++
  }
}

/** Access lists of MAC and IP addresses, and where they apply. */
export const macipAcl = describe<MacipAclItem, 'macip-acl'>({
  kind: 'macip-acl',
  schema: macipAclSchema,
  keyOf: ({ name }) => name,
  collection: {
    path: 'macip-acls',
    key: 'name',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ name: key }),
  },
  objects: [macipAclObject, macipBinding],
  dump,
  *decompose({ name, rules, interfaces }, key) {
    yield { kind: 'macip-acl', key, value: { name, rules: rules.flatMap(rulesOf) } satisfies MacipAclValue }
    for (const on of interfaces) {
      yield {
        kind: 'macip-binding',
        key: `${on}/${name}`,
        value: { interface: on, list: name } satisfies BindingValue,
      }
    }
  },
})
