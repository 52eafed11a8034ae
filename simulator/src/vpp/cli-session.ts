import type { Socket } from 'node:net'
import { GREETING, TelnetReader } from './telnet.ts'

const PROMPT = 'vpp# '
/** Terminal types that VPP takes for programs: no prompt, no echo, a NUL behind every answer. */
const PROGRAMS: ReadonlySet<string> = new Set(['vppctl'])
const MILLISECONDS_UNTIL_PROMPT = 1000

/** One connection to VPP's command line. */
export class CliSession {
  readonly #socket: Socket
  readonly #run: (line: string) => string
  readonly #reader = new TelnetReader()
  #line = ''
  #interactive = true
  #started = false
  #timer: NodeJS.Timeout | undefined

  private constructor(socket: Socket, run: (line: string) => string) {
    this.#socket = socket
    this.#run = run
  }

  /** Serves a client until it has gone. @param run carries a line out, and gives back what is printed */
  static serve(socket: Socket, run: (line: string) => string): void {
    new CliSession(socket, run).#greet()
  }

  #greet(): void {
    const socket = this.#socket
    // Whatever the reason, the socket is closed next.
    socket.on('error', () => undefined)
    socket.on('close', () => clearTimeout(this.#timer))
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.write(GREETING)
    // A client that does not tell its terminal gets a prompt in the end.
    this.#timer = setTimeout(() => this.#start(), MILLISECONDS_UNTIL_PROMPT)
  }

  #read(chunk: Buffer): void {
    for (const input of this.#reader.push(chunk)) {
      if (input.kind === 'terminal') {
        this.#interactive = !PROGRAMS.has(input.name)
        this.#start()
      } else this.#type(input.text)
    }
  }

  #start(): void {
    if (this.#started) return
    this.#started = true
    clearTimeout(this.#timer)
    if (this.#interactive) this.#socket.write(`\r${PROMPT}`)
  }

  #type(text: string): void {
    for (const character of text) {
      if (character === '\n' || character === '\r') this.#enter()
      else if (character === '\x7f' || character === '\b') this.#erase()
      else if (character >= ' ') {
        this.#line += character
        if (this.#interactive) this.#socket.write(character)
      }
    }
  }

  #erase(): void {
    if (this.#line === '') return
    this.#line = this.#line.slice(0, -1)
    if (this.#interactive) this.#socket.write('\b \b')
  }

  #enter(): void {
    const line = this.#line.trim()
    this.#line = ''
    if (this.#interactive) this.#socket.write('\r\n')
    if (line === 'quit' || line === 'exit') {
      this.#socket.end()
      return
    }
    const printed = line === '' ? '' : this.#run(line)
    this.#socket.write(printed.replaceAll('\n', '\r\n'))
    this.#socket.write(this.#interactive ? PROMPT : '\0')
  }
}
