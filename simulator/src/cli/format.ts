/**
 * Text in the middle of a column; of an odd gap the larger part is on the left. As with VPP's formatter, what is longer than
 * the column is cut.
 */
export function center(text: string | number, width: number): string {
  const cell = String(text)
  const left = Math.max(0, Math.floor((width - cell.length + 1) / 2))
  return `${' '.repeat(left)}${cell}`.padEnd(width).slice(0, width)
}
