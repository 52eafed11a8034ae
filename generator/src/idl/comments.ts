/** What may stand at the level of statements, as far as comments go. */
const PARTS = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|[{}]|\b(define|typedef)\s+(\w+)\s*\{/g

/** Comments in front of messages and structs. */
export interface ApiComments {
  readonly define: ReadonlyMap<string, string>
  readonly typedef: ReadonlyMap<string, string>
}

/** Finds the comment that ends on the line above each message and struct of a `.api` file, or on its line. */
export function apiComments(text: string): ApiComments {
  const found = { define: new Map<string, string>(), typedef: new Map<string, string>() }
  let depth = 0
  let comment: { readonly text: string; readonly end: number } | undefined
  for (const match of text.matchAll(PARTS)) {
    const [part, word, name] = match
    if (part === '}') depth -= 1
    else if (part === '{') depth += 1
    else if (depth === 0 && part.startsWith('/')) comment = { text: part, end: match.index + part.length }
    else if ((word === 'define' || word === 'typedef') && name !== undefined) {
      const between = comment === undefined ? '' : text.slice(comment.end, match.index)
      if (comment !== undefined && isClose(between)) found[word].set(name, comment.text)
      comment = undefined
      depth += 1
    }
  }
  return found
}

/** At most flags and one end of a line. */
function isClose(between: string): boolean {
  return /^[\w \t]*(?:\r?\n[\w \t]*)?$/.test(between)
}
