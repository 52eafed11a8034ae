import type { TracedPacket } from '../model/packet-traces.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

interface DumpRequest {
  readonly threadId: number
  readonly position: number
  readonly max: number
}

interface CaptureRequest {
  readonly captureRx: boolean
  readonly captureTx: boolean
  readonly captureDrop: boolean
  readonly maxPackets: number
  readonly maxBytesPerPacket: number
  readonly swIfIndex: number
  readonly filename: string
}

/** The packet tracer and the pcap trace. */
export const diagnosis: BuiltIns = {
  trace_capture_packets: (
    request: { nodeIndex: number; maxPackets: number; preCaptureClear: boolean },
    { model: { traces } },
  ) => {
    if (request.preCaptureClear) traces.clear()
    traces.capture(request.nodeIndex, request.maxPackets)
    return DONE
  },

  trace_clear_capture: (_request, { model: { traces } }) => {
    traces.clear()
    return DONE
  },

  trace_clear_cache: () => DONE,

  trace_v2_dump: ({ threadId, position, max }: DumpRequest, { model: { traces } }) => {
    if (position === NONE) return []
    const threads = [...new Set(traces.packets.map(({ thread }) => thread))]
    return threads
      .filter((thread) => threadId === NONE || thread === threadId)
      .flatMap((thread) => {
        const packets = traces.packets.filter((packet) => packet.thread === thread)
        return detailsOf(packets, position, max)
      })
  },

  pcap_trace_on: (request: CaptureRequest, { model: { captures } }) => {
    captures.begin({
      received: request.captureRx,
      sent: request.captureTx,
      dropped: request.captureDrop,
      packets: request.maxPackets,
      bytes: request.maxBytesPerPacket,
      swIfIndex: request.swIfIndex,
      filename: request.filename,
    })
    return DONE
  },

  pcap_trace_off: (_request, { model: { captures } }) => {
    captures.end()
    return DONE
  },
}

function detailsOf(packets: readonly TracedPacket[], first: number, max: number): object[] {
  return packets.slice(first, first + max).map(({ thread, text }, at) => ({
    threadId: thread,
    position: first + at,
    more: first + at < packets.length - 1,
    traceData: text,
  }))
}
