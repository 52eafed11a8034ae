import { describe } from '../descriptor.ts'
import { bridgeMember, type BridgeMemberValue } from './member.ts'
import { bridgeDomainObject, type BridgeDomainValue } from './object.ts'
import { bridgeDomainSchema, type BridgeDomainItem } from './schema.ts'

/** Bridge domains with their members. */
export const bridgeDomain = describe<BridgeDomainItem, 'bridge-domain'>({
  kind: 'bridge-domain',
  schema: bridgeDomainSchema,
  keyOf: ({ id }) => String(id),
  collection: {
    path: 'bridge-domains',
    key: 'id',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ id: Number(key) }),
  },
  objects: [bridgeDomainObject, bridgeMember],
  *decompose(item, key) {
    const { id, flood, unknownUnicastFlood, forward, learn, arpTermination, arpUnicastForward, macAge } = item
    const value = {
      id,
      flood,
      unknownUnicastFlood,
      forward,
      learn,
      arpTermination,
      arpUnicastForward,
      macAge,
    }
    yield { kind: 'bridge-domain', key, value: value satisfies BridgeDomainValue }
    for (const { interface: name, splitHorizonGroup, bvi } of item.members) {
      const member = { bridgeDomain: id, interface: name, splitHorizonGroup, bvi }
      yield { kind: 'bridge-member', key: `${id}/${name}`, value: member satisfies BridgeMemberValue }
    }
  },
})
