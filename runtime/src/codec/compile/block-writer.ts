import { Timestamp } from '../form/timestamp.ts'
import { emptyInput, writeOf } from '../interpret/encode.ts'
import { putBigint, putDouble } from '../numbers.ts'
import type {
  ArrayPlan,
  BlockPlan,
  BytesPlan,
  FieldPlan,
  FormPlan,
  Plan,
  ScalarPlan,
  StringPlan,
  UnionPlan,
} from '../plan.ts'
import { wordCount } from '../union-arm.ts'
import { writeBinary } from './binary-source.ts'
import type { CompiledEncoder } from './encoder.ts'
import { property, storeNumber, sum } from './source.ts'
import type { Source } from './source.ts'
import { appendText, putBytes, putText } from './support.ts'

/** Thrown by generated source to hand a value over to the interpreter. */
export const IRREGULAR = Symbol('irregular')

/** Longest union whose copy is not a loop. */
const LONGEST_UNROLLED = 32

/** Puts together the statements of one block. `w` is the writer, `b` its bytes, `d` their view, `o` the block's offset, `x` the value. */
export class BlockWriter {
  readonly #source: Source
  readonly #irregular: string
  readonly #encoderOf: (block: BlockPlan) => CompiledEncoder

  /** @param encoderOf gives the encoder of a nested block */
  constructor(source: Source, encoderOf: (block: BlockPlan) => CompiledEncoder) {
    this.#source = source
    this.#encoderOf = encoderOf
    this.#irregular = `throw ${source.constant(IRREGULAR)}`
  }

  /** Hands over what is not an object, and one that gives a count. `known` counts the fields that it has. */
  checkKind(block: BlockPlan): void {
    const counts = block.counts.map((count) => `${property('x', count.property)} !== undefined`)
    const wrong = [
      `typeof x !== 'object'`,
      'x === null',
      'Array.isArray(x)',
      'ArrayBuffer.isView(x)',
      ...counts,
    ]
    this.#source.add(`if (${wrong.join(' || ')}) ${this.#irregular}`, 'let known = 0')
  }

  /** Hands over what has more names than known fields with a value; comparing numbers is quicker than looking names up. */
  checkNames(): void {
    this.#source.add('for (const name in x) known--', `if (known !== 0) ${this.#irregular}`)
  }

  field(block: BlockPlan, field: FieldPlan, partial: boolean): void {
    const value = this.#source.local()
    this.#source.add(
      `${field.default === undefined ? 'const' : 'let'} ${value} = ${property('x', field.property)}`,
    )
    if (!partial) {
      this.write(field.plan, value, 'o', field.offset)
      return
    }
    this.#implied(block, field, value)
    if (field.default !== undefined) {
      this.#source.add(
        `if (${value} === undefined) ${value} = ${this.#source.constant(field.default)}; else known++`,
      )
      this.write(field.plan, value, 'o', field.offset)
      return
    }
    this.#source.add(`if (${value} !== undefined) {`, 'known++')
    this.write(field.plan, value, 'o', field.offset)
    this.#source.add('}')
    this.#absent(field, value)
  }

  /** Hands over a discriminator or a length that is left out but may follow from its union or array. */
  #implied(block: BlockPlan, field: FieldPlan, value: string): void {
    const from = block.chosen.get(field) ?? block.lengths.get(field)
    if (from === undefined) return
    const given = `${property('x', from.property)} !== undefined`
    this.#source.add(`if (${value} === undefined && ${given}) ${this.#irregular}`)
  }

  /** What a missing property means where it is not just zero bytes. */
  #absent(field: FieldPlan, value: string): void {
    const empty = emptyInput(field.plan)
    if (empty === undefined) return
    this.#source.add(`if (${value} === undefined) {`)
    this.write(field.plan, this.#source.constant(empty), 'o', field.offset)
    this.#source.add('}')
  }

  /** Statements that write the variable `value`, known to be defined, at `base + offset`. */
  write(plan: Plan, value: string, base: string, offset: number): void {
    switch (plan.kind) {
      case 'scalar':
        this.#scalar(plan, value, base, offset)
        break
      case 'string':
        this.#string(plan, value, base, offset)
        break
      case 'bytes':
        this.#bytes(plan, value, base, offset)
        break
      case 'array':
        this.#array(plan, value, base, offset)
        break
      case 'union':
        this.#union(plan, value, base, offset)
        break
      case 'form':
        this.#form(plan, value, base, offset)
        break
      case 'block':
        this.#block(plan, value, base, offset)
        break
    }
  }

  #scalar(plan: ScalarPlan, value: string, base: string, offset: number): void {
    const at = sum(base, offset)
    const add = (line: string): void => this.#source.add(line)
    switch (plan.type) {
      case 'bool':
        add(`if (${value} === true) b[${at}] = 1; else if (${value} !== false) ${this.#irregular}`)
        break
      case 'f64':
        add(`if (typeof ${value} !== 'number') ${this.#irregular}`)
        add(`${this.#source.constant(putDouble)}(b, ${at}, ${value})`)
        break
      case 'u64':
      case 'i64': {
        const wrap = plan.type === 'u64' ? 'asUintN' : 'asIntN'
        add(
          `if (typeof ${value} !== 'bigint' || BigInt.${wrap}(64, ${value}) !== ${value}) ${this.#irregular}`,
        )
        add(`${this.#source.constant(putBigint)}(b, ${at}, ${value})`)
        break
      }
      default: {
        const orNone = plan.minusOne ? ` && ${value} !== -1` : ''
        add(`if (${value} !== 0) {`)
        add(`if (${CAST[plan.type](value)} !== ${value}${orNone}) ${this.#irregular}`)
        add(storeNumber(base, offset, plan.size, value))
        add('}')
      }
    }
  }

  #string({ variable, longest }: StringPlan, value: string, base: string, offset: number): void {
    const constant = (item: unknown): string => this.#source.constant(item)
    if (!variable) {
      this.#source.add(
        `if (!${constant(putText)}(b, d, ${sum(base, offset)}, ${longest}, ${value})) ${this.#irregular}`,
      )
      return
    }
    const length = this.#source.local()
    this.#source.add(
      `const ${length} = ${constant(appendText)}(w, ${longest}, ${value})`,
      `if (${length} < 0) ${this.#irregular}`,
      `w.view.setUint32(${sum(base, offset)}, ${length})`,
    )
  }

  /** Checks the number of elements, writes the count and makes room; gives back the variable of the first offset. */
  #open(plan: BytesPlan | ArrayPlan, value: string, base: string, offset: number): string {
    const { extent } = plan
    if (extent.kind === 'fixed') {
      const { count, length } = extent
      const said = length === undefined ? undefined : property('x', length.property)
      const short = said === undefined ? '' : ` && (${value}.length !== ${said} || ${said} > ${count})`
      this.#source.add(`if (${value}.length !== ${count}${short}) ${this.#irregular}`)
      return sum(base, offset)
    }
    const start = this.#source.local()
    const size = plan.kind === 'bytes' ? 1 : plan.element.size
    if (plan.longest !== Infinity)
      this.#source.add(`if (${value}.length > ${plan.longest}) ${this.#irregular}`)
    if (extent.kind === 'counted') {
      const { offset: place, size: width } = extent.field
      const [at, bytes] = width === 8 ? [place + 4, 4] : [place, width]
      this.#source.add(storeNumber('o', at, bytes, `${value}.length`))
    }
    this.#source.add(`const ${start} = w.reserve(${value}.length * ${size})`)
    return start
  }

  #bytes(plan: BytesPlan, value: string, base: string, offset: number): void {
    this.#source.add(`if (!(${value} instanceof Uint8Array)) ${this.#irregular}`)
    const start = this.#open(plan, value, base, offset)
    this.#source.add(`${this.#source.constant(putBytes)}(w.bytes, ${start}, ${value})`)
  }

  #array(plan: ArrayPlan, value: string, base: string, offset: number): void {
    if (plan.element.variable) {
      this.#source.add(`${this.#source.constant(writeOf(plan))}(w, ${sum(base, offset)}, ${value}, ${base})`)
      return
    }
    this.#source.add(`if (!Array.isArray(${value})) ${this.#irregular}`)
    const start = this.#open(plan, value, base, offset)
    const [index, at, item] = [this.#source.local(), this.#source.local(), this.#source.local()]
    this.#source.add(
      `{ const b = w.bytes, d = w.view; let ${at} = ${start}`,
      `for (let ${index} = 0; ${index} < ${value}.length; ${index}++, ${at} += ${plan.element.size}) {`,
      `const ${item} = ${value}[${index}]`,
    )
    this.write(plan.element, item, at, 0)
    this.#source.add('} }')
  }

  #union(plan: UnionPlan, value: string, base: string, offset: number): void {
    const at = sum(base, offset)
    const constant = (item: unknown): string => this.#source.constant(item)
    const words = this.#source.local()
    this.#source.add(
      `if (${value} instanceof ${constant(plan.descriptor.ctor)}) {`,
      `const ${words} = ${property(value, '~words')}`,
      `if (${words}.length !== ${wordCount(plan)}) ${this.#irregular}`,
    )
    this.#words(plan.size, words, base, offset)
    this.#source.add(`} else ${constant(writeOf(plan))}(w, ${at}, ${value}, ${at})`)
  }

  /** Copies the words of a union; most of most unions are zero. */
  #words(size: number, words: string, base: string, offset: number): void {
    const word = this.#source.local()
    if (size > LONGEST_UNROLLED) {
      const index = this.#source.local()
      this.#source.add(
        `for (let ${index} = 0; ${index} < ${size >> 2}; ${index}++) {`,
        `const ${word} = ${words}[${index}]`,
        `if (${word} !== 0) { ${storeNumber(`${sum(base, offset)} + 4 * ${index}`, 0, 4, word)} }`,
        '}',
      )
    } else {
      for (let i = 0; i < size >> 2; i++) {
        const store = storeNumber(base, offset + 4 * i, 4, word)
        this.#source.add(`{ const ${word} = ${words}[${i}]; if (${word} !== 0) { ${store} } }`)
      }
    }
    for (let i = size & ~3; i < size; i++) {
      this.#source.add(`b[${sum(base, offset + i)}] = ${words}[${size >> 2}] >>> ${24 - 8 * (i & 3)}`)
    }
  }

  #form(plan: FormPlan, value: string, base: string, offset: number): void {
    const at = sum(base, offset)
    const constant = (item: unknown): string => this.#source.constant(item)
    const { writeText, binary } = plan.form
    if (writeText === undefined || binary === undefined) {
      this.#source.add(
        `if (!(${value} instanceof ${constant(Timestamp)})) ${this.#irregular}`,
        `${constant(putDouble)}(b, ${at}, ${value}.seconds)`,
      )
      return
    }
    this.#source.add(
      `if (typeof ${value} === 'string') {`,
      `if (!${constant(writeText)}(b, ${at}, ${value}, 0, ${value}.length)) ${this.#irregular}`,
      '} else {',
    )
    writeBinary(this.#source, binary, [value, base, offset], this.#irregular)
    this.#source.add('}')
  }

  #block(block: BlockPlan, value: string, base: string, offset: number): void {
    const constant = (item: unknown): string => this.#source.constant(item)
    const { instance, partial } = this.#encoderOf(block)
    const at = sum(base, offset)
    this.#source.add(
      `if (${value} instanceof ${constant(block.descriptor.ctor)}) ${constant(instance)}(w, ${at}, ${value})`,
      `else ${constant(partial)}(w, ${at}, ${value})`,
    )
  }
}

/** What an integer type makes of a number; one that is changed by it does not fit. */
const CAST: Readonly<Record<'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32', (value: string) => string>> = {
  u8: (value) => `(${value} & 0xff)`,
  u16: (value) => `(${value} & 0xffff)`,
  u32: (value) => `(${value} >>> 0)`,
  i8: (value) => `(${value} << 24 >> 24)`,
  i16: (value) => `(${value} << 16 >> 16)`,
  i32: (value) => `(${value} | 0)`,
}
