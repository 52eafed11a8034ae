/** Words that the language reserves. `false` is missing on purpose: the lexer has a separate token for it. */
export const RESERVED_WORDS = [
  'service',
  'rpc',
  'returns',
  'null',
  'stream',
  'events',
  'define',
  'typedef',
  'enum',
  'enumflag',
  'typeonly',
  'manual_print',
  'manual_endian',
  'dont_trace',
  'autoreply',
  'autoendian',
  'option',
  'import',
  'true',
  'union',
  'counters',
  'paths',
  'units',
  'severity',
  'type',
  'description',
  'u8',
  'u16',
  'u32',
  'u64',
  'i8',
  'i16',
  'i32',
  'i64',
  'f64',
  'bool',
  'string',
] as const

/** A word that the language reserves. */
export type ReservedWord = (typeof RESERVED_WORDS)[number]

/** A character that stands for itself. */
export type Punctuation = ':' | '{' | '}' | '[' | ']' | ';' | '=' | '.' | ','

/**
 * What a token is. Reserved words and punctuation are their own kind, so that the parser compares one value.
 * A string in quotes is a `text`,
 * because `string` is a word of the language; `end` is the virtual token behind the last one.
 */
export type TokenKind = ReservedWord | Punctuation | 'false' | 'name' | 'number' | 'text' | 'end'

/** A token with its place. */
export interface Token {
  readonly kind: TokenKind
  /** As written; for a string the value between the quotes. */
  readonly text: string
  /** Offset of the first character in the text. */
  readonly at: number
}

/** How a token is called in a message; long ones are cut. */
export function describeToken({ kind, text }: Token): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  switch (kind) {
    case 'end':
      return 'the end of the file'
    case 'name':
      return `the name "${shown}"`
    case 'number':
      return `the number ${shown}`
    case 'text':
      return `the string "${shown}"`
    default:
      return `"${shown}"`
  }
}
