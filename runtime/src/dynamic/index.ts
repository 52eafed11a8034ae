/**
 * Messages of which only the definitions are known, and those only at run time: the API of a VPP whose bindings one
 * does not have.
 */
export { DynamicApi } from './dynamic-api.ts'
export type { DynamicApiOptions, DynamicCallOptions, DynamicConnection } from './dynamic-api.ts'
export type { FieldNames, PlainMessage } from './plain.ts'
export type { PlainDump } from './plain-streams.ts'
export { builtInSchema, fetchSchema } from './fetch-schema.ts'
export { readSchema } from './read-folder.ts'
export { propertyName } from './property-name.ts'
export { Schema } from './schema.ts'
export type { SchemaOptions } from './schema.ts'
export type { DynamicMessage, DynamicMessageClass } from './build-message.ts'
export type { DynamicCall, DynamicEvent } from './method.ts'
export type { Service } from './service.ts'
export { suggest } from './suggest.ts'
export { VppSchemaError } from './errors.ts'
export type { SchemaLocation } from './errors.ts'
export { refuseHazard, VppHazardError } from './hazards.ts'
export { keyTextOf } from './key-text.ts'
export { refuseLeftOut } from './left-out.ts'
