/**
 * What generated code takes from the runtime, as types alone: stands in where the program's runtime is not installed, so
 * that uses of messages and fields are found all the same.
 */
export const RUNTIME_STUB = `
export declare class Message<_T, _R = never> { static readonly descriptor: unknown; constructor(init?: Init<_T>) }
export declare class Struct<_T, _R = never> { constructor(init?: Init<_T>) }
export declare class Union<_T, _S = never> { constructor(init?: Init<_T> | _S) }
type Part<V> = V extends (infer E)[] ? readonly Part<E>[] : V extends object ? Init<V> : V
export type Init<T> = T | { readonly [K in keyof T]?: Part<T[K]> }
export type InitValue<T> = Part<T>
export type RequestOf<T> = Init<T>
export type RequestValue<T> = Part<T>
export type UnionInit<T, S = never> = Init<T> | S
export type Ip4Address = string
export type Ip6Address = string
export type IpAddress = string
export type Ip4Prefix = string
export type Ip6Prefix = string
export type IpPrefix = string
export type MacAddress = string
export type Timestamp = number
export type JsonValue = unknown
export type CallOptions = object
export type EventOptions = object
export interface Dump<D> extends AsyncIterable<D> { toArray(): Promise<D[]> }
export interface DumpWithReply<D, R> extends Dump<D> { readonly reply: Promise<R> }
export interface EventStream<E> extends AsyncIterable<E> { close(): Promise<void> }
export interface RpcConnection {
  call(...args: never[]): never
  send(...args: never[]): never
  dump(...args: never[]): never
  stream(...args: never[]): never
  events(...args: never[]): never
}
export type MessageDescriptor<_T> = unknown
export type StructDescriptor<_T> = unknown
export type UnionDescriptor<_T> = unknown
export type EnumValue<E> = E[keyof E]
export type Flags = number
export declare function defineMessage(...args: unknown[]): unknown
export declare function defineStruct(...args: unknown[]): unknown
export declare function defineUnion(...args: unknown[]): unknown
export declare function defineAlias(...args: unknown[]): unknown
export declare function defineForm(...args: unknown[]): unknown
export declare function defineEnum<const M>(name: string, base: string, members: M, options?: object): Readonly<M>
`
