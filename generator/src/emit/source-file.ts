import { formatDoc } from './doc.ts'
import { importLines, type Imported } from './imports.ts'
import { LINE_WIDTH, print, type Expression } from './literal.ts'
import { pascalCase } from '../rules/names.ts'
import { LineWriter } from './writer.ts'
import { isTypeOnly, type RuntimeName } from './runtime-names.ts'

/** Where imports of a file lead. */
export interface ImportPaths {
  /** Specifier of the runtime's contract with generated code. */
  readonly runtime: string
  /** Specifier of another module's exports, seen from this file. */
  readonly module: (name: string) => string
}

/**
 * A file in the making. Names from elsewhere are asked for where they are used; the imports, and other names for what
 * would clash, follow from that.
 */
export class SourceFile {
  readonly #paths: ImportPaths
  readonly #locals = new Set<string>()
  /** By specifier, then by exported name. */
  readonly #imports = new Map<string, Map<string, Imported>>()
  readonly #writer = new LineWriter()

  /** @param declared names that the file itself declares: imports of these names get others */
  constructor(paths: ImportPaths, declared: Iterable<string> = []) {
    this.#paths = paths
    for (const name of declared) this.#locals.add(name)
  }

  /** Local name of something that the runtime exports. */
  runtime(name: RuntimeName): string {
    return this.#import(this.#paths.runtime, name, () => 'Runtime', isTypeOnly(name))
  }

  /** Local name of something that a module exports; the module's name goes before it when the name is taken. */
  fromModule(module: string, name: string): string {
    return this.#import(this.#paths.module(module), name, () => pascalCase(module), false)
  }

  /** Local name of an export of any file. */
  from(specifier: string, name: string, options: { readonly typeOnly?: boolean } = {}): string {
    return this.#import(specifier, name, () => 'Imported', options.typeOnly ?? false)
  }

  /** A line, or several. */
  line(text: string): this {
    this.#writer.line(text)
    return this
  }

  /** A blank line. */
  blank(): this {
    this.#writer.blank()
    return this
  }

  /** A doc comment; nothing when there are no lines. */
  doc(lines: readonly string[]): this {
    for (const line of formatDoc(lines)) this.#writer.line(line)
    return this
  }

  /** `left = expression`, broken where it must be. */
  assign(left: string, expression: Expression, after = ''): this {
    const callee = typeof expression === 'object' && expression.kind === 'call' ? `${expression.callee}(` : ''
    const start = `${left} = `
    if (this.#writer.indent + start.length + callee.length <= LINE_WIDTH) {
      return this.line(start + this.#print(expression, start.length, after) + after)
    }
    this.line(`${left} =`)
    this.#writer.deeper(() => void this.line(this.#print(expression, 0, after) + after))
    return this
  }

  /** `return expression`. */
  returns(expression: Expression): this {
    return this.line(`return ${this.#print(expression, 'return '.length, '')}`)
  }

  /** `head {`, a body, `}`. */
  block(head: string, body: () => void): this {
    this.line(`${head} {`)
    this.#writer.deeper(body)
    return this.line('}')
  }

  /** `export class name extends base<args> {`; two type arguments or more get their own lines when they must. */
  class(name: string, base: string, args: readonly string[], body: () => void): this {
    const start = `export class ${name} extends ${base}<`
    const head = `${start}${args.join(', ')}>`
    if (args.length < 2 || head.length + 2 <= LINE_WIDTH - this.#writer.indent) return this.block(head, body)
    this.line(start)
    this.#writer.deeper(() => void this.line(args.join(',\n')))
    return this.block('>', body)
  }

  /** A method; the parameters go on their own lines when the head is too long. */
  method(name: string, parameters: readonly string[], result: string, body: () => void): this {
    const head = `${name}(${parameters.join(', ')})${result}`
    if (this.#writer.indent + head.length + 2 <= LINE_WIDTH) return this.block(head, body)
    this.line(`${name}(`)
    this.#writer.deeper(() => {
      for (const parameter of parameters) this.line(`${parameter},`)
    })
    return this.block(`)${result}`, body)
  }

  /** The file as text: comment lines, imports, body. */
  text(header: readonly string[]): string {
    const imports = importLines(this.#imports, this.#paths.runtime)
    const parts = [header.map((line) => `// ${line}`.trimEnd()), imports, [this.#writer.text()]]
    const [comment = [], ...code] = parts
    const body = code.filter((lines) => lines.some((line) => line !== '')).map((lines) => lines.join('\n'))
    return `${[...comment, ...(comment.length === 0 ? [] : ['']), body.join('\n\n')].join('\n')}\n`
  }

  /** An expression that begins at a column of the current line. */
  #print(expression: Expression, column: number, after: string): string {
    return print(expression, this.#writer.indent, column, after.length)
  }

  #import(specifier: string, name: string, prefix: () => string, typeOnly: boolean): string {
    let names = this.#imports.get(specifier)
    if (names === undefined) this.#imports.set(specifier, (names = new Map()))
    const known = names.get(name)
    if (known !== undefined) return known.local
    let local = this.#locals.has(name) ? prefix() + name : name
    while (this.#locals.has(local)) local += '_'
    this.#locals.add(local)
    names.set(name, { name, local, typeOnly })
    return local
  }
}
