/**
 * The contract between generated code and the runtime, version 1. Generated modules import from
 * `@vpp-ts/runtime/codegen/v1` and from each other, from nowhere else. Names are only added here; an
 * incompatible change gets a `v2` beside it.
 */
export type {
  ArmSpec,
  EnumBase,
  FieldLength,
  FieldOptions,
  FieldSpec,
  FriendlyForm,
  HeaderKind,
  MessageDescriptor,
  ScalarType,
  TypeDescriptor,
  TypeRef,
} from '../codec/descriptor.ts'
export type {
  CallOptions,
  Dump,
  DumpMethod,
  DumpWithReply,
  EventMethod,
  EventOptions,
  EventStream,
  OneWayMethod,
  RpcConnection,
  StreamMethod,
  UnaryMethod,
} from '../rpc/method.ts'
