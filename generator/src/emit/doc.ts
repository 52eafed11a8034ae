/** A doc comment of these lines; nothing for none. */
export function formatDoc(lines: readonly string[]): string[] {
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/').trimEnd())
  while (safe.at(-1) === '') safe.pop()
  if (safe.length === 0) return []
  if (safe.length === 1) return [`/** ${safe[0]} */`]
  return ['/**', ...safe.map((line) => (line === '' ? ' *' : ` * ${line}`)), ' */']
}
