import * as api from '@vpp-ts/binapi-det44'
import { Det44Client } from '@vpp-ts/binapi-det44'
import { ifAvailable } from '../available.ts'
import { DET44_ENABLE, enableDet44 } from '../det44/index.ts'
import { describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isMade } from '../nat44/mode.ts'
import { derived, item, unused, uses } from '../uses.ts'
import { type Det44MappingInput, det44MappingSchema, type Det44MappingItem } from './schema.ts'

/** A mapping of deterministic NAT. */
type Det44MappingValue = Omit<Det44MappingItem, 'kind'>

function keyOf({ inside, outside }: Det44MappingValue): string {
  return `${inside}/${outside}`
}

const ends = {
  inAddr: item('inside'),
  inPlen: item('inside'),
  outAddr: item('outside'),
  outPlen: item('outside'),
}
const follows = unused('follows from the prefixes')

/** Mappings of deterministic NAT. VPP keeps no mark on them: the agent's are those that it has recorded. */
const det44MappingObject: ObjectDescriptor<Det44MappingValue> = {
  kind: 'det44-mapping',
  messages: [
    uses(api.Det44AddDelMap, { isAdd: derived('true to make it, false to remove it'), ...ends }),
    uses(api.Det44MapDump, {}),
    uses(api.Det44MapDetails, {
      ...ends,
      sharingRatio: follows,
      portsPerHost: follows,
      sesNum: unused('a counter'),
    }),
    DET44_ENABLE,
  ],
  plugin: () => 'det44',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'det44-mapping', key }],
  dependsOn: () => [],
  claims: ({ inside, outside }) => [`inside ${inside} of det44`, `outside ${outside} of det44`],
  recorded: () => true,
  usable: () => true,

  async look(vpp, wanted) {
    const details = await ifAvailable(() => vpp.client(Det44Client).det44MapDump().toArray())
    return details.map(({ inAddr, inPlen, outAddr, outPlen }) => {
      const value = { inside: `${String(inAddr)}/${inPlen}`, outside: `${String(outAddr)}/${outPlen}` }
      const key = keyOf(value)
      return { kind: 'det44-mapping', key, foreign: !isMade(wanted, 'det44-mapping', key), value }
    })
  },

  async create(vpp, { value }) {
    await enableDet44(vpp)
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, { inside, outside }: Det44MappingValue, isAdd: boolean): Promise<void> {
  const [inAddr = '', inPlen] = inside.split('/')
  const [outAddr = '', outPlen] = outside.split('/')
  const request = { isAdd, inAddr, inPlen: Number(inPlen), outAddr, outPlen: Number(outPlen) }
  await vpp.client(Det44Client).det44AddDelMap(request)
}

/** Mappings of deterministic NAT. */
export const det44Mapping = describe<Det44MappingItem, 'det44-mapping'>({
  kind: 'det44-mapping',
  schema: det44MappingSchema,
  keyOf,
  collection: {
    path: 'det44-mappings',
    key: 'inside prefix/outside prefix',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const [address, length, ...outside] = key.split('/')
      return { inside: `${address ?? ''}/${length ?? ''}`, outside: outside.join('/') }
    },
  },
  unmarked: true,
  objects: [det44MappingObject],
  *dump(vpp) {
    for (const { value } of vpp.of<Det44MappingValue>('det44-mapping'))
      yield { kind: 'det44-mapping', ...value } satisfies Det44MappingInput
  },
  *decompose({ inside, outside }, key) {
    yield { kind: 'det44-mapping', key, value: { inside, outside } }
  },
})
