import type { EnumMembers, EnumTag } from './enum.ts'
import type { Struct, Union } from './classes.ts'
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

type Method = (...args: never[]) => unknown

/** Names of the data properties of a class. */
type Data<T> = { [K in keyof T]-?: T[K] extends Method ? never : K }[keyof T]

/**
 * What a message or struct can be made from: an instance, or an object with any of its properties. Properties left
 * out take the API's default, or zero.
 */
export type Init<T> = T | { readonly [K in Data<T> & string]?: InitValue<T[K]> | undefined }

/** Names of a union's arms. */
type Arms<T> = Exclude<Data<T>, 'bytes'>

/** What a union can be made from: an instance, or an object with exactly one of its arms. */
export type UnionInit<T, Shorthand = never> =
  T | Shorthand | { [K in Arms<T>]: { readonly [P in K]: InitValue<T[P]> } }[Arms<T>]

/** What a property of type `V` can be set from. */
export type InitValue<V> = V extends Timestamp
  ? Timestamp | Date | number | string
  : V extends Uint8Array
    ? Uint8Array
    : V extends Union<infer T, infer Shorthand>
      ? UnionInit<T, InitValue<Shorthand>>
      : V extends Struct<infer T>
        ? Init<T>
        : V extends readonly (infer E)[]
          ? readonly InitValue<E>[]
          : V extends number
            ? InitNumber<V>
            : '~form' extends keyof V
              ? V | Uint8Array
              : V

type InitNumber<V extends number> = '~enum' extends keyof V
  ? V extends EnumTag<infer E, infer IsFlags>
    ? V | EnumMembers<E> | (IsFlags extends true ? readonly (number | EnumMembers<E>)[] : never)
    : V
  : V
