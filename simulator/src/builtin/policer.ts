import type { Model } from '../model/model.ts'
import { isSingleRate } from '../model/policers.ts'
import type { Policer, PolicerConfig, PolicerDirection } from '../model/policers.ts'
import type { Run } from '../server/run.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface Applied {
  readonly swIfIndex: number
  readonly apply: boolean
}

/** Buckets and rates by the clock are left out: they depend on the processor. */
function detailsOf({ name, config }: Policer): object {
  return { name, ...config, singleRate: isSingleRate(config) }
}

function configOf(from: PolicerConfig): PolicerConfig {
  const { cir, eir, cb, eb, rateType, roundType, type, colorAware } = from
  const { conformAction, exceedAction, violateAction } = from
  return {
    cir,
    eir,
    cb: BigInt(cb),
    eb: BigInt(eb),
    rateType,
    roundType,
    type,
    colorAware,
    conformAction,
    exceedAction,
    violateAction,
  }
}

function byName(direction: PolicerDirection): BuiltIn {
  return ({ name, swIfIndex, apply }: Applied & { name: string }, { model: { policers } }: Run) => {
    policers.apply(swIfIndex, () => policers.named(name).index, direction, apply)
    return DONE
  }
}

function byIndex(direction: PolicerDirection): BuiltIn {
  return (
    { policerIndex, swIfIndex, apply }: Applied & { policerIndex: number },
    { model: { policers } }: Run,
  ) => {
    policers.apply(swIfIndex, () => policerIndex, direction, apply)
    return DONE
  }
}

function bind(index: number, request: { workerIndex: number; bindEnable: boolean }, model: Model): object {
  model.policers.bind(index, request.workerIndex, model.hardware.workers, request.bindEnable)
  return DONE
}

/** Policers, and their place on interfaces. */
export const policer: BuiltIns = {
  policer_add_del: (
    { isAdd, name, ...config }: PolicerConfig & { isAdd: boolean; name: string },
    { model: { policers } },
  ) =>
    orRefuse({ policerIndex: NONE }, () => {
      if (isAdd) return { policerIndex: policers.add(name, configOf(config)).index }
      policers.delete(policers.named(name).index)
      return { policerIndex: NONE }
    }),

  policer_add: ({ name, infos }: { name: string; infos: PolicerConfig }, { model: { policers } }) =>
    orRefuse({ policerIndex: NONE }, () => ({ policerIndex: policers.add(name, configOf(infos)).index })),

  policer_del: ({ policerIndex }: { policerIndex: number }, { model: { policers } }) => {
    policers.delete(policerIndex)
    return DONE
  },

  policer_update: (
    { policerIndex, infos }: { policerIndex: number; infos: PolicerConfig },
    { model: { policers } },
  ) => {
    policers.update(policerIndex, configOf(infos))
    return DONE
  },

  policer_reset: ({ policerIndex }: { policerIndex: number }, { model: { policers } }) => {
    policers.get(policerIndex)
    return DONE
  },

  policer_bind: (request: { name: string; workerIndex: number; bindEnable: boolean }, { model }) =>
    bind(model.policers.named(request.name).index, request, model),

  policer_bind_v2: (request: { policerIndex: number; workerIndex: number; bindEnable: boolean }, { model }) =>
    bind(request.policerIndex, request, model),

  policer_input: byName('input'),
  policer_input_v2: byIndex('input'),
  policer_output: byName('output'),
  policer_output_v2: byIndex('output'),

  policer_dump: (
    { matchNameValid, matchName }: { matchNameValid: boolean; matchName: string },
    { model: { policers } },
  ) => [...policers].filter(({ name }) => !matchNameValid || name === matchName).map(detailsOf),

  policer_dump_v2: ({ policerIndex }: { policerIndex: number }, { model: { policers } }) =>
    [...policers].filter(({ index }) => policerIndex === NONE || index === policerIndex).map(detailsOf),
}
