import { wantsColor } from '@vpp-ts/command'
import type { CommandContext } from './context.ts'

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

const ESCAPE = '\u001B'

/** How text may stand out. */
export type Style = keyof typeof STYLES

/** Text that a terminal would obey, with the sequences that this program itself writes. */
const CONTROL = /(?!\n)\p{Cc}(?:\[(?:0|1|2|31|32|33|36)m)?/gu

/** Where a command writes for people. */
export class Screen {
  readonly #context: CommandContext
  readonly #hasColor: boolean

  /** @param color false: never */
  constructor(context: CommandContext, color: boolean) {
    this.#context = context
    this.#hasColor = color && wantsColor(context.env, context.out.isTTY === true)
  }

  /** True when a person looks at it. */
  get isTerminal(): boolean {
    return this.#context.out.isTTY === true
  }

  /** Writes lines. What comes from elsewhere cannot control the terminal. */
  print(text: string): void {
    const safe = text.replaceAll(CONTROL, (found) =>
      this.#hasColor && found.length > 1 && found.startsWith(ESCAPE) ? found : escaped(found),
    )
    this.#context.out.write(`${safe}\n`)
  }

  /** Writes lines for people beside the output. */
  note(text: string): void {
    this.#context.err.write(`${text.replaceAll(CONTROL, escaped)}\n`)
  }

  /** Writes JSON. */
  json(value: unknown): void {
    this.#context.out.write(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** Text that stands out, where the output can show it. */
  paint(style: Style, text: string): string {
    return this.#hasColor && text !== '' ? `${ESCAPE}[${STYLES[style]}m${text}${ESCAPE}[0m` : text
  }

  /** Columns with two blanks between them; the last one as wide as it is. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [head, ...rows]
    const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
    for (const [number, row] of all.entries()) {
      const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      const line = cells.join('  ').trimEnd()
      this.print(number === 0 ? this.paint('bold', line) : line)
    }
  }
}

function escaped(found: string): string {
  return String.raw`\x${found.charCodeAt(0).toString(16).padStart(2, '0')}${found.slice(1)}`
}
