import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

interface Switch {
  readonly enable: boolean
}

interface Source {
  readonly swIfIndex: number
  readonly inputSource: number
}

interface Mark {
  readonly swIfIndex: number
  readonly mapId: number
  readonly outputSource: number
}

interface QosMap {
  readonly id: number
  readonly rows: readonly { readonly outputs: Uint8Array }[]
}

/** Quality of service. */
export const qos: BuiltIns = {
  qos_record_enable_disable: ({ enable, record }: Switch & { record: Source }, { model }) => {
    model.qos.record(record.swIfIndex, record.inputSource, enable)
    return DONE
  },

  qos_record_dump: (_request, { model }) =>
    Array.from(model.qos.records, ({ swIfIndex, source }) => ({
      record: { swIfIndex, inputSource: source },
    })),

  qos_store_enable_disable: (
    { enable, store }: Switch & { store: Source & { value: number } },
    { model },
  ) => {
    model.qos.store(store.swIfIndex, store.inputSource, store.value, enable)
    return DONE
  },

  qos_store_dump: (_request, { model }) =>
    Array.from(model.qos.stores, ({ swIfIndex, source, value }) => ({
      store: { swIfIndex, inputSource: source, value },
    })),

  qos_egress_map_update: ({ map }: { map: QosMap }, { model }) => {
    model.qos.setMap(
      map.id,
      map.rows.map(({ outputs }) => Uint8Array.from(outputs)),
    )
    return DONE
  },

  qos_egress_map_delete: ({ id }: { id: number }, { model }) => {
    model.qos.deleteMap(id)
    return DONE
  },

  qos_egress_map_dump: (_request, { model }) =>
    Array.from(model.qos.maps, ([id, rows]) => ({
      map: { id, rows: rows.map((outputs) => ({ outputs })) },
    })),

  qos_mark_enable_disable: ({ enable, mark }: Switch & { mark: Mark }, { model }) => {
    model.qos.mark(mark.swIfIndex, mark.outputSource, mark.mapId, enable)
    return DONE
  },

  // VPP tells all, whatever interface is asked for.
  qos_mark_dump: (_request, { model }) =>
    Array.from(model.qos.marks(), ({ swIfIndex, source, mapId }) => ({
      mark: { swIfIndex, mapId: mapId ?? NONE, outputSource: source },
    })),
}
