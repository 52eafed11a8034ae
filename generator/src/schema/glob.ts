/** Tells whether a name is one of some, which may contain `*` and `?`. Without any, all names are. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => true
  const expressions = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(/\W/g, escape)}$`))
  return (name) => expressions.some((expression) => expression.test(name))
}

function escape(char: string): string {
  if (char === '*') return '.*'
  return char === '?' ? '.' : `\\${char}`
}
