export { Channel } from './channel/channel.ts'
export type { ApiMultiRequest, ApiRequest, MultiReply } from './channel/channel.ts'
export type { AnyDump, Change, Interceptor, Invocation } from './api/interceptor.ts'
export { inBinary } from './api/in-binary.ts'
export { enumName, enumValue, hasFlag, joinFlags, listFlags } from './codec/enum.ts'
export { VppDecodeError, VppEncodeError } from './codec/errors.ts'
export { BinaryAddress } from './codec/form/binary-address.ts'
export { BinaryMac } from './codec/form/binary-mac.ts'
export { BinaryPrefix } from './codec/form/binary-prefix.ts'
export { Timestamp } from './codec/form/timestamp.ts'
export type { Init, InitValue, RequestOf, RequestValue } from './codec/classes.ts'
export type { BinaryClass, InBinary } from './codec/in-binary.ts'
export type { JsonValue } from './codec/json.ts'
export { decodeMessage, encodeMessage, readHeader } from './codec/message.ts'
export type { MessageHeader } from './codec/message.ts'
export { NONE } from './codec/none.ts'
export { callNewest, version } from './rpc/compatibility.ts'
export type {
  CallVersion,
  ChangedMessage,
  CompatibilityReport,
  VersionedConnection,
} from './rpc/compatibility.ts'
export { VppApiError } from './errors/api-error.ts'
export { API_ERRORS } from './errors/api-errors.ts'
export { VppConnection } from './connection/connection.ts'
export {
  VppClosedError,
  VppConnectError,
  VppConnectionLostError,
  VppCursorError,
  VppEventsLostError,
  VppMessageUnavailableError,
  VppNotConnectedError,
  VppPeerSilentError,
  VppProtocolError,
  VppReplyTimeoutError,
  VppUnexpectedReplyError,
} from './errors/connection-errors.ts'
export { DEFAULT_SOCKET_PATH, socketPathOf } from './connection/options.ts'
export type {
  CloseOptions,
  ConnectionOptions,
  ConnectionOptionsInput,
  ReconnectOptions,
  PrepareInfo,
} from './connection/options.ts'
export type { HealthOptions } from './connection/health.ts'
export type { ConnectionState, ConnectReason } from './connection/state.ts'
export { VppError } from './errors/vpp-error.ts'
export type { VppErrorCode } from './errors/vpp-error.ts'
export type { TracedCall } from './observe/diagnostics.ts'
export type { CallAllOptions, CallResult } from './rpc/call-all.ts'
export type { CallDefaults } from './rpc/with-defaults.ts'
export type { Metrics } from './observe/metrics.ts'
export type { CallStatistics, Trace, TraceRecord } from './observe/trace.ts'
export type {
  AnyEvent,
  CallOptions,
  Dump,
  DumpWithReply,
  EventOptions,
  EventStream,
  MessageClass,
  RpcConnection,
  WaitOptions,
} from './api/method.ts'
export type { StreamTarget, VppTarget } from './transport/connect.ts'
