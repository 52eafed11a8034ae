/** Reads an option that takes a list with commas. */
export function listOption(text: string): string[] {
  return text
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
}
