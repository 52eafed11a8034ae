import type { MessageDescriptor, StructDescriptor, UnionDescriptor } from './descriptor.ts'
import type { EnumObject, EnumTag } from './enum.ts'
import { Refusal } from './errors.ts'
import type { BinaryAddress } from './form/binary-address.ts'
import type { BinaryMac } from './form/binary-mac.ts'
import type { BinaryPrefix } from './form/binary-prefix.ts'
import type { Timestamp } from './form/timestamp.ts'
import { inspectBlock, inspectUnion } from './inspect.ts'
import type { Inspect, InspectOptions } from './inspect.ts'
import { blockFromJson, blockToJson, unionFromJson, unionToJson } from './json.ts'
import type { JsonValue } from './json.ts'
import { planBlock, planUnion } from './make-plan.ts'
import { refusalError } from './refusal-error.ts'
import { readArm, writeArm } from './union-access.ts'
import { unionFrom, wordsToBytes } from './union-arm.ts'
import type { UnionValue } from './union-arm.ts'
import { instantiate, makeUnion } from './values.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A class with a descriptor: what `fromJSON` needs of its `this`. */
interface BlockClass<T> {
  readonly descriptor: MessageDescriptor<T> | StructDescriptor<T>
}

function construct(made: Function, init: unknown): object {
  const { descriptor } = made as unknown as BlockClass<unknown>
  const block = planBlock(descriptor)
  try {
    const instance = instantiate(block, init)
    return made === descriptor.ctor ? instance : Object.setPrototypeOf(instance, made.prototype as object)
  } catch (error) {
    throw error instanceof Refusal ? refusalError(error, block, descriptor.name) : error
  }
}

/** What messages and structs have in common. */
abstract class Block<Self> {
  /**
   * @param init properties to set; those left out take the API's default, or zero
   * @throws VppEncodeError when it names an unknown property
   */
  constructor(init: Init<Self> = {} as Init<Self>) {
    return construct(new.target, init) as this
  }

  /** Lossless JSON: bigints as decimal text, bytes as `0x…`, enums by name. `fromJSON` takes it back. */
  toJSON(): JsonValue {
    return blockToJson(planBlock(descriptorOf(this)), this)
  }

  /** Names of enum values and flags, and unions by their arm. */
  [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    return inspectBlock(planBlock(descriptorOf(this)), this, depth, options, inspect)
  }

  /**
   * Makes an instance from what `toJSON` gave, parsed. Properties left out take their defaults.
   * @throws VppEncodeError when it is not of this type
   */
  static fromJSON<T>(this: BlockClass<T>, json: JsonValue): T {
    const { descriptor } = this
    const block = planBlock(descriptor)
    try {
      return blockFromJson(block, json) as T
    } catch (error) {
      throw error instanceof Refusal ? refusalError(error, block, descriptor.name) : error
    }
  }
}

function descriptorOf(instance: object): MessageDescriptor | StructDescriptor {
  return (instance.constructor as unknown as BlockClass<unknown>).descriptor
}

/** Base of every message class. `Required` are the properties that a request must have. */
export abstract class Message<Self, Required extends string = never> extends Block<Self> {
  declare protected readonly '~message': [Self, Required]
}

/** Base of every struct class. `Required` are the properties that it must have in a request. */
export abstract class Struct<Self, Required extends string = never> extends Block<Self> {
  declare protected readonly '~struct': [Self, Required]
}

interface UnionClass<T> {
  readonly descriptor: UnionDescriptor<T>
}

/**
 * Base of every union class. A union is its bytes; every arm is a way to read and write them. What an arm gives is a
 * copy: change it, then assign it again. `Shorthand` is what stands for a union wherever one is expected, such as the
 * text of an address.
 */
export abstract class Union<Self, Shorthand = never> {
  declare protected readonly '~words': number[]
  declare protected readonly '~union': [Self, Shorthand]

  /**
   * @param init an object with exactly one arm; the bytes that this arm does not reach are zero. Left out: all zero.
   * @throws VppEncodeError when it is anything else
   */
  constructor(init?: UnionInit<Self, Shorthand>) {
    const { descriptor } = new.target as unknown as UnionClass<Self>
    const plan = planUnion(descriptor)
    try {
      return (init === undefined ? unionFrom(plan, new Uint8Array(plan.size)) : makeUnion(plan, init)) as this
    } catch (error) {
      throw error instanceof Refusal ? refusalError(error, plan, descriptor.name) : error
    }
  }

  /** All bytes of the union, as on the wire; a copy. */
  get bytes(): Uint8Array {
    return new Uint8Array(wordsToBytes(planUnion(unionDescriptorOf(this)), this['~words']))
  }

  /** `{ arm: value }` when that arm reproduces all bytes, else `{ bytes: '0x…' }`. */
  toJSON(): JsonValue {
    return unionToJson(planUnion(unionDescriptorOf(this)), this as unknown as UnionValue, undefined)
  }

  /** The arm that the union was made from, or the first that reproduces all bytes. */
  [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    const plan = planUnion(unionDescriptorOf(this))
    return inspectUnion(plan, this as unknown as UnionValue, undefined, depth, options, inspect)
  }

  /** @throws VppEncodeError when it is not what `toJSON` gives */
  static fromJSON<T>(this: UnionClass<T>, json: JsonValue): T {
    const plan = planUnion(this.descriptor)
    try {
      return unionFromJson(plan, json) as T
    } catch (error) {
      throw error instanceof Refusal ? refusalError(error, plan, this.descriptor.name) : error
    }
  }

  /**
   * A union with these bytes, whatever they mean.
   * @throws VppEncodeError when there are not exactly as many as the union has
   */
  static fromBytes<T>(this: UnionClass<T>, bytes: Uint8Array): T {
    const { name, size } = this.descriptor
    const plan = planUnion(this.descriptor)
    if (bytes.length !== size) throw refusalError(new Refusal(`${size} bytes`, bytes), plan, name)
    return unionFrom(plan, bytes) as T
  }
}

function unionDescriptorOf(instance: object): UnionDescriptor {
  return (instance.constructor as unknown as UnionClass<unknown>).descriptor
}

/** Gives a union class the accessors of its arms. */
export function defineArms(descriptor: UnionDescriptor): void {
  for (const [, property] of descriptor.arms) {
    Object.defineProperty(descriptor.ctor.prototype, property, {
      configurable: true,
      get(this: UnionValue) {
        return readArm(planUnion(descriptor), property, this)
      },
      set(this: UnionValue, value: unknown) {
        writeArm(planUnion(descriptor), property, this, value)
      },
    })
  }
}

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
export type Ip4Prefix = string & FormTag<'ip4-prefix'>
/** `2001:db8::/32`; without a length it is a host. Host bits are kept. */
export type Ip6Prefix = string & FormTag<'ip6-prefix'>
/** An IPv4 or IPv6 prefix; what neither can express is `af:<family>:<32 hex digits>/<length>`. */
export type IpPrefix = string & FormTag<'prefix'>
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
 * out take the API's default, or zero. `undefined` is not a value: VPP would receive zero.
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
              ? V | FormInput<V>
              : V

/** What a text in a friendly form may also be given as. */
type FormInput<V> =
  V extends FormTag<infer F> ? (F extends keyof FormInputs ? FormInputs[F] : Uint8Array) : never

interface FormInputs {
  readonly 'ip4-address': BinaryAddress | Uint8Array
  readonly 'ip6-address': BinaryAddress | Uint8Array
  readonly address: BinaryAddress | Uint8Array
  readonly 'ip4-prefix': BinaryPrefix
  readonly 'ip6-prefix': BinaryPrefix
  readonly prefix: BinaryPrefix
  readonly 'mac-address': BinaryMac | Uint8Array
}

/** The names are those of the members as such, so that editors and compilers list them. */
type InitNumber<V extends number> = '~enum' extends keyof V
  ? V extends EnumTag<EnumObject<infer M>, infer IsFlags>
    ? number | (keyof M & string) | (IsFlags extends true ? readonly (number | (keyof M & string))[] : never)
    : V
  : V
