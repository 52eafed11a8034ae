import { BdFlags } from '@vpp-ts/binapi-l2'
import type { Handler } from '../handler.ts'
import { MARK } from '../mark.ts'
import type { BridgeDomainValue } from '../object.ts'
import { NONE } from '../handler.ts'

/** Which bit of `bd_flags` stands for what. */
const FLAGS: readonly (readonly [number, keyof BridgeDomainValue])[] = [
  [BdFlags.BRIDGE_API_FLAG_LEARN, 'learn'],
  [BdFlags.BRIDGE_API_FLAG_FWD, 'forward'],
  [BdFlags.BRIDGE_API_FLAG_FLOOD, 'flood'],
  [BdFlags.BRIDGE_API_FLAG_UU_FLOOD, 'unknownUnicastFlood'],
  [BdFlags.BRIDGE_API_FLAG_ARP_TERM, 'arpTermination'],
]

function flagsOf(value: BridgeDomainValue, on: boolean): number {
  return FLAGS.filter(([, name]) => value[name] === on).reduce((sum, [bit]) => sum | bit, 0)
}

/** Bridge domains, marked by their tag. */
export const bridgeDomain: Handler<'bridge-domain'> = {
  async look({ clients }) {
    const details = await clients.l2.bridgeDomainDump({ bdId: NONE, swIfIndex: NONE }).toArray()
    return details.map((it) => ({
      kind: 'bridge-domain',
      key: String(it.bdId),
      owned: it.bdTag === MARK,
      value: {
        id: it.bdId,
        flood: it.flood,
        unknownUnicastFlood: it.uuFlood,
        forward: it.forward,
        learn: it.learn,
        arpTermination: it.arpTerm,
        macAge: it.macAge,
      },
      refs: [],
    }))
  },

  async create({ clients }, { value }) {
    await clients.l2.bridgeDomainAddDel({
      bdId: value.id,
      flood: value.flood,
      uuFlood: value.unknownUnicastFlood,
      forward: value.forward,
      learn: value.learn,
      arpTerm: value.arpTermination,
      macAge: value.macAge,
      bdTag: MARK,
      isAdd: true,
    })
    return undefined
  },

  async update({ clients }, { value }) {
    const { id: bdId, macAge } = value
    await Promise.all([
      clients.l2.bridgeFlags({ bdId, isSet: true, flags: flagsOf(value, true) }),
      clients.l2.bridgeFlags({ bdId, isSet: false, flags: flagsOf(value, false) }),
      clients.l2.bridgeDomainSetMacAge({ bdId, macAge }),
    ])
  },

  async remove({ clients }, { value }) {
    await clients.l2.bridgeDomainAddDel({ bdId: value.id, isAdd: false })
  },
}
