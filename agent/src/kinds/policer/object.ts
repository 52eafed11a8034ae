import { PolicerClient, type PolicerDetails } from '@vpp-ts/binapi-policer'
import {
  Sse2QosActionType,
  Sse2QosPolicerType,
  Sse2QosRateType,
  Sse2QosRoundType,
  type Sse2QosAction,
} from '@vpp-ts/binapi-policer-types'
import { ifAvailable } from '../available.ts'
import type { Actual, ObjectDescriptor, Vpp } from '../descriptor.ts'
import { aclTag, readAclTag } from '../mark.ts'
import { MissingError } from '../missing-error.ts'
import { POLICER_MESSAGES } from './messages.ts'
import type { PolicerItem } from './schema.ts'

/** A policer without the interfaces that have it. */
export type PolicerValue = Omit<PolicerItem, 'kind' | 'input' | 'output'>

const TYPES = {
  '1r2c': Sse2QosPolicerType.SSE2_QOS_POLICER_TYPE_API_1R2C,
  '1r3c': Sse2QosPolicerType.SSE2_QOS_POLICER_TYPE_API_1R3C_RFC_2697,
  '2r3c': Sse2QosPolicerType.SSE2_QOS_POLICER_TYPE_API_2R3C_RFC_2698,
  '2r3c-rfc4115': Sse2QosPolicerType.SSE2_QOS_POLICER_TYPE_API_2R3C_RFC_4115,
} as const
const UNITS = {
  kbps: Sse2QosRateType.SSE2_QOS_RATE_API_KBPS,
  pps: Sse2QosRateType.SSE2_QOS_RATE_API_PPS,
} as const
const ROUNDS = {
  closest: Sse2QosRoundType.SSE2_QOS_ROUND_API_TO_CLOSEST,
  up: Sse2QosRoundType.SSE2_QOS_ROUND_API_TO_UP,
  down: Sse2QosRoundType.SSE2_QOS_ROUND_API_TO_DOWN,
} as const
const {
  SSE2_QOS_ACTION_API_DROP: DROP,
  SSE2_QOS_ACTION_API_TRANSMIT: TRANSMIT,
  SSE2_QOS_ACTION_API_MARK_AND_TRANSMIT: MARK,
} = Sse2QosActionType

/** Name of a policer in VPP. */
export function policerName(name: string): string {
  return aclTag(name)
}

/** Policers, marked by their name. */
export const policerObject: ObjectDescriptor<PolicerValue> = {
  kind: 'policer',
  messages: POLICER_MESSAGES,
  plugin: () => 'policer',
  itemsOf: ({ key }) => [{ kind: 'policer', key }],
  dependsOn: () => [],

  async look(vpp) {
    const details = await policers(vpp)
    return details.map((it): Actual<PolicerValue> => {
      const name = readAclTag(it.name)
      return {
        kind: 'policer',
        key: name ?? `~${it.name}`,
        foreign: name === undefined,
        value: readPolicer(name ?? it.name, it),
      }
    })
  },

  async create(vpp, { value }) {
    await vpp.client(PolicerClient).policerAddDel({
      isAdd: true,
      name: policerName(value.name),
      ...configOf(value),
    })
    return undefined
  },

  async update(vpp, { value }) {
    const policerIndex = await indexOfPolicer(vpp, value.name)
    await vpp.client(PolicerClient).policerUpdate({ policerIndex, infos: configOf(value) })
  },

  async remove(vpp, { value }) {
    await vpp.client(PolicerClient).policerAddDel({ isAdd: false, name: policerName(value.name) })
  },
}

async function policers(vpp: Vpp): Promise<PolicerDetails[]> {
  return await ifAvailable(() => vpp.client(PolicerClient).policerDump().toArray())
}

/** VPP's index of a policer, which no details tell. @throws MissingError */
async function indexOfPolicer(vpp: Vpp, name: string): Promise<number> {
  let left = (await policers(vpp)).length
  for (let policerIndex = 0; left > 0 && policerIndex < 0x1_0000; policerIndex++) {
    const [it] = await vpp.client(PolicerClient).policerDumpV2({ policerIndex }).toArray()
    if (it?.name === policerName(name)) return policerIndex
    if (it !== undefined) left--
  }
  throw new MissingError('policer', name)
}

function configOf(it: PolicerValue) {
  return {
    cir: it.rate,
    eir: it.excessRate,
    cb: BigInt(it.burst),
    eb: BigInt(it.excessBurst),
    rateType: UNITS[it.unit],
    roundType: ROUNDS[it.round],
    type: TYPES[it.type],
    colorAware: it.colorAware,
    conformAction: writeAction(it.conform),
    exceedAction: writeAction(it.exceed),
    violateAction: writeAction(it.violate),
  }
}

function writeAction(action: PolicerItem['conform']) {
  if (typeof action === 'object') return { type: MARK, dscp: action.mark }
  return { type: action === 'drop' ? DROP : TRANSMIT }
}

function readAction({ type, dscp }: Sse2QosAction): PolicerItem['conform'] {
  if (type === MARK) return { mark: dscp }
  return type === DROP ? 'drop' : 'transmit'
}

function nameIn<K extends string>(names: Readonly<Record<K, number>>, number: number, otherwise: K): K {
  return (Object.keys(names) as K[]).find((it) => names[it] === number) ?? otherwise
}

/** A policer with its fields in the order of the item's. */
function readPolicer(name: string, it: PolicerDetails): PolicerValue {
  return {
    name,
    type: nameIn(TYPES, it.type, '1r2c'),
    unit: nameIn(UNITS, it.rateType, 'kbps'),
    round: nameIn(ROUNDS, it.roundType, 'closest'),
    rate: it.cir,
    burst: Number(it.cb),
    excessRate: it.eir,
    excessBurst: Number(it.eb),
    colorAware: it.colorAware,
    conform: readAction(it.conformAction),
    exceed: readAction(it.exceedAction),
    violate: readAction(it.violateAction),
  }
}
