import type { MessageDescriptor, StructDescriptor, UnionDescriptor } from './descriptor.ts'
import { Refusal } from './errors.ts'
import type { Init, UnionInit } from './init.ts'
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
