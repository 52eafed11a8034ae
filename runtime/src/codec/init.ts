import type { EnumObject, EnumTag } from './enum.ts'
import type { Message, Struct, Union } from './classes.ts'
import type { Timestamp } from './form/timestamp.ts'

/** Marks text in a friendly form, so that `Init` can offer the other inputs of the form. Exists in types only. */
export interface FormTag<Form extends string> {
  readonly '~form'?: Form
}

/** `10.0.0.1`. Input may also be four bytes. */
export type Ip4Address = string & FormTag<'ip4-address'>
/** `2001:db8::1`, spelled after RFC 5952. Input may also be sixteen bytes. */
export type Ip6Address = string & FormTag<'ip6-address'>
/** An IPv4 or IPv6 address; of another family `af:<family>:<32 hex digits>`. Input may also be 4 or 16 bytes. */
export type IpAddress = string & FormTag<'address'>
/** `10.0.0.0/8`; without a length it is a host. Host bits are kept. */
export type Ip4Prefix = string
/** `2001:db8::/32`; without a length it is a host. Host bits are kept. */
export type Ip6Prefix = string
/** An IPv4 or IPv6 prefix; what neither can express is `af:<family>:<32 hex digits>/<length>`. */
export type IpPrefix = string
/** `02:fe:00:00:00:01`. Input may also use `-`, be `02fe.0000.0001` or six bytes. */
export type MacAddress = string & FormTag<'mac-address'>

/** A key of wireguard. Input may also be base64 text, as `wg` prints it. */
export type Base64Key = Uint8Array & FormTag<'base64'>
/** A key of IPsec or BFD; its length follows from it. Input may also be hex digits. */
export type HexKey = Uint8Array & FormTag<'hex'>

type Method = (...args: never[]) => unknown

/** Names of the data properties of a class. */
type Data<T> = { [K in keyof T]-?: T[K] extends Method ? never : K }[keyof T]

/**
 * What a message or struct can be made from: an instance, or an object with any of its properties. Properties left
 * out take the API's default, or zero. `undefined` is not a value: VPP would be told zero.
 */
export type Init<T> = T | { readonly [K in Data<T> & string]?: InitValue<T[K]> }

/**
 * What an RPC method takes: as `Init`, but properties that name an interface and have no default of the API are
 * required, those of nested structs too. Left out they would mean interface 0, which is `local0`; `NONE` says that none
 * is meant.
 */
export type RequestOf<T> = object extends T ? object : T | RequestFields<T, RequiredOf<T>>

/** What an RPC method takes beside the property `K`, which it sets itself. */
export type RequestWithout<T, K extends string> = {
  readonly [P in Exclude<Data<T>, K> & string]?: RequestValue<T[P]>
}

type RequestFields<T, R> = {
  readonly [K in Exclude<Data<T>, R> & string]?: RequestValue<T[K]>
} & { readonly [K in Extract<Data<T>, R>]: RequestValue<T[K]> }

/** Names of the properties that a request must have. */
type RequiredOf<T> = T extends Message<infer _, infer R> ? R : T extends Struct<infer _, infer R> ? R : never

/** Names of a union's arms. */
type Arms<T> = Exclude<Data<T>, 'bytes'>

/** What a union can be made from: an instance, or an object with exactly one of its arms. */
export type UnionInit<T, Shorthand = never> = T | Shorthand | OneArm<T, false>

/** An object with exactly one arm; a second one is a contradiction, whatever its value. */
type OneArm<T, Strict extends boolean> = {
  [K in Arms<T>]: { readonly [P in K]: Value<T[P], Strict> } & { readonly [P in Exclude<Arms<T>, K>]?: never }
}[Arms<T>]

/** What a property of type `V` can be set from. */
export type InitValue<V> = Value<V, false>

/** What a property of type `V` can be set from in the request of an RPC method. */
export type RequestValue<V> = Value<V, true>

type Value<V, Strict extends boolean> = V extends Timestamp
  ? Timestamp | Date | number | string
  : V extends Uint8Array
    ? '~form' extends keyof V
      ? Uint8Array | string
      : Uint8Array
    : V extends Union<infer T, infer Shorthand>
      ? T | Value<Shorthand, Strict> | OneArm<T, Strict>
      : V extends Struct<infer T, infer _>
        ? Strict extends true
          ? RequestOf<T>
          : Init<T>
        : V extends readonly (infer E)[]
          ? readonly Value<E, Strict>[]
          : V extends number
            ? InitNumber<V>
            : '~form' extends keyof V
              ? V | Uint8Array
              : V

/** The names are those of the members as such, so that editors and compilers list them. */
type InitNumber<V extends number> = '~enum' extends keyof V
  ? V extends EnumTag<EnumObject<infer M>, infer IsFlags>
    ? number | (keyof M & string) | (IsFlags extends true ? readonly (number | (keyof M & string))[] : never)
    : V
  : V
