/** Columns of one level of indentation. */
export const INDENT = 2

/** Lines of code at a level of indentation. */
export class LineWriter {
  readonly #lines: string[] = []
  #level = 0

  /** Columns before the next line. */
  get indent(): number {
    return this.#level * INDENT
  }

  /** A line, or several: all are indented alike. */
  line(text: string): void {
    const lead = ' '.repeat(this.indent)
    this.#lines.push(text === '' ? '' : lead + text.replaceAll('\n', `\n${lead}`))
  }

  /** A blank line, unless there is one or this is the start of a block. */
  blank(): void {
    const last = this.#lines.at(-1)
    if (last !== undefined && last !== '' && !last.endsWith('{')) this.#lines.push('')
  }

  /** What `body` writes is one level deeper. */
  deeper(body: () => void): void {
    this.#level += 1
    body()
    this.#level -= 1
  }

  /** All lines, without blank ones at the end. */
  text(): string {
    while (this.#lines.at(-1) === '') this.#lines.pop()
    return this.#lines.join('\n')
  }
}
