/**
 * Literals and calls, laid out as prettier lays them out, so that formatting generated code changes nothing. Only what
 * generated code contains is known here; a test compares with prettier itself.
 */

/** Width that lines may have. */
export const LINE_WIDTH = 110

/** An expression. Text is taken as it is and never broken. */
export type Expression =
  | string
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Expression])[] }
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Expression[] }

/** `[a, b]`. */
export function array(items: readonly Expression[]): Expression {
  return { kind: 'array', items }
}

/** `{ key: value }`; keys are written as they must be. */
export function object(entries: readonly (readonly [key: string, value: Expression])[]): Expression {
  return { kind: 'object', entries }
}

/** `callee(a, b)`. */
export function call(callee: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', callee, args }
}

/** The same, of a function without effects: bundlers leave the call out where nobody uses what it gives. */
export function pureCall(callee: string, ...args: readonly Expression[]): Expression {
  return call(`/* @__PURE__ */ ${callee}`, ...args)
}

/** Text that is its own string literal; nearly all is. */
const PLAIN = /^[\w ./:*-]*$/

/** Text as a string literal. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`
  const double = JSON.stringify(text)
  const singles = text.split("'").length
  if (singles > text.split('"').length) return double
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A value as a literal. */
export function literal(value: string | number | bigint | boolean | null): string {
  if (typeof value === 'string') return quote(value)
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

/** A key of an object literal. `__proto__: x` would set the prototype instead of a property. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)
}

/**
 * An expression as text. Lines after the first are indented as if the expression's own line were not.
 *
 * @param base columns before the line that the expression begins in
 * @param column column at which it begins, behind those
 * @param after columns that follow on its last line
 */
export function print(expression: Expression, base: number, column: number, after = 0): string {
  return printAt(expression, 0, column, after, LINE_WIDTH - base)
}

function printAt(
  expression: Expression,
  indent: number,
  column: number,
  after: number,
  width: number,
): string {
  if (typeof expression === 'string') return expression
  if (!mustBreak(expression)) {
    const line = flat(expression)
    if (column + line.length + after <= width) return line
  }
  switch (expression.kind) {
    case 'array':
      return block('[', expression.items.map(unnamed), ']', indent, width)
    case 'object':
      return block('{', expression.entries.map(named), '}', indent, width)
    case 'call':
      return printCall(expression, indent, column, width)
  }
}

type Item = readonly [lead: string, item: Expression]

const unnamed = (item: Expression): Item => ['', item]
const named = ([name, value]: readonly [string, Expression]): Item => [`${key(name)}: `, value]

function block(open: string, items: readonly Item[], close: string, indent: number, width: number): string {
  const inner = indent + 2
  const lead = ' '.repeat(inner)
  const lines = items.map(
    ([name, item]) => `${lead}${name}${printAt(item, inner, inner + name.length, 1, width)},\n`,
  )
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}

/** The last argument is opened on the call's own line where what precedes it fits there. */
function printCall(
  { callee, args }: Extract<Expression, { kind: 'call' }>,
  indent: number,
  column: number,
  width: number,
): string {
  const last = args.at(-1)
  const head = `${callee}(${args
    .slice(0, -1)
    .map((arg) => `${flat(arg)}, `)
    .join('')}`
  const opens =
    isList(last) && !isEmpty(last) && !isSameKind(args.at(-2), last) && column + head.length + 1 <= width
  if (opens && !args.slice(0, -1).some(mustBreak)) return `${head}${printAt(last, indent, width, 0, width)})`
  return block(`${callee}(`, args.map(unnamed), ')', indent, width)
}

type List = Extract<Expression, { kind: 'array' | 'object' }>

function isList(expression: Expression | undefined): expression is List {
  return typeof expression === 'object' && expression.kind !== 'call'
}

function isEmpty(list: List): boolean {
  return (list.kind === 'array' ? list.items : list.entries).length === 0
}

function isSameKind(expression: Expression | undefined, list: List): boolean {
  return isList(expression) && expression.kind === list.kind
}

/** An expression on one line, however long. */
export function flat(expression: Expression): string {
  if (typeof expression === 'string') return expression
  switch (expression.kind) {
    case 'array':
      return `[${expression.items.map(flat).join(', ')}]`
    case 'object': {
      const entries = expression.entries.map(([name, value]) => `${key(name)}: ${flat(value)}`)
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
    }
    case 'call':
      return `${expression.callee}(${expression.args.map(flat).join(', ')})`
  }
}

/** Several lists or objects, all of more than one item, are always put on their own lines. */
function mustBreak(expression: Expression): boolean {
  if (typeof expression === 'string') return false
  switch (expression.kind) {
    case 'array':
      return isTable(expression.items) || expression.items.some(mustBreak)
    case 'object':
      return expression.entries.some(([, value]) => mustBreak(value))
    case 'call':
      return expression.args.some(mustBreak)
  }
}

function isTable(items: readonly Expression[]): boolean {
  if (items.length < 2) return false
  const all = (kind: 'array' | 'object') =>
    items.every((item) => isList(item) && item.kind === kind && parts(item) > 1)
  return all('array') || all('object')
}

function parts(list: List): number {
  return list.kind === 'array' ? list.items.length : list.entries.length
}
