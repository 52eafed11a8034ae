/** Bytes of the telnet protocol that VPP's command line speaks. */
export const TELNET = { SE: 240, SB: 250, WILL: 251, WONT: 252, DO: 253, DONT: 254, IAC: 255 } as const
/** Telnet options. */
export const OPTION = {
  ECHO: 1,
  SUPPRESS_GO_AHEAD: 3,
  TERMINAL_TYPE: 24,
  WINDOW_SIZE: 31,
  LINE_MODE: 34,
} as const

const { IAC, SB, SE, WILL, WONT, DO, DONT } = TELNET

/** What VPP says to whoever connects: that it echoes, and that it wants to know terminal type and window size. */
export const GREETING = Buffer.concat(
  [
    [IAC, WONT, OPTION.LINE_MODE],
    [IAC, DONT, OPTION.LINE_MODE],
    [IAC, WILL, OPTION.SUPPRESS_GO_AHEAD],
    [IAC, DO, OPTION.SUPPRESS_GO_AHEAD],
    [IAC, WILL, OPTION.ECHO],
    [IAC, DONT, OPTION.ECHO],
    [IAC, DO, OPTION.TERMINAL_TYPE],
    [IAC, SB, OPTION.TERMINAL_TYPE, 1, IAC, SE],
    [IAC, DO, OPTION.WINDOW_SIZE],
    [IAC, SB, OPTION.WINDOW_SIZE, 1, IAC, SE],
  ].map((command) => Buffer.from(command)),
)

/** What a chunk of input is made of. */
export type TelnetInput =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'terminal'; readonly name: string }

/** Tells text from telnet's commands, however the bytes are cut. */
export class TelnetReader {
  #unread = Buffer.alloc(0)

  /** Adds a chunk; gives back what is complete. */
  push(chunk: Buffer): TelnetInput[] {
    const complete: TelnetInput[] = []
    this.#unread = Buffer.concat([this.#unread, chunk])
    for (;;) {
      const length = this.#next()
      if (length === 0) return complete
      const part = this.#unread.subarray(0, length)
      this.#unread = this.#unread.subarray(length)
      if (part[0] !== IAC) complete.push({ kind: 'text', text: part.toString('utf8') })
      else if (part[1] === SB && part[2] === OPTION.TERMINAL_TYPE && part[3] === 0) {
        complete.push({ kind: 'terminal', name: part.toString('latin1', 4, length - 2) })
      }
    }
  }

  /** Length of the text or command at the front; 0 when there is none that is complete. */
  #next(): number {
    const bytes = this.#unread
    if (bytes.length === 0) return 0
    if (bytes[0] !== IAC) {
      const command = bytes.indexOf(IAC)
      return command < 0 ? bytes.length : command
    }
    if (bytes.length < 2) return 0
    const kind = bytes[1] as number
    if (kind === SB) {
      const end = bytes.indexOf(Buffer.from([IAC, SE]), 2)
      return end < 0 ? 0 : end + 2
    }
    const length = kind >= WILL && kind <= DONT ? 3 : 2
    return bytes.length < length ? 0 : length
  }
}
