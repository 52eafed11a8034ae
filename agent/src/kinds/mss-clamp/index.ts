import { MssClampClient, MssClampDir } from '@vpp-ts/binapi-mss-clamp'
import { ifAvailable } from '../available.ts'
import { NONE, describe, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { byInterface, isOwnSetting, isRecordedSetting, lostSetting, type Setting } from '../setting.ts'
import { MSS_CLAMP_MESSAGES } from './messages.ts'
import { mssClampSchema, type MssClampInput, type MssClampItem } from './schema.ts'
import { brief } from '../brief.ts'

interface MssClampValue extends Setting {
  readonly ip4: MssClampItem['ip4']
  readonly ip6: MssClampItem['ip6']
}

const DIRECTIONS = {
  rx: MssClampDir.MSS_CLAMP_DIR_RX,
  tx: MssClampDir.MSS_CLAMP_DIR_TX,
  both: MssClampDir.MSS_CLAMP_DIR_RX | MssClampDir.MSS_CLAMP_DIR_TX,
} as const

/** MSS clamps of interfaces. */
const mssClampObject: ObjectDescriptor<MssClampValue> = {
  kind: 'mss-clamp',
  messages: MSS_CLAMP_MESSAGES,
  plugin: () => 'mss_clamp',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'mss-clamp', key }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  lost: lostSetting,
  recorded: isRecordedSetting,
  usable: isSame,

  async look(vpp, wanted) {
    const client = vpp.client(MssClampClient)
    const details = await ifAvailable(() => client.mssClampGet({ swIfIndex: NONE }).toArray())
    return details.map((it) => {
      const key = vpp.interfaceName(it.swIfIndex)
      const item = { kind: 'mss-clamp', key }
      return {
        kind: 'mss-clamp',
        key,
        foreign: !isOwnSetting(vpp, wanted, key, { kind: 'mss-clamp', key, item }),
        value: {
          interface: key,
          ip4: readClamp(it.ipv4Mss, it.ipv4Direction),
          ip6: readClamp(it.ipv6Mss, it.ipv6Direction),
        },
      }
    })
  },

  compare(wanted, has) {
    if (has.dead === true) return 'replace'
    return isSame(wanted, has) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    // What the last interface of the index had keeps VPP from turning it on.
    await clamp(vpp, { interface: value.interface, ip4: undefined, ip6: undefined })
    await clamp(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => clamp(vpp, value),

  remove: (vpp, { value }) => clamp(vpp, { interface: value.interface, ip4: undefined, ip6: undefined }),
}

function isSame(wanted: MssClampValue, has: MssClampValue): boolean {
  const same = (family: 'ip4' | 'ip6'): boolean =>
    wanted[family]?.mss === has[family]?.mss && wanted[family]?.direction === has[family]?.direction
  return same('ip4') && same('ip6')
}

function readClamp(mss: number, direction: number): MssClampItem['ip4'] {
  const names = Object.keys(DIRECTIONS) as (keyof typeof DIRECTIONS)[]
  const name = names.find((it) => DIRECTIONS[it] === direction)
  return name === undefined ? undefined : { mss, direction: name }
}

async function clamp(vpp: Vpp, { interface: name, ip4, ip6 }: MssClampValue): Promise<void> {
  await vpp.client(MssClampClient).mssClampEnableDisable({
    swIfIndex: vpp.indexOf('interface', name),
    ipv4Mss: ip4?.mss ?? 0,
    ipv6Mss: ip6?.mss ?? 0,
    ipv4Direction: ip4 === undefined ? 0 : DIRECTIONS[ip4.direction],
    ipv6Direction: ip6 === undefined ? 0 : DIRECTIONS[ip6.direction],
  })
}

function clampIn(it: MssClampItem['ip4']): MssClampInput['ip4'] {
  return it === undefined
    ? undefined
    : { mss: it.mss, ...brief({ direction: it.direction }, { direction: 'both' }) }
}

/** Limits of the segment size of TCP. */
export const mssClamp = describe<MssClampItem, 'mss-clamp'>({
  kind: 'mss-clamp',
  schema: mssClampSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('mss-clamps'),
  unmarked: true,
  objects: [mssClampObject],
  *dump(vpp) {
    for (const { value } of vpp.of<MssClampValue>('mss-clamp')) {
      const { interface: on, ip4, ip6 } = value
      if (ip4 !== undefined || ip6 !== undefined)
        yield { kind: 'mss-clamp', interface: on, ...brief({ ip4: clampIn(ip4), ip6: clampIn(ip6) }) }
    }
  },
  *decompose({ interface: name, ip4, ip6 }, key) {
    yield { kind: 'mss-clamp', key, value: { interface: name, ip4, ip6 } satisfies MssClampValue }
  },
})
