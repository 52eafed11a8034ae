/** For vpp-ts' own packages: no promise that names or shapes stay. */
export { codecOf } from './codec/codec.ts'
export type { MessageCodec } from './codec/codec.ts'
export type { MessageDescriptor } from './codec/descriptor.ts'
export { ByteWriter } from './codec/writer.ts'
