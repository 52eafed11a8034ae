import type { FileReport } from './diagnostics.ts'
import { RESERVED_WORDS, type Punctuation, type Token, type TokenKind } from './token.ts'

/** The tokens of a file. Comments are gone; whether there was one decides if a file without tokens is empty. */
export interface TokenList {
  /** Ends with a token of the kind `end`. */
  readonly tokens: readonly Token[]
  readonly hasComment: boolean
}

const NAME = /[A-Za-z_][A-Za-z_0-9]*/y
const NUMBER = /0[xX][0-9a-fA-F]+|-?[0-9]+(?:\.[0-9]*)?/y
const PUNCTUATION: ReadonlySet<string> = new Set<Punctuation>([':', '{', '}', '[', ']', ';', '=', '.', ','])
const RESERVED: ReadonlyMap<string, TokenKind> = new Map(RESERVED_WORDS.map((word) => [word, word]))

/** Longest number in characters: 64 bits need 20, and converting thousands of digits costs more than linear time. */
const MAX_NUMBER_LENGTH = 40

/** Unifies line ends as VPP's tool does when it reads a file: CR LF and a lone CR become LF. */
export function normalizeNewlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/**
 * Cuts a text with normalized line ends into tokens. What is not a token is reported and left out, so that the
 * parser can go on and find more.
 *
 * VPP's tool tries its rules in a fixed order, takes the first that matches, and asks for no word boundary:
 * `falsey` is `false` and `y`, `4foo` is `4` and `foo`. So does this lexer.
 */
export function tokenize(text: string, report: FileReport): TokenList {
  const tokens: Token[] = []
  let hasComment = false
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === ' ' || char === '\t' || char === '\n') {
      at += 1
    } else if (text.startsWith('//', at) || text.startsWith('/*', at)) {
      hasComment = true
      at = skipComment(text, at, report)
    } else {
      const token = readToken(text, at)
      if (token === undefined) {
        at = skipIllegal(text, at, report)
        continue
      }
      if (token.length > MAX_NUMBER_LENGTH && token.kind === 'number') {
        report.error(
          'IDL_LEXICAL',
          at,
          `number has ${token.length} characters: write at most ${MAX_NUMBER_LENGTH}`,
        )
      } else {
        tokens.push({ kind: token.kind, text: token.text, at })
      }
      at += token.length
    }
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return { tokens, hasComment }
}

interface ReadToken {
  readonly kind: TokenKind
  readonly text: string
  /** Characters consumed. */
  readonly length: number
}

function readToken(text: string, at: number): ReadToken | undefined {
  const char = text.charAt(at)
  if (PUNCTUATION.has(char)) return { kind: char as Punctuation, text: char, length: 1 }
  if (char === '"') return readString(text, at)
  if (text.startsWith('false', at)) return { kind: 'false', text: 'false', length: 5 }
  const name = matchAt(NAME, text, at)
  if (name !== undefined) return { kind: RESERVED.get(name) ?? 'name', text: name, length: name.length }
  const number = matchAt(NUMBER, text, at)
  return number === undefined ? undefined : { kind: 'number', text: number, length: number.length }
}

/** The expressions carry no state between calls: `lastIndex` is set before each use. */
function matchAt(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at
  return expression.exec(text)?.[0]
}

function readString(text: string, at: number): ReadToken | undefined {
  let end = at + 1
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') {
    end += text[end] === '\\' && text[end + 1] !== '\n' ? 2 : 1
  }
  if (text[end] !== '"') return undefined
  // Every quote goes, also an escaped one, and every backslash stays: that is what VPP's tool makes of it.
  const value = text.slice(at, end).replaceAll('"', '')
  return { kind: 'text', text: value, length: end + 1 - at }
}

function skipComment(text: string, at: number, report: FileReport): number {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at)
    return end === -1 ? text.length : end
  }
  const end = text.indexOf('*/', at + 2)
  if (end !== -1) return end + 2
  report.error('IDL_LEXICAL', at, 'comment is not closed: expected "*/" before the end of the file')
  return text.length
}

/** Reports what starts at `at` and returns the offset at which reading goes on. */
function skipIllegal(text: string, at: number, report: FileReport): number {
  if (text[at] === '"') {
    report.error(
      'IDL_LEXICAL',
      at,
      'string is not closed: expected a double quote before the end of the line',
    )
    const end = text.indexOf('\n', at)
    return end === -1 ? text.length : end
  }
  const code = text.codePointAt(at) ?? 0
  report.error(
    'IDL_LEXICAL',
    at,
    `${describeCharacter(code)} is allowed in comments and strings only: remove it`,
  )
  return at + (code > 0xffff ? 2 : 1)
}

function describeCharacter(code: number): string {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (code === 0xfeff) return `byte order mark ${hex}`
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return `control character ${hex}`
  return `character ${JSON.stringify(String.fromCodePoint(code))} (${hex})`
}
