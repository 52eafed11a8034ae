import { PppoeClient } from '@vpp-ts/binapi-pppoe'
import { pooled } from '../../model/pooled.ts'
import { describe, interfaceId, interfacesOf, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { ForeignError } from '../foreign-error.ts'
import { featuresOf } from '../interface-features.ts'
import { PPPOE_MESSAGES } from './messages.ts'
import { pppoeSchema, type PppoeInput, type PppoeItem } from './schema.ts'

interface PppoeControlValue {
  readonly interface: string
}

/** Key of the one item, and of its object. */
const PPPOE = 'pppoe'
/** The node that control packets meet on their interface. */
const NODE = 'pppoe-input'

/**
 * Where control packets go. No message reports it, so the text of `show interface features` is read. It is never set twice on one
 * interface, since VPP counts.
 */
const pppoeControl: ObjectDescriptor<PppoeControlValue> = {
  kind: 'pppoe-control',
  messages: PPPOE_MESSAGES,
  plugin: () => 'pppoe',
  leaf: true,
  itemsOf: () => [{ kind: 'pppoe', key: PPPOE }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: () => true,

  async look(vpp, wanted, { foreign: all }) {
    const items = [...wanted.items<PppoeItem>('pppoe'), ...wanted.gone<PppoeItem>('pppoe')]
    // One command per interface is only worthwhile if the answer is needed.
    if (items.length === 0 && !all) return []
    const isMade = wanted.made('pppoe-control', PPPOE) ?? items.length > 0
    const names = await holders(vpp)
    const others = names.filter(
      (name) => !isMade || (items.length > 0 && items.every((it) => it.interface !== name)),
    )
    const [name] = [...others, ...names]
    if (name === undefined) return []
    const foreign = others.length > 0
    return [{ kind: 'pppoe-control', key: PPPOE, foreign, value: { interface: name } }]
  },

  async create(vpp, { value: { interface: name } }) {
    // The current holder would lose them.
    const [holder] = await holders(vpp)
    if (holder !== undefined)
      throw new ForeignError(`interface ${JSON.stringify(holder)} has got the control packets of PPPoE`)
    await addDel(vpp, name, true)
    return undefined
  },

  async remove(vpp, { value: { interface: name } }) {
    if ((await featuresOf(vpp, name)).includes(NODE)) await addDel(vpp, name, false)
  },
}

/** Interfaces that control packets go to; VPP forgets the one before when there is another, and its feature stays. */
async function holders(vpp: Vpp): Promise<string[]> {
  const found: string[] = []
  await pooled([...interfacesOf(vpp)], async ({ key: name }) => {
    if ((await featuresOf(vpp, name)).includes(NODE)) found.push(name)
  })
  return found.sort()
}

async function addDel(vpp: Vpp, name: string, isAdd: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', name)
  await vpp.client(PppoeClient).pppoeAddDelCp({ swIfIndex, isAdd: Number(isAdd) })
}

/** Where the control packets of PPPoE go. */
export const pppoe = describe<PppoeItem, 'pppoe'>({
  kind: 'pppoe',
  schema: pppoeSchema,
  keyOf: () => PPPOE,
  collection: {
    path: 'pppoe',
    key: PPPOE,
    expected: PPPOE,
    keyOfPath: (text) => (text === PPPOE ? text : undefined),
    fieldsOf: () => ({}),
  },
  unmarked: true,
  objects: [pppoeControl],
  *dump(vpp) {
    for (const { value } of vpp.of<PppoeControlValue>('pppoe-control'))
      yield { kind: 'pppoe', ...value } satisfies PppoeInput
  },
  *decompose({ interface: name }) {
    yield { kind: 'pppoe-control', key: PPPOE, value: { interface: name } satisfies PppoeControlValue }
  },
})
