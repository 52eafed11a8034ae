import { L2Client } from '@vpp-ts/binapi-l2'
import { interfaceId, interfacesOf, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isOwnOn } from './owned.ts'
import type { TagRewrite } from './schema.ts'
import { TAG_REWRITE_MESSAGES } from './messages.ts'

/** What happens to the VLAN tags of packets that are bridged or cross-connected. */
export interface TagRewriteValue {
  readonly interface: string
  readonly rewrite: TagRewrite
}

/** What VPP reports of a rewrite with an interface. */
export interface SeenRewrite {
  readonly vtrOp: number
  readonly vtrPushDot1q: number
  readonly vtrTag1: number
  readonly vtrTag2: number
}

/** VPP's numbers of operations, by the tags that are taken off and put on; 0 is none. */
const OPERATIONS: readonly (readonly number[])[] = [
  [0, 1, 2],
  [3, 5, 6],
  [4, 7, 8],
]

/** The rewrite that VPP reports; undefined for none. */
export function rewriteOf({ vtrOp, vtrPushDot1q, vtrTag1, vtrTag2 }: SeenRewrite): TagRewrite | undefined {
  if (vtrOp === 0) return undefined
  const pop = OPERATIONS.findIndex((row) => row.includes(vtrOp))
  const count = OPERATIONS[pop]?.indexOf(vtrOp)
  if (count === undefined) return undefined
  const push = [vtrTag1, vtrTag2].slice(0, count)
  return { pop, push, ethertype: count === 0 || vtrPushDot1q !== 0 ? 'dot1q' : 'dot1ad' }
}

/** Tag rewrites of sub-interfaces. An interface that leaves a bridge domain loses its own: see `bridge-member`. */
export const tagRewrite: ObjectDescriptor<TagRewriteValue> = {
  kind: 'tag-rewrite',
  messages: TAG_REWRITE_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  toldBy: 'interface',
  goesWithInterface: true,

  async look(vpp, wanted) {
    const found = [...interfacesOf(vpp)].flatMap(({ key, value: { seen } }) => {
      const rewrite = seen?.rewrite
      if (rewrite === undefined) return []
      const foreign = !isOwnOn(vpp, wanted, { interface: key, kind: 'tag-rewrite', key })
      return [{ kind: 'tag-rewrite', key, foreign, value: { interface: key, rewrite } }]
    })
    return await Promise.resolve(found)
  },

  async create(vpp, { value }) {
    await setTagRewrite(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => setTagRewrite(vpp, value),

  async remove(vpp, { value }) {
    const swIfIndex = vpp.indexOf('interface', value.interface)
    await vpp.client(L2Client).l2InterfaceVlanTagRewrite({ swIfIndex, vtrOp: 0 })
  },
}

/** Sets the rewrite of an interface. */
export async function setTagRewrite(vpp: Vpp, { interface: name, rewrite }: TagRewriteValue): Promise<void> {
  const { pop, push, ethertype } = rewrite
  await vpp.client(L2Client).l2InterfaceVlanTagRewrite({
    swIfIndex: vpp.indexOf('interface', name),
    vtrOp: OPERATIONS[pop]?.[push.length] ?? 0,
    pushDot1q: ethertype === 'dot1q' ? 1 : 0,
    tag1: push[0] ?? 0,
    tag2: push[1] ?? 0,
  })
}
