import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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
  if (!ts.isCallExpression(parent) || parent.expression === node) return node.text.includes('_')
  const wanted = checker.getContextualType(node)
  // `cli` and `ping` are words like any other: one of a few that a function takes is not a message.
  if (!node.text.includes('_') && wanted?.isUnionOrIntersection() === true) return false
  const declaration = checker.getResolvedSignature(parent)?.declaration
  if (declaration === undefined) return true
  const file = declaration.getSourceFile()
  return !program.isSourceFileFromExternalLibrary(file) || isOurs(dirname(file.fileName))
}

/** Whether a folder is of a package of this project: installed, or linked from a workspace. */
function isOurs(folder: string): boolean {
  const path = join(folder, 'package.json')
  if (existsSync(path)) return /"name":\s*"@vpp-ts\//.test(readFileSync(path, 'utf8'))
  return folder !== dirname(folder) && isOurs(dirname(folder))
}
