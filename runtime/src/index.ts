export { Channel } from './channel/channel.ts'
export type { ApiMultiRequest, ApiRequest, MultiReply } from './channel/channel.ts'
export { enumName, enumValue, hasFlag, joinFlags, listFlags } from './codec/enum.ts'
export { VppDecodeError, VppEncodeError } from './codec/errors.ts'
export { Timestamp } from './codec/form/timestamp.ts'
export type { Init, InitValue } from './codec/init.ts'
export type { JsonValue } from './codec/json.ts'
export { decodeMessage, encodeMessage, readHeader } from './codec/message.ts'
export type { MessageHeader } from './codec/message.ts'
export { callNewest, version } from './compatibility.ts'
export type {
  CallVersion,
  ChangedMessage,
  CompatibilityReport,
  VersionedConnection,
} from './compatibility.ts'
export { VppApiError } from './connection/api-error.ts'
export { API_ERRORS } from './connection/api-errors.ts'
export { VppConnection } from './connection/connection.ts'
export {
  VppClosedError,
  VppConnectError,
  VppConnectionLostError,
  VppCursorError,
  VppEventsLostError,
  VppMessageUnavailableError,
  VppNotConnectedError,
  VppProtocolError,
  VppReplyTimeoutError,
  VppUnexpectedReplyError,
} from './connection/errors.ts'
export { DEFAULT_SOCKET_PATH, socketPathOf } from './connection/options.ts'
export type {
  ConnectionOptions,
  ConnectionOptionsInput,
  ReconnectOptions,
  ResyncInfo,
} from './connection/options.ts'
export type { HealthOptions } from './connection/health.ts'
export type { ConnectionState, ConnectReason } from './connection/state.ts'
export { VppError } from './errors.ts'
export type { VppErrorCode } from './errors.ts'
export type { Metrics } from './observe/metrics.ts'
export type { CallStatistics, Trace, TraceRecord } from './observe/trace.ts'
export type {
  CallOptions,
  Dump,
  DumpWithReply,
  EventOptions,
  EventStream,
  MessageClass,
  RpcConnection,
} from './rpc/method.ts'
export type { StreamTarget, VppTarget } from './transport/connect.ts'
