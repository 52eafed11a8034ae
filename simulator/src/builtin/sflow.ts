import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

/** sFlow. */
export const sflow: BuiltIns = {
  // The field is called hw_if_index, and VPP takes a sw_if_index.
  sflow_enable_disable: (
    { enableDisable, hwIfIndex }: { enableDisable: boolean; hwIfIndex: number },
    { model },
  ) => {
    model.sflow.enable(hwIfIndex, enableDisable)
    return DONE
  },

  sflow_sampling_rate_get: (_request, { model }) => ({ samplingN: model.sflow.samplingRate }),
  sflow_polling_interval_get: (_request, { model }) => ({ pollingS: model.sflow.pollingInterval }),
  sflow_header_bytes_get: (_request, { model }) => ({ headerB: model.sflow.headerBytes }),
  sflow_direction_get: (_request, { model }) => ({ samplingD: model.sflow.direction }),
  sflow_drop_monitoring_get: (_request, { model }) => ({ dropM: model.sflow.dropMonitoring }),

  sflow_sampling_rate_set: ({ samplingN }: { samplingN: number }, { model }) => {
    model.sflow.samplingRate = samplingN
    return DONE
  },

  sflow_polling_interval_set: ({ pollingS }: { pollingS: number }, { model }) => {
    model.sflow.pollingInterval = pollingS
    return DONE
  },

  sflow_header_bytes_set: ({ headerB }: { headerB: number }, { model }) => {
    model.sflow.headerBytes = headerB
    return DONE
  },

  sflow_direction_set: ({ samplingD }: { samplingD: number }, { model }) => {
    model.sflow.direction = samplingD
    return DONE
  },

  sflow_drop_monitoring_set: ({ dropM }: { dropM: number }, { model }) => {
    model.sflow.dropMonitoring = dropM === 0 ? 0 : 1
    return DONE
  },

  sflow_interface_dump: (request: { hwIfIndex: number }, { model }) =>
    model.sflow
      .enabled()
      .filter((hwIfIndex) => request.hwIfIndex === NONE || hwIfIndex === request.hwIfIndex)
      .map((hwIfIndex) => ({ hwIfIndex })),
}
