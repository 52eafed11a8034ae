import { ts } from 'ts-morph'
import type { Name } from './symbols.ts'

/** What a second holder is called: after its client, with a number where the name is taken in the file. */
export function nameBeside(
  { name }: { readonly name: Name },
  client: string,
  taken: readonly string[],
): string {
  const used = new Set([...taken, ...namesIn(name.getSourceFile())])
  const base = (ts.isPrivateIdentifier(name) ? '#' : '') + client.charAt(0).toLowerCase() + client.slice(1)
  for (let count = 2, found = base; ; found = `${base}${count++}`) if (!used.has(found)) return found
}

/** True when two names beside these declarations could mean each other: in one scope or in one inside the other. */
export function meet(one: ts.Declaration, other: ts.Declaration): boolean {
  const [first, second] = [scopeOf(one), scopeOf(other)]
  if (one.getSourceFile() !== other.getSourceFile()) return false
  if (isMember(one) || isMember(other)) return first === second
  return first.pos <= second.pos ? second.end <= first.end : first.end <= second.end
}

/** A declaration or statement like another one: same words before it, same end. */
export function companionText(like: ts.Node, text: string): string {
  const before = ts.isVariableDeclarationList(like)
    ? like.getText().slice(0, (like.declarations[0]?.getStart() ?? 0) - like.getStart())
    : ts.isExpressionStatement(like)
      ? ''
      : like.getText().slice(0, ((like as ts.PropertyDeclaration).name.getStart() ?? 0) - like.getStart())
  const whole = ts.isVariableDeclarationList(like) ? like.parent : like
  const mark = /[;,]$/.exec(whole.getText())?.[0] ?? ''
  return before + text + mark
}

/** White space before the line of a node. */
export function indentOf(node: ts.Node): string {
  const { text } = node.getSourceFile()
  const start = text.lastIndexOf('\n', node.getStart() - 1) + 1
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? ''
}

/** True for what can be written twice: names, `this`, properties of them and plain values. */
export function isPure(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return isPure(node.expression)
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword || ts.isLiteralExpression(node)
}

function isMember(node: ts.Node): boolean {
  return !ts.isVariableDeclaration(node) && !ts.isBindingElement(node) && !ts.isParameter(node)
}

/** The class, type or literal of a member; the function or file of anything else. */
function scopeOf(node: ts.Node): ts.Node {
  if (isMember(node)) return node.parent
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) return node.parent.parent
  let scope = node.parent
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent
  return scope
}

function namesIn(file: ts.SourceFile): Set<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) found.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
