import { describeToken, type Token, type TokenKind } from './token.ts'

/** Ends the parsing of one statement; the parser turns it into a diagnostic and goes on behind the statement. */
export class SyntaxFailure extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.name = 'SyntaxFailure'
    this.at = at
  }
}

/** A cursor over the tokens of a file, with one token of look-ahead behind the current one. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  readonly #end: Token
  #position = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
    this.#end = tokens.at(-1) ?? { kind: 'end', text: '', at: 0 }
  }

  /** Index of the current token. */
  get position(): number {
    return this.#position
  }

  /** The current token. */
  get current(): Token {
    return this.#tokens[this.#position] ?? this.#end
  }

  /** The token behind the current one. */
  get following(): Token {
    return this.#tokens[this.#position + 1] ?? this.#end
  }

  /** Tokens from an index up to the current one, without it. */
  since(position: number): readonly Token[] {
    return this.#tokens.slice(position, this.#position)
  }

  /** Takes the current token, whatever it is. Stays at the end. */
  take(): Token {
    const token = this.current
    if (token.kind !== 'end') this.#position += 1
    return token
  }

  /** Takes the current token if it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.current.kind !== kind) return false
    this.take()
    return true
  }

  /** Takes the current token, which must be of this kind; `what` says what it is for. */
  expect(kind: TokenKind, what: string): Token {
    if (this.current.kind !== kind) this.fail(what)
    return this.take()
  }

  /** Takes the current token if its kind is one of a list of words. */
  acceptOneOf<Word extends TokenKind>(words: readonly Word[]): Word | undefined {
    const found = words.find((word) => word === this.current.kind)
    if (found !== undefined) this.take()
    return found
  }

  /** Ends the statement: something else was expected here. */
  fail(expected: string): never {
    throw new SyntaxFailure(this.current.at, `expected ${expected}, found ${describeToken(this.current)}`)
  }
}
