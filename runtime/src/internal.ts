/** For vpp-ts' own packages: no promise that names or shapes stay. */
export { codecOf } from './codec/codec.ts'
export type { MessageCodec } from './codec/codec.ts'
export type { FieldSpec, MessageDescriptor } from './codec/descriptor.ts'
export { HEADER_SIZE } from './codec/header.ts'
export { layoutOfFields } from './codec/layout.ts'
export { ByteWriter } from './codec/writer.ts'
export { formatIp4, parseIp4 } from './codec/form/ip4.ts'
export { formatIp6, writeIp6 } from './codec/form/ip6.ts'
