import type { Model } from '../model/model.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

interface Update {
  readonly isInput: boolean
  readonly mode: number
  readonly af: number
  readonly swIfIndex: number
}

function update({ isInput, mode, af, swIfIndex }: Update, tableId: number | undefined, model: Model): object {
  model.urpf.update({ isInput, mode, family: af === 0 ? 4 : 6, swIfIndex, tableId })
  return DONE
}

/** Checks of sources: reverse path forwarding. */
export const urpf: BuiltIns = {
  // The first version always names table 0.
  urpf_update: (request: Update, { model }) => update(request, 0, model),

  urpf_update_v2: (request: Update & { tableId: number }, { model }) =>
    update(request, request.tableId === NONE ? undefined : request.tableId, model),

  urpf_interface_dump: ({ swIfIndex }: { swIfIndex: number }, { model: { interfaces, urpf: checks } }) =>
    [...interfaces]
      .filter((it) => swIfIndex === NONE || it.swIfIndex === swIfIndex)
      .flatMap((it) =>
        checks.of(it.swIfIndex).map(({ isInput, mode, family, tableId }) => ({
          swIfIndex: it.swIfIndex,
          isInput,
          mode,
          af: family === 4 ? 0 : 1,
          tableId: tableId ?? it.tableId[family],
        })),
      ),
}
