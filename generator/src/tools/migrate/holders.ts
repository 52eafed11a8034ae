import { ts } from 'ts-morph'
import type { Name, Symbols } from './symbols.ts'

/** Where a client is kept under a name. */
export type HolderDeclaration =
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.BindingElement
  | ts.PropertyDeclaration
  | ts.PropertySignature
  | ts.PropertyAssignment
  | ts.ShorthandPropertyAssignment

/** A value that gets into a holder, and the node beside which a second one would be put. */
export interface Source {
  readonly value: ts.Expression
  readonly beside:
    ts.VariableDeclaration | ts.PropertyDeclaration | ts.Expression | ts.ObjectLiteralElementLike
}

/** A variable, parameter or property that keeps a client. */
export interface Holder {
  readonly declaration: HolderDeclaration & { readonly name: Name }
  /** All names that mean it, that of the declaration included. */
  readonly references: readonly Name[]
  /** Every value that it can have; for a pattern none, since the property has them. */
  readonly sources: readonly Source[]
  /** The property that a name of a pattern takes its value from. */
  readonly property: Holder | undefined
}

/** Finds what holds clients, and what gets into it. Only what is certain counts: all values must be known. */
export class Holders {
  readonly #symbols: Symbols
  readonly #known = new Map<ts.Node, Holder | undefined>()

  constructor(symbols: Symbols) {
    this.#symbols = symbols
  }

  /** What an expression reads a client from: `ip`, `this.ip`, `clients.ip`. */
  behind(expression: ts.Expression): Holder | undefined {
    const bare = bareOf(expression)
    if (ts.isIdentifier(bare)) return this.of(bare)
    return ts.isPropertyAccessExpression(bare) ? this.of(bare.name) : undefined
  }

  /** The variable, parameter or property that a name declares or reads; of a short part of a literal, the value. */
  of(name: Name): Holder | undefined {
    const isElement = ts.isBindingElement(name.parent) || ts.isShorthandPropertyAssignment(name.parent)
    const found = this.#declarationsOf(name)
    return this.#at(isElement ? found.find((item) => !isProperty(item)) : found[0])
  }

  /** The property that a name in a pattern reads, or one in a literal sets. */
  propertyOf(name: Name): Holder | undefined {
    return this.#at(this.#declarationsOf(name).findLast(isProperty))
  }

  /** The parameter that an argument gets into. */
  ofArgument(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): Holder | undefined {
    const index = call.arguments?.indexOf(argument) ?? -1
    const callee = bareOf(call.expression)
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
    if (index === -1 || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return undefined
    const parameter = this.#symbols
      .symbolsOf(name)
      .map(functionOf)
      .find((found) => found !== undefined)?.parameters[index]
    return parameter !== undefined && ts.isIdentifier(parameter.name) ? this.of(parameter.name) : undefined
  }

  #declarationsOf(name: Name): Holder['declaration'][] {
    return this.#symbols.symbolsOf(name).flatMap(({ declarations = [] }) => {
      const [declaration, second] = declarations
      return declaration !== undefined && second === undefined && isHolder(declaration) ? [declaration] : []
    })
  }

  #at(declaration: Holder['declaration'] | undefined): Holder | undefined {
    if (declaration === undefined) return undefined
    if (!this.#known.has(declaration)) {
      // A value may come from itself.
      this.#known.set(declaration, undefined)
      this.#known.set(declaration, this.#read(declaration))
    }
    return this.#known.get(declaration)
  }

  #read(declaration: Holder['declaration']): Holder | undefined {
    const symbols = this.#symbols
      .symbolsOf(declaration.name)
      .filter(({ declarations }) => declarations?.[0] === declaration)
    const references = [...new Set(symbols.flatMap((symbol) => this.#symbols.referencesTo(symbol)))]
    if (!references.includes(declaration.name)) return undefined
    const property = ts.isBindingElement(declaration) ? this.#readBy(declaration) : undefined
    const sources = this.#sourcesOf(declaration, references)
    if (sources === undefined || (sources.length === 0 && property === undefined)) return undefined
    return { declaration, references, sources, property }
  }

  #readBy({ propertyName, name, initializer, dotDotDotToken }: ts.BindingElement): Holder | undefined {
    const read = propertyName ?? name
    const isPlain = ts.isIdentifier(read) && initializer === undefined && dotDotDotToken === undefined
    return isPlain ? this.propertyOf(read) : undefined
  }

  #sourcesOf(declaration: Holder['declaration'], references: readonly Name[]): Source[] | undefined {
    if (ts.isBindingElement(declaration)) return references.some(isAssigned) ? undefined : []
    if (ts.isVariableDeclaration(declaration)) {
      const { initializer } = declaration
      const isStatement = ts.isVariableStatement(declaration.parent.parent)
      if (initializer === undefined || !isStatement || references.some(isAssigned)) return undefined
      const file = declaration.getSourceFile()
      if (references.some((name) => name.getSourceFile() !== file)) return undefined
      return [{ value: initializer, beside: declaration }]
    }
    if (ts.isParameter(declaration)) return this.#argumentsOf(declaration, references)
    return propertySources(references)
  }

  /** Arguments of all calls, if a function is only called. */
  #argumentsOf(parameter: ts.ParameterDeclaration, references: readonly Name[]): Source[] | undefined {
    const { parent: called } = parameter
    const isPlain = [parameter.dotDotDotToken, parameter.questionToken, parameter.initializer].every(
      (part) => part === undefined,
    )
    const name = nameOfFunction(called)
    if (!isPlain || name === undefined || references.some(isAssigned)) return undefined
    const index = called.parameters.indexOf(parameter)
    const sources: Source[] = []
    for (const symbol of this.#symbols.symbolsOf(name)) {
      if (functionOf(symbol) !== called) continue
      for (const use of this.#symbols.referencesTo(symbol)) {
        if (use === name || isImportOrExport(use) || isTypeName(use)) continue
        const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
        const call = callee.parent
        if (!(ts.isCallExpression(call) || ts.isNewExpression(call)) || call.expression !== callee)
          return undefined
        const values = call.arguments ?? []
        const value = values[index]
        if (value === undefined || values.slice(0, index + 1).some((item) => ts.isSpreadElement(item)))
          return undefined
        sources.push({ value, beside: value })
      }
    }
    return sources
  }
}

/** Without parentheses and `!`. */
export function bareOf(expression: ts.Expression): ts.Expression {
  const inner = ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression)
  return inner ? bareOf(expression.expression) : expression
}

function isHolder(node: ts.Node): node is Holder['declaration'] {
  const known =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node)
  return known && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))
}

/** True for what is read behind a dot. */
function isProperty(declaration: Holder['declaration']): boolean {
  return (
    !ts.isVariableDeclaration(declaration) &&
    !ts.isBindingElement(declaration) &&
    !isPlainParameter(declaration)
  )
}

function isPlainParameter(declaration: Holder['declaration']): boolean {
  return ts.isParameter(declaration) && !ts.isParameterPropertyDeclaration(declaration, declaration.parent)
}

/** Values that a property gets: where it is declared, in literals and by assignment. */
function propertySources(references: readonly Name[]): Source[] | undefined {
  const sources: Source[] = []
  for (const name of references) {
    const { parent } = name
    if (ts.isPropertyAssignment(parent) && parent.name === name)
      sources.push({ value: parent.initializer, beside: parent })
    else if (ts.isShorthandPropertyAssignment(parent)) sources.push({ value: parent.name, beside: parent })
    else if (ts.isPropertyDeclaration(parent)) {
      if (parent.questionToken !== undefined) return undefined
      if (parent.initializer !== undefined) sources.push({ value: parent.initializer, beside: parent })
    } else if (ts.isPropertySignature(parent) && parent.questionToken !== undefined) return undefined
    else if (isAssigned(name)) {
      const assignment = name.parent.parent
      const isStatement = ts.isBinaryExpression(assignment) && ts.isExpressionStatement(assignment.parent)
      if (!isStatement || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
      sources.push({ value: assignment.right, beside: assignment })
    }
  }
  return sources
}

/** True for the left side of an assignment. */
function isAssigned(name: Name): boolean {
  const target = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
  const { parent } = target
  if (!ts.isBinaryExpression(parent) || parent.left !== target) return false
  const { kind } = parent.operatorToken
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

/** The function that a symbol names, if there is one body and nothing can stand for it. */
function functionOf(symbol: ts.Symbol): ts.SignatureDeclaration | undefined {
  const [declaration, second] = symbol.declarations ?? []
  if (declaration === undefined || second !== undefined) return undefined
  if (ts.isFunctionDeclaration(declaration)) return declaration
  if (ts.isMethodDeclaration(declaration))
    return ts.isClassLike(declaration.parent) && !hasHeritage(declaration.parent) ? declaration : undefined
  if (ts.isClassDeclaration(declaration) && !hasHeritage(declaration))
    return declaration.members.find(
      (member) => ts.isConstructorDeclaration(member) && member.body !== undefined,
    ) as ts.ConstructorDeclaration | undefined
  if (!ts.isVariableDeclaration(declaration) || declaration.type !== undefined) return undefined
  const { initializer } = declaration
  const isFunction =
    initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
  return isFunction ? initializer : undefined
}

function hasHeritage(node: ts.ClassLikeDeclaration): boolean {
  return node.heritageClauses !== undefined
}

/** The name by which a function is called. */
function nameOfFunction(node: ts.SignatureDeclaration): Name | undefined {
  const parent: ts.Node = node.parent
  const named = ts.isConstructorDeclaration(node) || ts.isVariableDeclaration(parent) ? parent : node
  const name = ts.getNameOfDeclaration(named as ts.Declaration)
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name : undefined
}

function isImportOrExport({ parent }: Name): boolean {
  return ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent)
}

function isTypeName({ parent }: Name): boolean {
  return ts.isTypeReferenceNode(parent)
}
