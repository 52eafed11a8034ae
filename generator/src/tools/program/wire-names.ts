import { ts } from 'ts-morph'
import type { Program } from './program.ts'

/** A message that a program names by its wire name, for a call without bindings. */
export interface NamedMessage {
  readonly node: ts.StringLiteralLike
  readonly message: string
}

/**
 * Texts of a file that are the wire name of a message. Those that are handed to a function of a foreign package, such as
 * the title of a test, are none: it does not talk to VPP.
 */
export function wireNamesIn(
  file: ts.SourceFile,
  program: Program,
  messages: ReadonlySet<string>,
): NamedMessage[] {
  const found: NamedMessage[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && messages.has(node.text) && isName(node, program))
      found.push({ node, message: node.text })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isName(node: ts.StringLiteralLike, { program, checker }: Program): boolean {
  const { parent } = node
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return false
  if (!ts.isCallExpression(parent) || parent.expression === node) return true
  const declaration = checker.getResolvedSignature(parent)?.declaration
  if (declaration === undefined) return true
  const file = declaration.getSourceFile()
  return !program.isSourceFileFromExternalLibrary(file) || file.fileName.includes('/@vpp-ts/')
}
