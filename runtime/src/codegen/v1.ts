/**
 * The contract between generated code and the runtime, version 1. Generated modules import from
 * `@vpp-ts/runtime/codegen/v1` and from each other, from nowhere else. Names are only added here; an
 * incompatible change gets a `v2` beside it.
 */
export type {
  AliasDescriptor,
  ArmSpec,
  EnumBase,
  EnumDescriptor,
  FieldLength,
  FieldOptions,
  FieldSpec,
  FriendlyForm,
  HeaderKind,
  MessageDescriptor,
  ScalarType,
  StructDescriptor,
  TypeDescriptor,
  TypeRef,
  UnionDescriptor,
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
} from '../api/method.ts'
export type {
  Base64Key,
  HexKey,
  Init,
  InitValue,
  Ip4Address,
  Ip4Prefix,
  Ip6Address,
  Ip6Prefix,
  IpAddress,
  IpPrefix,
  MacAddress,
  RequestOf,
  RequestWithout,
  RequestValue,
} from '../codec/classes.ts'
export type { EnumObject, EnumValue, Flags } from '../codec/enum.ts'
export type { JsonValue } from '../codec/json.ts'
export { enumName, enumValue, hasFlag, joinFlags, listFlags } from '../codec/enum.ts'
export { Message, Struct, Union } from '../codec/classes.ts'
export { defineEnum } from '../codec/define-enum.ts'
export { defineAlias, defineForm, defineMessage, defineStruct, defineUnion } from '../codec/define.ts'
export type { Described } from '../codec/define.ts'
export { Timestamp } from '../codec/form/timestamp.ts'
