import { ts } from 'ts-morph'
import type { Program } from '../program/program.ts'

/** A name, private or not. */
export type Name = ts.Identifier | ts.PrivateIdentifier

/** Which names of a program mean the same variable, parameter or property. */
export class Symbols {
  readonly #program: Program
  #references: Map<ts.Symbol, Name[]> | undefined

  constructor(program: Program) {
    this.#program = program
  }

  /** All names in the program's own files that mean a symbol, its declaration included. */
  referencesTo(symbol: ts.Symbol): readonly Name[] {
    this.#references ??= this.#collect()
    return this.#references.get(symbol) ?? []
  }

  /**
   * What a name means. One in a pattern or a literal means a property too, as does a parameter that declares one.
   */
  symbolsOf(node: Name): ts.Symbol[] {
    const { checker } = this.#program
    const { parent } = node
    const symbols: (ts.Symbol | undefined)[] = [checker.getSymbolAtLocation(node)]
    if (ts.isShorthandPropertyAssignment(parent))
      symbols.push(checker.getShorthandAssignmentValueSymbol(parent))
    if (ts.isObjectLiteralElementLike(parent) && ts.isObjectLiteralExpression(parent.parent))
      symbols.push(checker.getContextualType(parent.parent)?.getProperty(node.text))
    if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
      symbols.push(checker.getTypeAtLocation(parent.parent).getProperty(node.text))
    if (ts.isParameter(parent) && ts.isParameterPropertyDeclaration(parent, parent.parent))
      symbols.push(...checker.getSymbolsOfParameterPropertyDeclaration(parent, node.text))
    return [...new Set(symbols.flatMap((symbol) => (symbol === undefined ? [] : this.#rootsOf(symbol))))]
  }

  #rootsOf(symbol: ts.Symbol): readonly ts.Symbol[] {
    const { checker } = this.#program
    return checker.getRootSymbols(
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    )
  }

  #collect(): Map<ts.Symbol, Name[]> {
    const found = new Map<ts.Symbol, Name[]>()
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node))
        for (const symbol of this.symbolsOf(node)) found.set(symbol, [...(found.get(symbol) ?? []), node])
      ts.forEachChild(node, visit)
    }
    for (const { compilerNode } of this.#program.files) visit(compilerNode)
    return found
  }
}

/** The import of bindings that a name comes from directly. */
export function importOf(name: ts.Identifier, { checker, names }: Program): ts.ImportDeclaration | undefined {
  const declaration = checker.getSymbolAtLocation(name)?.declarations?.[0]
  const found =
    declaration !== undefined && ts.isImportSpecifier(declaration)
      ? declaration.parent.parent.parent
      : undefined
  if (found === undefined || !ts.isImportDeclaration(found)) return undefined
  const { moduleSpecifier } = found
  return ts.isStringLiteral(moduleSpecifier) && names.partOf(moduleSpecifier.text) !== undefined
    ? found
    : undefined
}
