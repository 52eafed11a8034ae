import { L2Client, L2PortType } from '@vpp-ts/binapi-l2'
import { NONE, interfaceId, type ObjectDescriptor } from '../descriptor.ts'
import { setTagRewrite, type TagRewriteValue } from '../interface/tag-rewrite.ts'
import { MARK } from '../mark.ts'
import { BRIDGE_MEMBER_MESSAGES } from './messages.ts'

/** A member of a bridge domain. */
export interface BridgeMemberValue {
  readonly bridgeDomain: number
  readonly interface: string
  readonly splitHorizonGroup: number
  readonly bvi: boolean
}

/** Members of bridge domains. Those of the agent's bridge domains are all the agent's. */
export const bridgeMember: ObjectDescriptor<BridgeMemberValue> = {
  kind: 'bridge-member',
  messages: BRIDGE_MEMBER_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'bridge-domain', key: String(value.bridgeDomain) }],
  dependsOn: (value) => [`bridge-domain ${value.bridgeDomain}`, interfaceId(value.interface)],
  claims: (value) => [
    `place of interface ${JSON.stringify(value.interface)} in a bridge domain`,
    ...(value.bvi ? [`BVI of bridge domain ${value.bridgeDomain}`] : []),
  ],
  lookAfter: ['interface'],
  goesWithInterface: true,
  composite: true,

  async look(vpp, wanted) {
    const details = await vpp.client(L2Client).bridgeDomainDump({ bdId: NONE, swIfIndex: NONE }).toArray()
    return details.flatMap(({ bdId, bdTag, bviSwIfIndex, swIfDetails }) => {
      const foreign = bdTag !== MARK && wanted.made('bridge-domain', String(bdId)) !== true
      return swIfDetails.map(({ swIfIndex, shg }) => {
        const name = vpp.interfaceName(swIfIndex)
        const bvi = swIfIndex === bviSwIfIndex
        const value = { bridgeDomain: bdId, interface: name, splitHorizonGroup: shg, bvi }
        return { kind: 'bridge-member', key: `${bdId}/${name}`, foreign, value }
      })
    })
  },

  async create(vpp, { value }) {
    await vpp.client(L2Client).swInterfaceSetL2Bridge({
      rxSwIfIndex: vpp.indexOf('interface', value.interface),
      bdId: value.bridgeDomain,
      portType: value.bvi ? L2PortType.L2_API_PORT_TYPE_BVI : L2PortType.L2_API_PORT_TYPE_NORMAL,
      shg: value.splitHorizonGroup,
      enable: true,
    })
    // It may have lost this when it left a bridge domain.
    const rewrite = vpp.get<TagRewriteValue>('tag-rewrite', value.interface)
    if (rewrite !== undefined) await setTagRewrite(vpp, rewrite.value)
    return undefined
  },

  async remove(vpp, { value }) {
    await vpp.client(L2Client).swInterfaceSetL2Bridge({
      rxSwIfIndex: vpp.indexOf('interface', value.interface),
      bdId: value.bridgeDomain,
      enable: false,
    })
  },
}
