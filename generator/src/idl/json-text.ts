/** A JSON document that keeps what plain JavaScript values lose: the order of all keys, floats, and 64 bits. */
export type JsonTree =
  string | boolean | null | number | bigint | JsonFloat | readonly JsonTree[] | ReadonlyMap<string, JsonTree>

/** A number that was written with a point and stays a float: `1.0` is not `1`. */
export class JsonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/**
 * Prints a document as VPP's own tool does (Python's `json.dumps` with an indent of 4, and a line end): every item
 * on its own line, ASCII only.
 */
export function printJson(tree: JsonTree): string {
  const parts: string[] = []
  printTree(tree, '\n', parts)
  parts.push('\n')
  return parts.join('')
}

function printTree(tree: JsonTree, newline: string, parts: string[]): void {
  if (isList(tree)) {
    printItems(tree.length, '[]', newline, parts, (index, inner) =>
      printTree(tree[index] ?? null, inner, parts),
    )
  } else if (isObject(tree)) {
    const entries = [...tree]
    printItems(entries.length, '{}', newline, parts, (index, inner) => {
      const [key, value] = entries[index] ?? ['', null]
      parts.push(printString(key), ': ')
      printTree(value, inner, parts)
    })
  } else {
    parts.push(printScalar(tree))
  }
}

/** `Array.isArray` does not narrow read-only arrays. */
function isList(tree: JsonTree): tree is readonly JsonTree[] {
  return Array.isArray(tree)
}

function isObject(tree: JsonTree): tree is ReadonlyMap<string, JsonTree> {
  return tree instanceof Map
}

function printItems(
  count: number,
  brackets: '[]' | '{}',
  newline: string,
  parts: string[],
  printItem: (index: number, newline: string) => void,
): void {
  if (count === 0) {
    parts.push(brackets)
    return
  }
  const inner = `${newline}    `
  for (let index = 0; index < count; index++) {
    parts.push(index === 0 ? brackets.charAt(0) : ',', inner)
    printItem(index, inner)
  }
  parts.push(newline, brackets.charAt(1))
}

function printScalar(value: string | boolean | null | number | bigint | JsonFloat): string {
  if (typeof value === 'string') return printString(value)
  return value instanceof JsonFloat ? printFloat(value.value) : String(value)
}

function printString(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Python and JavaScript print the same shortest digits, but not in the same notation: Python keeps `.0`, and turns
 * to exponents (of two digits at least) below 1e-4 and from 1e16 on.
 */
function printFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
