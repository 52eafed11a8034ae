import type { LcpPair } from '../model/lcp.ts'
import type { Model } from '../model/model.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface AddDel {
  readonly isAdd: boolean
  readonly swIfIndex: number
  readonly hostIfName: string
  readonly hostIfType: number
  readonly netns: string
}

function addDel(
  { isAdd, swIfIndex, hostIfName, hostIfType, netns }: AddDel,
  { lcp }: Model,
): LcpPair | undefined {
  if (isAdd) return lcp.add(swIfIndex, hostIfName, hostIfType, netns === '' ? undefined : netns)
  lcp.delete(swIfIndex)
  return undefined
}

/** linux-cp: pairs of interfaces. */
export const lcp: BuiltIns = {
  lcp_default_ns_set: ({ netns }: { netns: string }, { model }) => {
    model.lcp.defaultNetns = netns
    return DONE
  },

  lcp_default_ns_get: (_request, { model }) => ({ netns: model.lcp.defaultNetns }),

  lcp_itf_pair_add_del: (request: AddDel, { model }) => {
    addDel(request, model)
    return DONE
  },

  lcp_itf_pair_add_del_v2: (request: AddDel, { model }) =>
    orRefuse({ hostSwIfIndex: NONE }, () => ({
      hostSwIfIndex: addDel(request, model)?.hostSwIfIndex ?? NONE,
    })),

  lcp_itf_pair_add_del_v3: (request: AddDel, { model }) =>
    orRefuse({ hostSwIfIndex: NONE, vifIndex: NONE }, () => {
      const pair = addDel(request, model)
      return { hostSwIfIndex: pair?.hostSwIfIndex ?? NONE, vifIndex: pair?.vifIndex ?? NONE }
    }),

  lcp_itf_pair_get: (_request, { model }) => [...model.lcp],

  lcp_itf_pair_get_v2: ({ swIfIndex }: { swIfIndex: number }, { model }) =>
    [...model.lcp].filter((it) => swIfIndex === NONE || it.phySwIfIndex === swIfIndex),
}
