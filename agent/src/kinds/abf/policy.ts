import { AbfClient, type AbfPolicy } from '@vpp-ts/binapi-abf'
import type { Family } from '../../model/ip.ts'
import { ifAvailable } from '../available.ts'
import { interfaceId, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { normalPaths, readPath, writePath } from '../route/path.ts'
import type { RoutePath } from '../route/schema.ts'
import { tableId } from '../table/object.ts'
import { ABF_MESSAGES } from './messages.ts'

/** A policy without the interfaces that it is on. */
export interface AbfValue {
  readonly id: number
  readonly acl: string
  readonly family: Family
  readonly paths: readonly RoutePath[]
}

const PROTO_IP6 = 1

/** The policies that VPP has. */
export async function policiesOf(vpp: Vpp): Promise<AbfPolicy[]> {
  const details = await ifAvailable(() => vpp.client(AbfClient).abfPolicyDump().toArray())
  return details.map(({ policy }) => policy)
}

/** Policies. VPP keeps no mark on them: the agent's are those that it has recorded. */
export const abfPolicy: ObjectDescriptor<AbfValue> = {
  kind: 'abf',
  messages: ABF_MESSAGES,
  plugin: () => 'abf',
  itemsOf: ({ key }) => [{ kind: 'abf', key }],
  dependsOn({ acl, family, paths }) {
    const ids = [`acl ${acl}`]
    for (const { interface: name, table } of paths) {
      if (name !== undefined) ids.push(interfaceId(name))
      const needs = table === undefined ? undefined : tableId(family, table)
      if (needs !== undefined) ids.push(needs)
    }
    return ids
  },
  lookAfter: ['interface', 'acl'],
  recorded: () => true,

  async look(vpp, wanted) {
    return (await policiesOf(vpp)).map((it): Actual<AbfValue> => {
      const key = String(it.policyId)
      const foreign = !(wanted.made('abf', key) ?? wanted.owns({ kind: 'abf', key }))
      return { kind: 'abf', key, foreign, value: readPolicy(vpp, it) }
    })
  },

  compare(wanted, has) {
    if (wanted.acl !== has.acl || wanted.family !== has.family) return 'replace'
    const { added, dropped } = differenceOf(wanted, has)
    if (added.length + dropped.length === 0) return 'same'
    // VPP distinguishes paths by their next hop: one with another weight would remove the other one.
    const hops = new Set(dropped.map(hopOf))
    const isDead = dropped.some((path) => path.interface?.startsWith('~') === true)
    return isDead || added.some((path) => hops.has(hopOf(path))) ? 'replace' : 'update'
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, value.paths, true)
    return undefined
  },

  async update(vpp, { value }, { value: has }) {
    const { added, dropped } = differenceOf(value, has)
    // The last path would take the policy with it, which crashes VPP while it is on an interface.
    if (added.length > 0) await addDel(vpp, value, added, true)
    if (dropped.length > 0) await addDel(vpp, value, dropped, false)
  },

  async remove(vpp, { value: { id } }) {
    const policy = (await policiesOf(vpp)).find(({ policyId }) => policyId === id)
    if (policy === undefined) return
    const attached = await vpp.client(AbfClient).abfItfAttachDump().toArray()
    const on = attached.find(({ attach }) => attach.policyId === id)
    if (on !== undefined) {
      const name = JSON.stringify(vpp.interfaceName(on.attach.swIfIndex))
      throw new Error(`policy ${id} is on interface ${name}; VPP would crash without its paths`)
    }
    await vpp.client(AbfClient).abfPolicyAddDel({ isAdd: false, policy })
  },
}

function readPolicy(vpp: Vpp, { policyId: id, aclIndex, paths }: AbfPolicy): AbfValue {
  const family = paths.some(({ proto }) => proto === PROTO_IP6) ? 6 : 4
  return {
    id,
    acl: vpp.keyOf('acl', aclIndex) ?? `~${aclIndex}`,
    family,
    paths: pathsOf(paths.map((path) => readPath(vpp, path, family, 0))),
  }
}

/** Paths as they are compared. */
export function pathsOf(paths: readonly RoutePath[]): readonly RoutePath[] {
  return normalPaths(paths, '', 0)
}

function differenceOf(wanted: AbfValue, has: AbfValue): { added: RoutePath[]; dropped: RoutePath[] } {
  return { added: without(wanted.paths, has.paths), dropped: without(has.paths, wanted.paths) }
}

/** Those of some paths that are not among others. */
function without(some: readonly RoutePath[], others: readonly RoutePath[]): RoutePath[] {
  const texts = new Set(others.map(textOf))
  return some.filter((path) => !texts.has(textOf(path)))
}

function textOf({ nextHop, interface: name, table, labels, weight, preference }: RoutePath): string {
  return JSON.stringify([nextHop, name, table, labels, weight, preference])
}

function hopOf({ nextHop, interface: name, table }: RoutePath): string {
  return JSON.stringify([nextHop, name, table])
}

async function addDel(
  vpp: Vpp,
  { id, acl, family }: AbfValue,
  paths: readonly RoutePath[],
  isAdd: boolean,
): Promise<void> {
  await vpp.client(AbfClient).abfPolicyAddDel({
    isAdd,
    policy: {
      policyId: id,
      aclIndex: vpp.indexOf('acl', acl),
      paths: paths.map((path) => writePath(vpp, path, family, 0)),
    },
  })
}
