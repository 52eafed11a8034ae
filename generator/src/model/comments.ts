/** Documentation of a definition, taken apart. */
export interface Comment {
  /** Lines about the whole. */
  readonly text: readonly string[]
  /** Lines about single fields, by wire name. */
  readonly fields: ReadonlyMap<string, readonly string[]>
}

const EMPTY: Comment = { text: [], fields: new Map() }

/** Licence headers end up on the first message in the JSON of VPP before 26.06. */
const LICENCE = /licensed under the apache license|copyright \(c\)|spdx-license/i

/**
 * Text of a comment of VPP's API language: without the comment's and doxygen's marks, `@param` lines given to their
 * fields.
 */
export function readComment(raw: string | undefined): Comment {
  if (raw === undefined || LICENCE.test(raw)) return EMPTY
  const text: string[] = []
  const fields = new Map<string, string[]>()
  let target = text
  for (const line of linesOf(raw)) {
    const param = /^[@\\]param(?:\[\w*\])?\s+(\w+)\s*(?:[-:–]\s*)?(.*)$/.exec(line)
    if (param !== null) {
      target = []
      fields.set(param[1] as string, target)
      target.push(param[2] as string)
    } else if (line === '') {
      // A blank line ends what is said about a field.
      target = text
      if (text.length > 0) text.push('')
    } else {
      target.push(line)
    }
  }
  for (const [name, lines] of fields) fields.set(name, trimBlank(lines))
  return { text: trimBlank(text), fields }
}

function linesOf(raw: string): string[] {
  return raw
    .replace(/^\s*\/\*+(?:<|!)?/, '')
    .replace(/\**\/\s*$/, '')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(?:\*+(?!\w)|\/\/+)?/, '')
        .replace(/[@\\](?:brief|short|details|note|remark)\b\s*/g, '')
        .trim(),
    )
}

function trimBlank(lines: readonly string[]): string[] {
  const kept = lines.filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
  while (kept.at(-1) === '') kept.pop()
  while (kept[0] === '') kept.shift()
  return kept
}
