import { readWords, unionConstructor } from '../union-arm.ts'
import { copyBytes } from '../bytes.ts'
import type { ArrayPlan, BlockPlan, BytesPlan, FormPlan, Plan, ScalarPlan, UnionPlan } from '../plan.ts'
import type { Reading } from '../reading.ts'
import { shapeOf } from '../shape.ts'
import { readFixedText, readText } from '../text.ts'
import { readBinary } from './binary-source.ts'
import { byteAt, functionName, loadCount, loadNumber, loadSigned, Source, sum } from './source.ts'
import { tryRead } from './support.ts'

/**
 * Reads the block at `at`, whose fixed part is known to lie before `end`, from `bytes` and the view of their memory.
 * Gives back undefined when the variable part does not lie before `end`.
 */
export type DecodeBlock = (bytes: Buffer, view: DataView, at: number, end: number) => object | undefined

/** Longest union that is read without a loop. */
const LONGEST_UNROLLED = 32

/** Longest array of numbers that is written out: that takes a third of the time of filling one in a loop. */
const LONGEST_LITERAL = 8

const decoders = {
  text: new WeakMap<BlockPlan, DecodeBlock>(),
  binary: new WeakMap<BlockPlan, DecodeBlock>(),
}

/** The compiled decoder of a block; made once for each reading. */
export function compiledDecoder(block: BlockPlan, reading: Reading): DecodeBlock {
  let decoder = decoders[reading].get(block)
  if (decoder === undefined) {
    decoder = compileBlock(block, reading)
    decoders[reading].set(block, decoder)
  }
  return decoder
}

function compileBlock(block: BlockPlan, reading: Reading): DecodeBlock {
  const source = new Source()
  addBlock(source, block, reading, 'return undefined')
  return source.compile(functionName('decode', block.descriptor.name), 'b, d, o, end') as DecodeBlock
}

/**
 * Adds the statements that read a block and return it. `b` is the buffer, `d` its view, `o` the block's offset, `end`
 * where its bytes end, `short` what is done when they end too early.
 */
export function addBlock(source: Source, block: BlockPlan, reading: Reading, short: string): void {
  const emitter = new Emitter(source, reading, short)
  const values = block.fields.map((field) => emitter.value(field.plan, 'o', field.offset))
  const { positional } = shapeOf(block)
  source.add(`return new ${source.constant(positional)}(${values.join(', ')})`)
}

/** Puts together the statements of one block. */
class Emitter {
  readonly #source: Source
  readonly #reading: Reading
  readonly #short: string

  constructor(source: Source, reading: Reading, short: string) {
    this.#source = source
    this.#reading = reading
    this.#short = short
  }

  /** An expression for the value at `base + offset`; statements that it needs are added first. */
  value(plan: Plan, base: string, offset: number): string {
    const at = sum(base, offset)
    const constant = (value: unknown): string => this.#source.constant(value)
    switch (plan.kind) {
      case 'scalar':
        return this.#scalar(plan, base, offset)
      case 'string':
        if (plan.variable) return this.#variableString(base, offset)
        return `${constant(readFixedText)}(b, d, ${at}, ${sum(base, offset + plan.size)})`
      case 'bytes':
        return this.#bytes(plan, base, offset)
      case 'array':
        return this.#array(plan, base, offset)
      case 'union':
        return this.#union(plan, base, offset)
      case 'form':
        return this.#form(plan, base, offset)
      case 'block':
        return this.#block(plan, at)
    }
  }

  #form({ form }: FormPlan, base: string, offset: number): string {
    const binary = this.#reading === 'binary' ? form.binary : undefined
    if (binary !== undefined) return readBinary(this.#source, binary, base, offset)
    return `${this.#source.constant(form.read)}(b, ${sum(base, offset)})`
  }

  #scalar({ type, size }: ScalarPlan, base: string, offset: number): string {
    const at = sum(base, offset)
    switch (type) {
      case 'bool':
        return `${byteAt(base, offset)} !== 0`
      case 'f64':
        return `d.getFloat64(${at}, true)`
      case 'u64':
        return `d.getBigUint64(${at})`
      case 'i64':
        return `d.getBigInt64(${at})`
      case 'u8':
      case 'u16':
      case 'u32':
        return loadNumber(base, offset, size)
      default:
        return loadSigned(base, offset, size)
    }
  }

  #union(plan: UnionPlan, base: string, offset: number): string {
    const made = this.#source.constant(unionConstructor(plan))
    if (plan.size > LONGEST_UNROLLED || plan.size % 4 !== 0) {
      const read = this.#source.constant(readWords)
      return `new ${made}(${read}(${this.#source.constant(plan)}, b, ${sum(base, offset)}))`
    }
    const words = Array.from({ length: plan.size / 4 }, (_, index) => loadSigned(base, offset + 4 * index, 4))
    return `new ${made}([${words.join(', ')}])`
  }

  #variableString(base: string, offset: number): string {
    const length = this.#source.local()
    const start = sum(base, offset + 4)
    this.#source.add(
      `const ${length} = ${loadNumber(base, offset, 4)}`,
      `if (${length} > end - (${start})) ${this.#short}`,
    )
    return `${this.#source.constant(readText)}(b, ${start}, ${start} + ${length})`
  }

  /** The number of elements, checked against the bytes that are left. */
  #count(plan: BytesPlan | ArrayPlan, base: string, offset: number): string {
    const { extent } = plan
    if (extent.kind === 'fixed') {
      if (extent.length === undefined) return String(extent.count)
      return `Math.min(${loadNumber('o', extent.length.offset, extent.length.size)}, ${extent.count})`
    }
    const size = plan.kind === 'bytes' ? 1 : plan.element.size
    const left = `(end - (${sum(base, offset)}))`
    const count = this.#source.local()
    if (extent.kind === 'rest') this.#source.add(`const ${count} = Math.floor(${left} / ${size})`)
    else {
      this.#source.add(
        `const ${count} = ${loadCount('o', extent.field)}`,
        `if (${count} * ${size} > ${left}) ${this.#short}`,
      )
    }
    return count
  }

  #bytes(plan: BytesPlan, base: string, offset: number): string {
    const count = this.#count(plan, base, offset)
    const start = sum(base, offset)
    return `${this.#source.constant(copyBytes)}(b, ${start}, ${start} + ${count})`
  }

  #array(plan: ArrayPlan, base: string, offset: number): string {
    const { element, extent } = plan
    if (element.variable) return this.#variableArray(plan, base, offset)
    const isWhole = extent.kind === 'fixed' && extent.length === undefined
    if (isWhole && extent.count <= LONGEST_LITERAL && element.kind === 'scalar') {
      const item = (_: unknown, index: number): string =>
        this.#scalar(element, base, offset + index * element.size)
      return `[${Array.from({ length: extent.count }, item).join(', ')}]`
    }
    const count = this.#count(plan, base, offset)
    const [array, index, at] = [this.#source.local(), this.#source.local(), this.#source.local()]
    this.#source.add(
      `const ${array} = new Array(${count})`,
      `for (let ${index} = 0, ${at} = ${sum(base, offset)}; ${index} < ${count}; ${index}++, ${at} += ${plan.element.size}) {`,
    )
    const item = this.value(plan.element, at, 0)
    this.#source.add(`${array}[${index}] = ${item}`, '}')
    return array
  }

  /** Elements that vary in size are rare, and left to the interpreter. */
  #variableArray(plan: ArrayPlan, base: string, offset: number): string {
    const array = this.#source.local()
    const read = this.#source.constant(tryRead(plan, this.#reading))
    this.#source.add(
      `const ${array} = ${read}(b, ${sum(base, offset)}, end, ${base})`,
      `if (${array} === undefined) ${this.#short}`,
    )
    return array
  }

  #block(block: BlockPlan, at: string): string {
    const decode = this.#source.constant(compiledDecoder(block, this.#reading))
    if (!block.variable) return `${decode}(b, d, ${at}, end)`
    const value = this.#source.local()
    this.#source.add(
      `const ${value} = ${decode}(b, d, ${at}, end)`,
      `if (${value} === undefined) ${this.#short}`,
    )
    return value
  }
}
