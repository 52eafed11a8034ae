import { AddressFamily } from '@vpp-ts/binapi-ip-types'
import { UrpfClient, UrpfMode } from '@vpp-ts/binapi-urpf'
import type { Family } from '../../model/ip.ts'
import { ifAvailable } from '../available.ts'
import { NONE, describe, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { interfaceTableId, type InterfaceTableValue } from '../interface/table.ts'
import { byInterface, isOwnSetting, isRecordedSetting, lostSetting, type Setting } from '../setting.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { URPF_MESSAGES } from './messages.ts'
import { type UrpfInput, urpfSchema, type UrpfCheck, type UrpfItem } from './schema.ts'
import { brief, grouped } from '../brief.ts'

interface UrpfValue extends Setting {
  readonly family: Family
  readonly direction: 'input' | 'output'
  readonly mode: UrpfCheck['mode']
  /** Undefined: that of the interface. */
  readonly table: number | undefined
  /** Of actual ones: the table of the interface. */
  readonly own?: number | undefined
}

const MODES = { strict: UrpfMode.URPF_API_MODE_STRICT, loose: UrpfMode.URPF_API_MODE_LOOSE } as const
const FAMILIES = { 4: AddressFamily.ADDRESS_IP4, 6: AddressFamily.ADDRESS_IP6 } as const

/** Checks of sources, by interface, family and direction. */
const urpfObject: ObjectDescriptor<UrpfValue> = {
  kind: 'urpf',
  messages: URPF_MESSAGES,
  plugin: () => 'urpf',
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'urpf', key: value.interface }],
  dependsOn({ interface: name, family, table: id }) {
    const inTable = id === undefined ? undefined : tableId(family, id)
    const on = [interfaceId(name), interfaceTableId(name, family)]
    return inTable === undefined ? on : [...on, inTable]
  },
  lookAfter: ['interface', 'interface-table'],
  lost: lostSetting,
  recorded: isRecordedSetting,
  usable: isSame,

  async look(vpp, wanted) {
    const client = vpp.client(UrpfClient)
    const details = await ifAvailable(() => client.urpfInterfaceDump({ swIfIndex: NONE }).toArray())
    return details.flatMap((it) => {
      const mode = it.mode === MODES.strict ? 'strict' : 'loose'
      // VPP also reports a check that is off but was given a table.
      if (it.mode !== MODES[mode]) return []
      const name = vpp.interfaceName(it.swIfIndex)
      const family = it.af === FAMILIES[6] ? 6 : 4
      const direction = it.isInput ? 'input' : 'output'
      const key = `${name}/${family}/${direction}`
      const item = { kind: 'urpf', key: name }
      const own = vpp.get<InterfaceTableValue>('interface-table', `${name}/${family}`)?.value.table
      const of = it.tableId === own ? undefined : it.tableId
      const value: UrpfValue = { interface: name, family, direction, mode, table: of, own }
      return [
        { kind: 'urpf', key, foreign: !isOwnSetting(vpp, wanted, name, { kind: 'urpf', key, item }), value },
      ]
    })
  },

  compare(wanted, has) {
    if (has.dead === true) return 'replace'
    return isSame(wanted, has) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    // What the last interface of the index had keeps VPP from turning it on.
    await check(vpp, value, UrpfMode.URPF_API_MODE_OFF)
    await check(vpp, value, MODES[value.mode])
    return undefined
  },

  update: (vpp, { value }) => check(vpp, value, MODES[value.mode]),

  remove: (vpp, { value }) => check(vpp, { ...value, table: undefined }, UrpfMode.URPF_API_MODE_OFF),
}

function isSame(wanted: UrpfValue, has: UrpfValue): boolean {
  const sameTable = wanted.table === has.table || (has.table === undefined && wanted.table === has.own)
  return sameTable && wanted.mode === has.mode
}

async function check(vpp: Vpp, value: UrpfValue, mode: UrpfMode): Promise<void> {
  await vpp.client(UrpfClient).urpfUpdateV2({
    swIfIndex: vpp.indexOf('interface', value.interface),
    isInput: value.direction === 'input',
    mode,
    af: FAMILIES[value.family],
    tableId: value.table ?? NONE,
  })
}

/** Checks of the sources of packets (reverse path forwarding). */
export const urpf = describe<UrpfItem, 'urpf'>({
  kind: 'urpf',
  schema: urpfSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('urpf'),
  unmarked: true,
  objects: [table, urpfObject],
  *dump(vpp) {
    for (const [on, checks] of grouped(vpp.of<UrpfValue>('urpf'), ({ value }) => value.interface)) {
      const checkOf = (family: Family, direction: UrpfValue['direction']) => {
        const it = checks.find(({ value }) => value.family === family && value.direction === direction)?.value
        return it?.table === undefined ? it?.mode : { mode: it.mode, table: it.table }
      }
      const familyIn = (family: Family) => {
        const both = brief({ input: checkOf(family, 'input'), output: checkOf(family, 'output') })
        return Object.keys(both).length === 0 ? undefined : both
      }
      const item: UrpfInput = {
        kind: 'urpf',
        interface: on,
        ...brief({ ip4: familyIn(4), ip6: familyIn(6) }),
      }
      yield item
    }
  },
  *decompose({ interface: name, ip4, ip6 }) {
    for (const [family, checks] of [
      [4, ip4],
      [6, ip6],
    ] as const) {
      for (const direction of ['input', 'output'] as const) {
        const it = checks?.[direction]
        if (it === undefined) continue
        if (it.table !== undefined) yield* tablesFor(it.table, [family])
        const value: UrpfValue = { interface: name, family, direction, mode: it.mode, table: it.table }
        yield { kind: 'urpf', key: `${name}/${family}/${direction}`, value }
      }
    }
  },
})
