import { RetvalError } from '../errors.ts'
import type { Interface } from '../model/interfaces.ts'
import { CliError, shortened, unknownInput } from './commands.ts'
import type { CliContext } from './commands.ts'

/** Reads the words behind a command, one after the other. */
export class Words {
  readonly #words: readonly string[]
  #at = 0

  constructor(words: readonly string[]) {
    this.#words = words
  }

  get done(): boolean {
    return this.#at >= this.#words.length
  }

  /** Takes `word` if it is the next one. */
  take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false
    this.#at++
    return true
  }

  /** The next word. @throws CliError when there is none */
  next(): string {
    const word = this.#words[this.#at]
    if (word === undefined) throw new CliError('expected more input')
    this.#at++
    return word
  }

  /** The next word as a number. @throws CliError when it is none */
  number(): number {
    const value = Number(this.#words[this.#at])
    if (this.done || !Number.isSafeInteger(value)) throw this.unknown()
    this.#at++
    return value
  }

  /** The next word as an interface. @param what what VPP calls it @throws CliError when there is none of that name */
  interface({ model: { interfaces } }: CliContext, what = 'interface'): Interface {
    const found = interfaces.byName(this.#words[this.#at] ?? '')
    if (found === undefined) throw new CliError(`unknown ${what} \`${this.rest}'`)
    this.#at++
    return found
  }

  /** The next word as a number, if it is one. */
  maybeNumber(): number | undefined {
    const value = Number(this.#words[this.#at])
    if (this.done || !Number.isSafeInteger(value)) return undefined
    this.#at++
    return value
  }

  /** The next word as an interface, if there is one of that name. */
  maybeInterface({ model: { interfaces } }: CliContext): Interface | undefined {
    const found = interfaces.byName(this.#words[this.#at] ?? '')
    if (found !== undefined) this.#at++
    return found
  }

  /** All words that are left, as VPP repeats them in an error. */
  get rest(): string {
    return shortened(this.#words.slice(this.#at))
  }

  /** What VPP says to a word that it does not understand. */
  unknown(): CliError {
    return unknownInput(this.#words.slice(this.#at))
  }
}

/** Turns a refusal of the model into what a command prints. @param text what it says; the number when left out */
export function orSay<T>(act: () => T, text?: string | ((retval: number) => string)): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof RetvalError)) throw error
    if (typeof text === 'function') throw new CliError(text(error.retval))
    throw new CliError(text ?? `returned ${error.retval}`)
  }
}
