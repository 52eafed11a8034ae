/** The words of a line of bash, the last one as it is being typed. */
export interface ShellLine {
  /** Words without quotes and backslashes. */
  readonly words: readonly string[]
  /** The quote that the last word is in. */
  readonly open: '"' | "'" | undefined
}

/** Splits a line as bash does, as far as quotes and backslashes matter; nothing is expanded. */
export function splitLine(line: string): ShellLine {
  const words: string[] = []
  let word: string | undefined
  let open: ShellLine['open']
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (open !== undefined) {
      if (character === open) open = undefined
      else if (character === '\\' && open === '"' && /["\\$`]/.test(line.charAt(at + 1)))
        word += line.charAt(++at)
      else word += character
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === '"' || character === "'") {
      open = character
      word ??= ''
    } else if (character === '\\') word = (word ?? '') + line.charAt(++at)
    else word = (word ?? '') + character
  }
  return { words: [...words, word ?? ''], open }
}

/** Characters that may mean something to bash somewhere in a word. */
const SPECIAL = /[^\w@%+=:,./-]/gu

/**
 * What bash inserts for a candidate: readline replaces what follows the last `=` or `:`, or what follows an open quote.
 * @returns undefined for a candidate that cannot be written on the line
 */
export function insertion(candidate: string, word: string, open: ShellLine['open']): string | undefined {
  if (/\p{Cc}/u.test(candidate)) return undefined
  if (open === "'") return candidate.includes("'") ? undefined : candidate
  if (open === '"') return candidate.replaceAll(/["\\$`]/g, String.raw`\$&`)
  const kept = Math.max(word.lastIndexOf('='), word.lastIndexOf(':')) + 1
  return candidate.slice(kept).replaceAll(SPECIAL, String.raw`\$&`)
}
