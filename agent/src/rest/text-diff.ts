/** Lines above which two texts are shown as a whole: the table of the comparison grows with their product. */
const MOST_LINES = 2000

/**
 * Differences between two texts, line by line: `-` what only the first has, `+` what only the second has, a blank what
 * both have.
 */
export function textDiff(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)]
  if (old.length * now.length > MOST_LINES * MOST_LINES) return told('-', old) + told('+', now)
  const common = commonLengths(old, now)
  let text = ''
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      text += ` ${old[i++]}\n`
      j++
    } else if (j === now.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      text += `-${old[i++]}\n`
    } else text += `+${now[j++]}\n`
  }
  return text
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function told(sign: string, lines: readonly string[]): string {
  return lines.map((line) => `${sign}${line}\n`).join('')
}

/** Length of the longest common subsequence of what is left behind each pair of places. */
function commonLengths(old: readonly string[], now: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const longer = Math.max(at(table, i + 1, j), at(table, i, j + 1))
      const row = table[i] as Uint32Array
      row[j] = old[i] === now[j] ? at(table, i + 1, j + 1) + 1 : longer
    }
  }
  return table
}

function at(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}
