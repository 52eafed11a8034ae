import { BdFlags, L2Client } from '@vpp-ts/binapi-l2'
import { NONE, type ObjectDescriptor } from '../descriptor.ts'
import { MARK } from '../mark.ts'
import { BRIDGE_DOMAIN_MESSAGES } from './messages.ts'

/** A bridge domain without its members. */
export interface BridgeDomainValue {
  readonly id: number
  readonly flood: boolean
  readonly unknownUnicastFlood: boolean
  readonly forward: boolean
  readonly learn: boolean
  readonly arpTermination: boolean
  readonly arpUnicastForward: boolean
  readonly macAge: number
}

/** Which bit of `bd_flags` stands for what. */
const FLAGS: readonly (readonly [number, keyof BridgeDomainValue])[] = [
  [BdFlags.BRIDGE_API_FLAG_LEARN, 'learn'],
  [BdFlags.BRIDGE_API_FLAG_FWD, 'forward'],
  [BdFlags.BRIDGE_API_FLAG_FLOOD, 'flood'],
  [BdFlags.BRIDGE_API_FLAG_UU_FLOOD, 'unknownUnicastFlood'],
  [BdFlags.BRIDGE_API_FLAG_ARP_TERM, 'arpTermination'],
  [BdFlags.BRIDGE_API_FLAG_ARP_UFWD, 'arpUnicastForward'],
]

function flagsOf(value: BridgeDomainValue, on: boolean): number {
  return FLAGS.filter(([, name]) => value[name] === on).reduce((sum, [bit]) => sum | bit, 0)
}

/** Bridge domains, marked by their tag. */
export const bridgeDomainObject: ObjectDescriptor<BridgeDomainValue> = {
  kind: 'bridge-domain',
  messages: BRIDGE_DOMAIN_MESSAGES,
  itemsOf: ({ key }) => [{ kind: 'bridge-domain', key }],
  dependsOn: () => [],
  composite: true,
  adoptable: true,

  async look(vpp, wanted) {
    const details = await vpp.client(L2Client).bridgeDomainDump({ bdId: NONE, swIfIndex: NONE }).toArray()
    return details.map((it) => ({
      kind: 'bridge-domain',
      key: String(it.bdId),
      foreign: it.bdTag !== MARK && wanted.made('bridge-domain', String(it.bdId)) !== true,
      value: {
        id: it.bdId,
        flood: it.flood,
        unknownUnicastFlood: it.uuFlood,
        forward: it.forward,
        learn: it.learn,
        arpTermination: it.arpTerm,
        arpUnicastForward: it.arpUfwd,
        macAge: it.macAge,
      },
    }))
  },

  async create(vpp, { value }) {
    await vpp.client(L2Client).bridgeDomainAddDel({
      bdId: value.id,
      flood: value.flood,
      uuFlood: value.unknownUnicastFlood,
      forward: value.forward,
      learn: value.learn,
      arpTerm: value.arpTermination,
      arpUfwd: value.arpUnicastForward,
      macAge: value.macAge,
      bdTag: MARK,
      isAdd: true,
    })
    return undefined
  },

  async update(vpp, { value }) {
    const client = vpp.client(L2Client)
    const { id: bdId, macAge } = value
    await Promise.all([
      client.bridgeFlags({ bdId, isSet: true, flags: flagsOf(value, true) }),
      client.bridgeFlags({ bdId, isSet: false, flags: flagsOf(value, false) }),
      client.bridgeDomainSetMacAge({ bdId, macAge }),
    ])
  },

  async remove(vpp, { value }) {
    await vpp.client(L2Client).bridgeDomainAddDel({ bdId: value.id, isAdd: false })
  },
}
