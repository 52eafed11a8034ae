import type { CountField } from '../plan.ts'

/**
 * Text of a function that is being put together, and the values that it refers to. Nothing from a schema gets into the
 * text except numbers and quoted property names; all else is handed over as a constant.
 */
export class Source {
  readonly #lines: string[] = []
  readonly #names: string[] = []
  readonly #values: unknown[] = []
  #locals = 0

  /** Appends lines of code. */
  add(...lines: readonly string[]): void {
    this.#lines.push(...lines)
  }

  /** A name for `value`; the same value has one name. */
  constant(value: unknown): string {
    const index = this.#values.findIndex((other) => Object.is(other, value))
    if (index >= 0) return this.#names[index] as string
    const name = `k${this.#names.length}`
    this.#names.push(name)
    this.#values.push(value)
    return name
  }

  /** A name that no other local variable has. */
  local(): string {
    return `v${this.#locals++}`
  }

  /** Compiles what has been added as the body of `function name(parameters)`. */
  compile(name: string, parameters: string): Function {
    const text = `'use strict'\nreturn function ${name}(${parameters}) {\n${this.#lines.join('\n')}\n}`
    return new Function(...this.#names, text)(...this.#values) as Function
  }
}

/** A function name for stack traces and profiles: `encode_show_version`. */
export function functionName(role: string, name: string): string {
  return `${role}_${name.replace(/\W/g, '_')}`
}

/** `x["name"]` for a property of `object`. */
export function property(object: string, name: string): string {
  return `${object}[${JSON.stringify(name)}]`
}

/** `base + offset`, without the addition where it changes nothing. */
export function sum(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`
}

/** The byte of `b` at `base + offset`. */
export function byteAt(base: string, offset: number): string {
  return `b[${sum(base, offset)}]`
}

/**
 * A statement that stores the low `size` bytes of the number `value`, most significant first, in the memory that `b` and
 * the view `d` share.
 */
export function storeNumber(base: string, offset: number, size: number, value: string): string {
  return size === 1
    ? `${byteAt(base, offset)} = ${value}`
    : `d.setUint${8 * size}(${sum(base, offset)}, ${value})`
}

/** An expression for the number in two's complement in `size` bytes, most significant first, as the view `d` shows it. */
export function loadSigned(base: string, offset: number, size: number): string {
  return `d.getInt${8 * size}(${sum(base, offset)})`
}

/** An expression for the unsigned number in `size` bytes, most significant first. */
export function loadNumber(base: string, offset: number, size: number): string {
  return size === 1 ? byteAt(base, offset) : `d.getUint${8 * size}(${sum(base, offset)})`
}

/** An expression for the number of an array's elements: as `loadCount` of the interpreter reads it. */
export function loadCount(base: string, { offset, size, signed }: CountField): string {
  if (size === 8) return `(${loadNumber(base, offset, 4)} * 4294967296 + ${loadNumber(base, offset + 4, 4)})`
  return signed ? `(${loadSigned(base, offset, size)} >>> 0)` : loadNumber(base, offset, size)
}
