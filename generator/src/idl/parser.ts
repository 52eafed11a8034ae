import type { Statement } from './ast.ts'
import type { FileReport } from './diagnostics.ts'
import { tokenize } from './lexer.ts'
import { parseOptionBody } from './parse-field.ts'
import { parseCounters, parsePaths, parseService } from './parse-service.ts'
import { parseDefine, parseEnum, parseFlags, parseStruct, parseTypedef } from './parse-type.ts'
import { SyntaxFailure, TokenStream } from './token-stream.ts'
import type { TokenKind } from './token.ts'
import { FLAGS, STATEMENT_WORDS } from './words.ts'

/** What parsing one file yields. */
export interface ParsedFile {
  readonly statements: readonly Statement[]
  /** Names that occur in statements that could not be read: a reference to one of them is not a separate error. */
  readonly lostNames: ReadonlySet<string>
}

/**
 * Parses the text of one file (line ends normalized). Never throws for what the text contains: every error goes
 * to the report, the statement it is in is left out, and parsing goes on behind it.
 */
export function parseFile(text: string, report: FileReport): ParsedFile {
  const { tokens, hasComment } = tokenize(text, report)
  const stream = new TokenStream(tokens)
  const statements: Statement[] = []
  const lostNames = new Set<string>()
  if (stream.current.kind === 'end' && !hasComment && !report.failed) {
    report.error('IDL_SYNTAX', 0, 'file is empty: expected at least one statement or comment')
  }
  while (stream.current.kind !== 'end') {
    const start = stream.position
    try {
      statements.push(parseStatement(stream))
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error
      report.error('IDL_SYNTAX', error.at, error.message)
      skipStatement(stream, start, text)
      for (const token of stream.since(start)) if (token.kind === 'name') lostNames.add(token.text)
    }
  }
  return { statements, lostNames }
}

function parseStatement(stream: TokenStream): Statement {
  const flags = parseFlags(stream)
  const { kind, at } = stream.current
  if (flags.length > 0 && kind !== 'define' && kind !== 'typedef' && kind !== 'union') {
    return stream.fail(`"define", "typedef" or "union" behind "${flags.join(' ')}"`)
  }
  if (!isStatementWord(kind)) return stream.fail(`a statement (${STATEMENT_WORDS.join(', ')})`)
  stream.take()
  switch (kind) {
    case 'option':
      return { kind, ...parseOptionBody(stream) }
    case 'import': {
      const path = stream.expect('text', 'the path of the imported file as a string').text
      stream.expect(';', '";" behind the path')
      return { kind, path, at }
    }
    case 'define':
      return parseDefine(stream, flags)
    case 'typedef':
      return parseTypedef(stream, flags)
    case 'union':
      return parseStruct(stream, kind, flags)
    case 'enum':
    case 'enumflag':
      return parseEnum(stream, kind)
    case 'service':
      return parseService(stream, at)
    case 'counters':
      return parseCounters(stream)
    case 'paths':
      return parsePaths(stream, at)
  }
}

function isStatementWord(kind: TokenKind): kind is (typeof STATEMENT_WORDS)[number] {
  return STATEMENT_WORDS.some((word) => word === kind)
}

const STARTS: ReadonlySet<string> = new Set<string>([...STATEMENT_WORDS, ...FLAGS])

/**
 * Moves behind the statement that failed: its semicolon outside of braces, or the next word at the start of a
 * line that can only be a new statement (the closing brace is missing).
 */
function skipStatement(stream: TokenStream, start: number, text: string): void {
  let depth = 0
  for (const token of stream.since(start)) depth += braceStep(token.kind)
  while (stream.current.kind !== 'end') {
    const { kind, at } = stream.current
    const startsLine = at === 0 || text[at - 1] === '\n'
    if (startsLine && stream.position > start && STARTS.has(kind)) return
    depth += braceStep(kind)
    stream.take()
    if (kind === ';' && depth <= 0) return
  }
}

function braceStep(kind: TokenKind): number {
  if (kind === '{') return 1
  return kind === '}' ? -1 : 0
}
