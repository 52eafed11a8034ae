import { L2PortType } from '@vpp-ts/binapi-l2'
import { NONE, type Handler } from '../handler.ts'
import { MARK } from '../mark.ts'
import { interfaceId, objectId } from '../object.ts'

/** Members of bridge domains. Those of the agent's bridge domains are all the agent's. */
export const bridgeMember: Handler<'bridge-member'> = {
  async look({ clients, snapshot }) {
    const names = snapshot.interfaceNames()
    const details = await clients.l2.bridgeDomainDump({ bdId: NONE, swIfIndex: NONE }).toArray()
    return details.flatMap(({ bdId, bdTag, bviSwIfIndex, swIfDetails }) =>
      swIfDetails.map(({ swIfIndex, shg }) => {
        const name = names.get(swIfIndex) ?? `~${swIfIndex}`
        const bvi = swIfIndex === bviSwIfIndex
        return {
          kind: 'bridge-member' as const,
          key: `${bdId}/${name}`,
          owned: bdTag === MARK,
          value: { bridgeDomain: bdId, interface: name, splitHorizonGroup: shg, bvi },
          refs: [objectId('bridge-domain', String(bdId)), interfaceId(name)],
        }
      }),
    )
  },

  async create({ clients, snapshot }, { value }) {
    await clients.l2.swInterfaceSetL2Bridge({
      rxSwIfIndex: snapshot.swIfIndex(value.interface) ?? 0,
      bdId: value.bridgeDomain,
      portType: value.bvi ? L2PortType.L2_API_PORT_TYPE_BVI : L2PortType.L2_API_PORT_TYPE_NORMAL,
      shg: value.splitHorizonGroup,
      enable: true,
    })
    return undefined
  },

  async remove({ clients, snapshot }, { value }) {
    await clients.l2.swInterfaceSetL2Bridge({
      rxSwIfIndex: snapshot.swIfIndex(value.interface) ?? 0,
      bdId: value.bridgeDomain,
      enable: false,
    })
  },
}
