/** Text in the middle of a column; of an odd gap the larger part stands left, as VPP's formatter has it. */
export function center(text: string | number, width: number): string {
  const cell = String(text)
  const left = Math.max(0, Math.floor((width - cell.length + 1) / 2))
  return `${' '.repeat(left)}${cell}`.padEnd(width)
}
