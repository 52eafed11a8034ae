import { brief, grouped } from '../brief.ts'
import { describe, type FoundView } from '../descriptor.ts'
import { bridgeMember, type BridgeMemberValue } from './member.ts'
import { bridgeDomainObject, type BridgeDomainValue } from './object.ts'
import { bridgeDomainSchema, type BridgeDomainInput, type BridgeDomainItem } from './schema.ts'

const DEFAULTS = {
  flood: true,
  unknownUnicastFlood: true,
  forward: true,
  learn: true,
  arpTermination: false,
  arpUnicastForward: false,
  macAge: 0,
}

function* dump(vpp: FoundView): Iterable<BridgeDomainInput> {
  const all = grouped(vpp.of<BridgeMemberValue>('bridge-member'), ({ value }) => value.bridgeDomain)
  for (const { value } of vpp.of<BridgeDomainValue>('bridge-domain')) {
    const { id, ...flags } = value
    if (id === 0) continue
    const members = (all.get(id) ?? [])
      .map(({ value: { interface: name, splitHorizonGroup, bvi } }) => ({
        interface: name,
        ...brief({ splitHorizonGroup, bvi }, { splitHorizonGroup: 0, bvi: false }),
      }))
      .sort((a, b) => (a.interface < b.interface ? -1 : 1))
    yield { kind: 'bridge-domain', id, ...brief({ ...flags, members }, { ...DEFAULTS, members: [] }) }
  }
}

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
  dump,
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
