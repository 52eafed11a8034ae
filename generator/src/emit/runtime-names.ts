/** Everything that generated code takes from the runtime: values, and names that exist as types only. */
const VALUES = [
  'Message',
  'Struct',
  'Union',
  'defineAlias',
  'defineEnum',
  'defineForm',
  'defineMessage',
  'defineStruct',
  'defineUnion',
] as const

const TYPES = [
  'Base64Key',
  'CallOptions',
  'Dump',
  'DumpWithReply',
  'EnumValue',
  'EventOptions',
  'EventStream',
  'Flags',
  'HexKey',
  'Init',
  'InitValue',
  'Ip4Address',
  'Ip4Prefix',
  'Ip6Address',
  'Ip6Prefix',
  'IpAddress',
  'IpPrefix',
  'MacAddress',
  'MessageDescriptor',
  'RequestOf',
  'RequestWithout',
  'RpcConnection',
  'StructDescriptor',
  'Timestamp',
  'UnionDescriptor',
] as const

/** A name of `@vpp-ts/runtime/codegen/v1`. */
export type RuntimeName = (typeof VALUES)[number] | (typeof TYPES)[number]

const TYPE_ONLY: ReadonlySet<string> = new Set(TYPES)

/** True for a name that is imported with `type`. */
export function isTypeOnly(name: RuntimeName): boolean {
  return TYPE_ONLY.has(name)
}
