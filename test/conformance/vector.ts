import { readFileSync } from 'node:fs'
import { ByteWriter, codecOf } from '@vpp-ts/runtime/internal'
import type { FieldSpec, HeaderKind, JsonValue } from '@vpp-ts/runtime/codegen/v1'
import type { AnyMessageClass } from './bindings.ts'
import { meaningful } from './meaningful.ts'
import { differences, toInput, toNeutral } from './neutral.ts'
import type { Difference, NeutralBlock } from './neutral.ts'

/** Both ways in which the codec works. */
export const ENGINES = ['compiled', 'interpreted'] as const

export type Engine = (typeof ENGINES)[number]

/** Numbers in front of a message's fields; which of them there are depends on the message. */
export interface VectorHeader {
  readonly id: number
  readonly clientIndex?: number
  readonly context?: number
}

/** A value and its bytes by vpp_papi, or what went wrong there. */
export interface Vector {
  readonly message: string
  readonly crc: string
  readonly module: string
  /** `omitted`: all fields left out; `least`, `most`: extremes; `random-N`. */
  readonly case: string
  readonly header: VectorHeader
  readonly value: NeutralBlock
  readonly hex: string
  /** What vpp_papi read from its own bytes, where that is more than `value`. */
  readonly read?: NeutralBlock
  /** Bytes that vpp_papi took for read, where that differs from their number. */
  readonly size?: number
  /** What vpp_papi raised. */
  readonly error?: string
}

/** Lines of a vector file. */
export function readVectors<T>(name: string): T[] {
  const text = readFileSync(new URL(`vectors/${name}.jsonl`, import.meta.url), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

const HEADER_FIELDS: Readonly<Record<HeaderKind, readonly string[]>> = {
  request: ['id', 'clientIndex', 'context'],
  reply: ['id', 'context'],
  event: ['id', 'clientIndex'],
  none: ['id'],
}

/** One message in one engine. */
export class Subject {
  readonly #type: AnyMessageClass
  readonly #codec

  constructor(type: AnyMessageClass, engine: Engine) {
    this.#type = type
    this.#codec = codecOf(type.descriptor, engine)
  }

  get fields(): readonly FieldSpec[] {
    return this.#type.descriptor.fields
  }

  /** A value in the neutral form, with arrays as long as the lengths beside them say. */
  meaningOf(value: NeutralBlock): NeutralBlock {
    return meaningful(this.#type.descriptor, value)
  }

  /** Bytes of a value as hex. */
  encode(value: object, { id, clientIndex = 0, context = 0 }: VectorHeader): string {
    const writer = new ByteWriter()
    this.#codec.encode(writer, value, id, clientIndex, context)
    return writer.take().toString('hex')
  }

  decode(hex: string): object {
    const bytes = Buffer.from(hex, 'hex')
    return this.#codec.decode(bytes, 0, bytes.length) as object
  }

  /** An instance of the class. */
  create(input: object): object {
    return new this.#type(input as never)
  }

  /** An instance, turned to JSON text and back. */
  throughJson(instance: object): object {
    return this.#type.fromJSON(JSON.parse(JSON.stringify(instance)) as JsonValue)
  }

  /** The value that bytes stand for, in the neutral form. */
  read(hex: string): NeutralBlock {
    return toNeutral(this.fields, this.decode(hex))
  }

  /** Everything in which the codec and a vector disagree; empty when they agree in both directions. */
  disagreements(vector: Vector): string[] {
    const input = toInput(this.fields, vector.value)
    const encoded = [
      this.#sameBytes(vector, 'a plain object', input),
      this.#sameBytes(vector, 'an instance', this.create(input)),
    ]
    return [...encoded, ...this.decodingDisagreements(vector)].flatMap((found) => found ?? [])
  }

  /** The same, without encoding what the vector was made from. */
  decodingDisagreements(vector: Vector): string[] {
    const { crc, header } = this.#type.descriptor
    const decoded = this.decode(vector.hex)
    const value = vector.read ?? vector.value
    const expected = meaningful(this.#type.descriptor, value)
    const isWhole = JSON.stringify(expected) === JSON.stringify(value)
    // What vpp_papi reads of a union are all its arms, which nobody can encode.
    const source = vector.read === undefined ? toInput(this.fields, expected) : decoded
    const bytes = isWhole ? vector.hex : this.encode(source, vector.header)
    const again = { ...vector, hex: bytes }
    const found = [
      crc === vector.crc ? undefined : `the CRC is ${crc}, not ${vector.crc}`,
      HEADER_FIELDS[header].join() === Object.keys(vector.header).join()
        ? undefined
        : `the header is ${header}`,
      this.#sameBytes(again, 'what was decoded', decoded),
      this.#sameBytes(again, 'what went through JSON', this.throughJson(decoded)),
      ...differences(expected, toNeutral(this.fields, decoded)).map(differenceText),
    ]
    return found.flatMap((text) => (text === undefined ? [] : `${vector.message} (${vector.case}): ${text}`))
  }

  #sameBytes({ header, hex }: Vector, what: string, value: object): string | undefined {
    const got = this.encode(value, header)
    return got === hex ? undefined : `${what} encodes to ${got}, not ${hex}`
  }
}

export function differenceText({ path, expected, got }: Difference): string {
  return `${path} is ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`
}
