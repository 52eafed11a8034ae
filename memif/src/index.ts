export { MEMIF_ERROR_CODES, MemifError, type MemifErrorCode, type MemifErrorOptions } from './errors.ts'
export type { MemifMode } from './control/protocol.ts'
export type { RxCounters, TxCounters } from './data/counters.ts'
export { Packet } from './data/packet.ts'
export { SendBuffer } from './data/tx-queue.ts'
export { DEFAULT_SOCKET } from './interface/address.ts'
export { FrameBridge, type BridgeCounters } from './interface/frame-bridge.ts'
export { logEvents, type MemifLogger } from './interface/log-events.ts'
export type { Remote } from './interface/connection.ts'
export type { MemifCounters, MemifDetails, QueueDetails } from './interface/details.ts'
export { Memif, type MemifCallbacks, type MemifEvents } from './interface/memif.ts'
export {
  createMemif,
  MemifSocket,
  type InterfaceOptions,
  type MemifOptions,
  type MemifSocketEvents,
  type MemifSocketOptions,
} from './interface/memif-socket.ts'
export type { MemifConfig, MemifRole, MemifSettings, RxMode } from './options.ts'
export type { ReceiveOptions } from './interface/receive.ts'
export type { SendOptions } from './interface/send.ts'
export type { SocketSettings } from './interface/socket-hub.ts'
export { PacketStream, type PacketStreamOptions } from './interface/stream.ts'
export type { QueueTicket } from './queue/ticket.ts'
export {
  openRxTicket,
  openTxTicket,
  WorkerRxQueue,
  WorkerTxQueue,
  type WorkerRxCallbacks,
} from './queue/worker-queue.ts'
