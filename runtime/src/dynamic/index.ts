/**
 * Messages of which only the definitions are known, and those only at run time: the API of a VPP whose bindings one
 * does not have.
 */
export { fetchSchema } from './fetch-schema.ts'
export { Schema } from './schema.ts'
export type { SchemaOptions } from './schema.ts'
export type { DynamicMessage, DynamicMessageClass } from './build-message.ts'
export type { DynamicCall, DynamicEvent } from './method.ts'
export type { Service } from './service.ts'
export { VppSchemaError } from './errors.ts'
export type { SchemaLocation } from './errors.ts'
