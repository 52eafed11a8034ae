import { ifAvailable } from '../available.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { interfaceId, objectId, type AclBindingValue, type Actual } from '../object.ts'

/** Which access lists an interface has. The agent sets its own and keeps those of others, which come first. */
export const aclBinding: Handler<'acl-binding'> = {
  async look(vpp) {
    const interfaces = vpp.snapshot.interfaceNames()
    const acls = vpp.snapshot.aclNames()
    const lists = await listsOf(vpp, NONE)
    return lists.flatMap(({ swIfIndex, ingress, egress }): Actual<'acl-binding'>[] => {
      const name = interfaces.get(swIfIndex) ?? `~${swIfIndex}`
      const value = { interface: name, ingress: namesOf(ingress, acls), egress: namesOf(egress, acls) }
      if (value.ingress.length + value.egress.length === 0) return []
      return [{ kind: 'acl-binding', key: name, owned: true, value, refs: refsOf(value) }]
    })
  },

  async create(vpp, { value }) {
    await bind(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => bind(vpp, value),

  remove: (vpp, { value }) => bind(vpp, { interface: value.interface, ingress: [], egress: [] }),
}

function refsOf({ interface: name, ingress, egress }: AclBindingValue): string[] {
  return [interfaceId(name), ...[...ingress, ...egress].map((acl) => objectId('acl', acl))]
}

function namesOf(indices: readonly number[], acls: ReadonlyMap<number, string>): string[] {
  return indices.map((index) => acls.get(index)).filter((name) => name !== undefined)
}

interface Lists {
  readonly swIfIndex: number
  readonly ingress: readonly number[]
  readonly egress: readonly number[]
}

async function listsOf({ clients }: Vpp, swIfIndex: number): Promise<Lists[]> {
  const details = await ifAvailable(() => clients.acl.aclInterfaceListDump({ swIfIndex }).toArray())
  return details.map((it) => ({
    swIfIndex: it.swIfIndex,
    ingress: it.acls.slice(0, it.nInput),
    egress: it.acls.slice(it.nInput),
  }))
}

async function bind(vpp: Vpp, value: AclBindingValue): Promise<void> {
  const { clients, snapshot } = vpp
  const swIfIndex = snapshot.swIfIndex(value.interface) ?? 0
  const own = snapshot.aclNames()
  const [now] = await listsOf(vpp, swIfIndex)
  const others = (list: readonly number[] = []): number[] => list.filter((index) => !own.has(index))
  const indicesOf = (names: readonly string[]): number[] =>
    names.map((name) => snapshot.get('acl', name)?.index ?? NONE)
  const input = [...others(now?.ingress), ...indicesOf(value.ingress)]
  const output = [...others(now?.egress), ...indicesOf(value.egress)]
  await clients.acl.aclInterfaceSetAclList({ swIfIndex, nInput: input.length, acls: [...input, ...output] })
}
