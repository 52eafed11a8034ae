import { ts } from 'ts-morph'
import type { Program } from './program.ts'

/**
 * Something of bindings that a program names.
 *
 * - `export`: a class, enum, alias or client of a module
 * - `field`: a property of a message or struct, or an arm of a union; `owner` is its class
 * - `member`: a member of an enum; `owner` is the enum
 * - `method`: a method of a client; `owner` is the client's class
 */
export interface Target {
  readonly kind: 'export' | 'field' | 'member' | 'method'
  readonly module: string
  readonly owner: string
  readonly name: string
}

/** A place where a program names something of bindings. */
export interface Reference {
  readonly node: ts.Identifier | ts.StringLiteralLike
  readonly target: Target
}

/** Every place of a file that names something of bindings, followed through aliases, wrappers and patterns. */
export function referencesIn(file: ts.SourceFile, program: Program): Reference[] {
  const found: Reference[] = []
  const resolver = new TargetResolver(program)
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || isElementName(node))
      for (const target of resolver.targetsOf(node)) found.push({ node, target })
    if (ts.isSpreadAssignment(node)) found.push(...resolver.spreadIn(node))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The text of `x['field']`. */
function isElementName(node: ts.Node): node is ts.StringLiteralLike {
  return (
    ts.isStringLiteralLike(node) &&
    ts.isElementAccessExpression(node.parent) &&
    node.parent.argumentExpression === node
  )
}

class TargetResolver {
  readonly #program: Program
  readonly #known = new Map<ts.Declaration, Target | undefined>()

  constructor(program: Program) {
    this.#program = program
  }

  targetsOf(node: ts.Identifier | ts.StringLiteralLike): Target[] {
    return this.#targetsOfSymbols(this.#symbolsAt(node))
  }

  /** Properties that `{ ...base }` brings along, where `base` is written down. */
  spreadIn(node: ts.SpreadAssignment): Reference[] {
    const { checker } = this.#program
    const wanted = checker.getContextualType(node.parent)
    return checker
      .getTypeAtLocation(node.expression)
      .getProperties()
      .flatMap((property) => {
        const targets = this.#targetsOfSymbols(this.#propertiesOf(wanted, property.name))
        return (property.declarations ?? []).flatMap((declaration) => {
          const name = ts.getNameOfDeclaration(declaration)
          const isWritten =
            ts.isPropertyAssignment(declaration) || ts.isShorthandPropertyAssignment(declaration)
          if (!isWritten || name === undefined || !ts.isIdentifier(name)) return []
          return targets.map((target) => ({ node: name, target }))
        })
      })
  }

  #targetsOfSymbols(symbols: readonly ts.Symbol[]): Target[] {
    const found = new Map<string, Target>()
    for (const symbol of symbols) {
      for (const root of this.#program.checker.getRootSymbols(symbol)) {
        for (const declaration of root.declarations ?? []) {
          const target = this.#targetOf(declaration)
          if (target !== undefined)
            found.set(`${target.kind} ${target.module} ${target.owner} ${target.name}`, target)
        }
      }
    }
    return [...found.values()]
  }

  #symbolsAt(node: ts.Identifier | ts.StringLiteralLike): ts.Symbol[] {
    const { checker } = this.#program
    const { parent } = node
    const symbols: (ts.Symbol | undefined)[] = []
    if (
      ts.isObjectLiteralElementLike(parent) &&
      parent.name === node &&
      ts.isObjectLiteralExpression(parent.parent)
    )
      symbols.push(...this.#propertiesOf(checker.getContextualType(parent.parent), node.text))
    if (ts.isShorthandPropertyAssignment(parent))
      symbols.push(checker.getShorthandAssignmentValueSymbol(parent))
    else if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
      symbols.push(...this.#propertiesOf(checker.getTypeAtLocation(parent.parent), node.text))
    else if (ts.isElementAccessExpression(parent))
      symbols.push(...this.#propertiesOf(checker.getTypeAtLocation(parent.expression), node.text))
    else symbols.push(checker.getSymbolAtLocation(node))
    return symbols.filter((symbol) => symbol !== undefined).map((symbol) => this.#behindAlias(symbol))
  }

  /** Properties of that name in a type, in each part of a union. */
  #propertiesOf(type: ts.Type | undefined, name: string): ts.Symbol[] {
    if (type === undefined) return []
    if (type.isUnion()) return type.types.flatMap((part) => this.#propertiesOf(part, name))
    const property = type.getProperty(name)
    return property === undefined ? [] : [property]
  }

  #behindAlias(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#program.checker.getAliasedSymbol(symbol) : symbol
  }

  #targetOf(declaration: ts.Declaration): Target | undefined {
    if (!this.#known.has(declaration)) this.#known.set(declaration, this.#classify(declaration))
    return this.#known.get(declaration)
  }

  #classify(declaration: ts.Declaration): Target | undefined {
    const module = this.#program.moduleOf(declaration.getSourceFile().fileName)
    const name = ts.getNameOfDeclaration(declaration)
    if (module === undefined || name === undefined) return undefined
    const { text } = name as ts.Identifier
    const { parent } = declaration
    if (ts.isClassLike(parent)) {
      const owner = parent.name?.text ?? ''
      const kind = ts.isMethodDeclaration(declaration) && !isStatic(declaration) ? 'method' : 'field'
      return isStatic(declaration) ? undefined : { kind, module, owner, name: text }
    }
    if (ts.isPropertyAssignment(declaration)) return memberTarget(declaration, module, text)
    const isExport =
      ts.isClassDeclaration(declaration) ||
      ts.isTypeAliasDeclaration(declaration) ||
      ts.isVariableDeclaration(declaration)
    return isExport ? { kind: 'export', module, owner: text, name: text } : undefined
  }
}

function isStatic(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0
}

/** A member of `X = defineEnum('x', 'u8', { … })`. */
function memberTarget(declaration: ts.PropertyAssignment, module: string, name: string): Target | undefined {
  const call = declaration.parent.parent
  if (!ts.isCallExpression(call) || !ts.isVariableDeclaration(call.parent)) return undefined
  const owner = call.parent.name.getText()
  return owner === 'methods' ? undefined : { kind: 'member', module, owner, name }
}
