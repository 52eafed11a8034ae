type Yaml = string | number | boolean | null | undefined | readonly Yaml[] | { readonly [key: string]: Yaml }

/** Plain values as YAML. Strings that could be read as something else are quoted, as JSON, which YAML contains. */
export function yamlText(value: unknown): string {
  return `${printValue(value as Yaml, '').trimStart()}\n`
}

function printValue(value: Yaml, indent: string): string {
  if (isList(value)) {
    if (value.length === 0) return ' []'
    return value.map((item) => `\n${indent}-${inItem(item, `${indent}  `)}`).join('')
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    if (entries.length === 0) return ' {}'
    return entries
      .map(([key, item]) => `\n${indent}${scalar(key)}:${printValue(item, `${indent}  `)}`)
      .join('')
  }
  return ` ${scalar(value ?? null)}`
}

/** The first key of an item stands behind its dash. */
function inItem(item: Yaml, indent: string): string {
  const text = printValue(item, indent)
  return text.startsWith(`\n${indent}`) ? ` ${text.slice(indent.length + 1)}` : text
}

/** `Array.isArray` does not narrow read-only arrays. */
function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value)
}

function scalar(value: string | number | boolean | null): string {
  const plain =
    typeof value !== 'string' || /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w./-]*$/i.test(value)
  return plain ? String(value) : JSON.stringify(value)
}
