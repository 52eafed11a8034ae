import { ts } from 'ts-morph'
import type { Program } from '../program/program.ts'
import { bareOf, Holders, type Holder, type Source } from './holders.ts'
import { companionText, indentOf, isPure, meet, nameBeside } from './companion.ts'
import { importOf, type Name, type Symbols } from './symbols.ts'

/** A client of the new release. */
export interface Client {
  readonly module: string
  readonly client: string
}

/** A call of a method that is another client's now. */
export interface MovedCall extends Client {
  /** The name of the method, behind the dot. */
  readonly method: ts.Identifier
  readonly receiver: ts.Expression
}

/** Takes what the plan does to files. */
export interface HeldEdits {
  /** Replaces text, or inserts it where start and end are the same. */
  edit(file: ts.SourceFile, start: number, end: number, text: string): void
  /** What a client is called in a file that names another one, where it is imported if it is not yet. */
  nameOf(beside: ts.Identifier, wanted: Client): string
  /** A name of a class goes: its import may be needed no longer. */
  dropped(name: ts.Identifier): void
}

/** Stands for the client that a holder has now. */
const OLD = 'old'

/**
 * Gives clients that are held in variables, parameters and properties what their moved methods need: where only moved
 * methods are called, the holder gets the other client; where both are, a second holder stands beside the first, and what
 * passes the one on passes both.
 */
export class HeldClients {
  readonly #program: Program
  readonly #holders: Holders
  readonly #calls: readonly MovedCall[]
  readonly #clients = new Map<string, Client>()
  readonly #all = new Set<Holder>()
  /** Holders of which something is not known. */
  readonly #uncertain = new Set<Holder>()
  readonly #needs = new Map<Holder, Set<string>>()
  readonly #companions = new Map<Holder, Map<string, string>>()

  constructor(program: Program, symbols: Symbols, calls: readonly MovedCall[]) {
    this.#program = program
    this.#holders = new Holders(symbols)
    this.#calls = calls
    for (const { module, client } of calls) this.#clients.set(keyOf({ module, client }), { module, client })
  }

  /** Makes the edits. Gives back the calls that it could do. */
  apply(edits: HeldEdits): Set<MovedCall> {
    for (const { receiver } of this.#calls) this.#reach(this.#holders.behind(receiver))
    this.#settle()
    for (const holder of this.#all) this.#change(holder, edits)
    const done = new Set<MovedCall>()
    for (const call of this.#calls) {
      const holder = this.#holders.behind(call.receiver)
      if (holder === undefined || this.#uncertain.has(holder)) continue
      done.add(call)
      this.#replaceValue(call.receiver, keyOf(call), edits)
    }
    return done
  }

  /** Adds a holder and all that it gets its values from or passes them to. */
  #reach(holder: Holder | undefined): void {
    if (holder === undefined || this.#all.has(holder)) return
    this.#all.add(holder)
    this.#reach(holder.property)
    for (const { value } of holder.sources) this.#reach(this.#holders.behind(value))
    for (const name of holder.references) this.#reach(this.#targetOf(name))
  }

  /** Until nothing changes: what is uncertain, and what each holder needs. */
  #settle(): void {
    for (let before = -1; before !== this.#uncertain.size;) {
      before = this.#uncertain.size
      for (const holder of this.#all) if (!this.#isCertain(holder)) this.#uncertain.add(holder)
      if (before === this.#uncertain.size) this.#findNeeds()
      if (before === this.#uncertain.size)
        for (const holder of this.#all) if (!this.#canDouble(holder)) this.#uncertain.add(holder)
    }
  }

  #isCertain(holder: Holder): boolean {
    if (this.#uncertain.has(holder)) return false
    const { declaration, sources, property } = holder
    if (property !== undefined) return !this.#uncertain.has(property)
    const type = typeOf(declaration)
    const needsType =
      ts.isParameter(declaration) ||
      ts.isPropertySignature(declaration) ||
      (ts.isPropertyDeclaration(declaration) && declaration.initializer === undefined)
    if (type === undefined ? needsType : classNameIn(type, this.#program) === undefined) return false
    return sources.every(({ value }) => {
      const from = this.#holders.behind(value)
      return from === undefined ? this.#madeClass(value) !== undefined : !this.#uncertain.has(from)
    })
  }

  #findNeeds(): void {
    this.#needs.clear()
    for (const holder of this.#all) this.#needs.set(holder, new Set())
    for (let before = -1, size = 0; before !== size;) {
      before = size
      for (const holder of this.#all) for (const name of holder.references) this.#addNeeds(holder, name)
      size = [...this.#needs.values()].reduce((sum, { size: count }) => sum + count, 0)
    }
  }

  #addNeeds(holder: Holder, name: Name): void {
    const needs = this.#needsOf(holder)
    if (name === holder.declaration.name || isSourceName(name)) return
    const target = this.#targetOf(name)
    if (target !== undefined && !this.#uncertain.has(target)) {
      for (const need of this.#needsOf(target)) needs.add(need)
      return
    }
    const value = outermost(expressionOf(name))
    const call = this.#calls.find(({ receiver }) => receiver === value)
    needs.add(call === undefined ? OLD : keyOf(call))
  }

  #needsOf(holder: Holder): Set<string> {
    return this.#needs.get(holder) ?? new Set()
  }

  /** A client that is made twice must be made of the same: names, not calls. */
  #canDouble(holder: Holder): boolean {
    if (this.#uncertain.has(holder) || this.#needsOf(holder).size < 2) return true
    return holder.sources.every(({ value }) => {
      const made = this.#madeClass(value)?.parent
      return made === undefined || !ts.isNewExpression(made) || (made.arguments ?? []).every(isPure)
    })
  }

  /** The class name in `new IpClient(…)`. */
  #madeClass(value: ts.Expression): ts.Identifier | undefined {
    const made = bareOf(value)
    if (!ts.isNewExpression(made) || !ts.isIdentifier(made.expression)) return undefined
    return importOf(made.expression, this.#program) !== undefined ? made.expression : undefined
  }

  /** What a name passes its client to. */
  #targetOf(name: Name): Holder | undefined {
    const { parent } = name
    if (
      ts.isBindingElement(parent) &&
      (parent.propertyName ?? parent.name) === name &&
      ts.isIdentifier(parent.name)
    ) {
      return this.#holders.of(parent.name)
    }
    if (ts.isShorthandPropertyAssignment(parent)) return this.#propertyOf(parent)
    const value = outermost(expressionOf(name))
    const place = value.parent
    if ((ts.isCallExpression(place) || ts.isNewExpression(place)) && place.expression !== value)
      return this.#holders.ofArgument(place, value)
    if (ts.isPropertyAssignment(place) && place.initializer === value) return this.#propertyOf(place)
    const isInitializer =
      (ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place)) && place.initializer === value
    if (isInitializer && (ts.isIdentifier(place.name) || ts.isPrivateIdentifier(place.name)))
      return this.#holders.of(place.name)
    if (ts.isBinaryExpression(place) && place.right === value) return this.#holders.behind(place.left)
    return undefined
  }

  /** The property that a part of a literal sets. */
  #propertyOf(part: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): Holder | undefined {
    if (!ts.isIdentifier(part.name)) return undefined
    const found = this.#holders.propertyOf(part.name)
    return found?.sources.some(({ beside }) => beside === part) === true ? found : undefined
  }

  /** The clients beside the one that a holder has; only one in its place when the old one is needed no longer. */
  #change(holder: Holder, edits: HeldEdits): void {
    const needs = this.#needsOf(holder)
    const wanted = [...needs].filter((need) => need !== OLD)
    if (this.#uncertain.has(holder) || wanted.length === 0) return
    if (needs.size === 1) return this.#exchange(holder, wanted[0] ?? OLD, edits)
    for (const key of wanted) this.#double(holder, key, edits)
  }

  #exchange(holder: Holder, key: string, edits: HeldEdits): void {
    const { declaration, sources, property } = holder
    this.#exchangeClass(classNameOf(declaration, this.#program), key, edits)
    for (const { value, beside } of sources) {
      if (!ts.isShorthandPropertyAssignment(beside)) this.#replaceValue(value, key, edits)
      else {
        const text = this.#textOf(value, key, edits)
        if (text !== value.getText()) insert(edits, beside, `: ${text}`)
      }
    }
    if (property === undefined || !ts.isBindingElement(declaration)) return
    const now = this.#nameIn(property, key)
    const { propertyName } = declaration
    if (propertyName === undefined && now !== declaration.name.text)
      edits.edit(declaration.getSourceFile(), declaration.getStart(), declaration.getStart(), `${now}: `)
    else if (propertyName !== undefined) replace(edits, propertyName, now)
  }

  #double(holder: Holder, key: string, edits: HeldEdits): void {
    const { declaration, sources, property } = holder
    const name = this.#nameIn(holder, key)
    if (property !== undefined) {
      const from = this.#nameIn(property, key)
      insert(edits, declaration, from === name ? `, ${name}` : `, ${from}: ${name}`)
    }
    const className = classNameOf(declaration, this.#program)
    const type = className === undefined ? undefined : edits.nameOf(className, this.#clientOf(key))
    if (ts.isParameter(declaration))
      insert(edits, declaration, `, ${companionText(declaration, `${name}: ${type}`)}`)
    if (
      ts.isPropertySignature(declaration) ||
      (ts.isPropertyDeclaration(declaration) && declaration.initializer === undefined)
    )
      insert(
        edits,
        declaration,
        `\n${indentOf(declaration)}${companionText(declaration, `${name}: ${type}`)}`,
      )
    for (const source of sources) this.#doubleSource(source, name, key, edits)
  }

  #doubleSource({ value, beside }: Source, name: string, key: string, edits: HeldEdits): void {
    const text = this.#textOf(value, key, edits)
    if (ts.isVariableDeclaration(beside)) {
      const statement = beside.parent.parent
      insert(edits, statement, `\n${indentOf(statement)}${companionText(beside.parent, `${name} = ${text}`)}`)
    } else if (ts.isPropertyDeclaration(beside))
      insert(edits, beside, `\n${indentOf(beside)}${companionText(beside, `${name} = ${text}`)}`)
    else if (ts.isBinaryExpression(beside) && ts.isExpressionStatement(beside.parent)) {
      const target = ts.isPropertyAccessExpression(beside.left) ? `${beside.left.expression.getText()}.` : ''
      insert(
        edits,
        beside.parent,
        `\n${indentOf(beside)}${companionText(beside.parent, `${target}${name} = ${text}`)}`,
      )
    } else if (ts.isPropertyAssignment(beside) || ts.isShorthandPropertyAssignment(beside))
      insert(edits, beside, text === name ? `, ${name}` : `, ${name}: ${text}`)
    else insert(edits, beside, `, ${text}`)
  }

  /** Puts the other client where a value of the old one stands. */
  #replaceValue(value: ts.Expression, key: string, edits: HeldEdits): void {
    const made = this.#madeClass(value)
    if (made !== undefined) return this.#exchangeClass(made, key, edits)
    const bare = bareOf(value)
    const text = this.#textOf(bare, key, edits)
    if (text !== bare.getText()) replace(edits, bare, text)
  }

  #exchangeClass(name: ts.Identifier | undefined, key: string, edits: HeldEdits): void {
    if (name === undefined) return
    replace(edits, name, edits.nameOf(name, this.#clientOf(key)))
    edits.dropped(name)
  }

  /** An expression for the other client. */
  #textOf(value: ts.Expression, key: string, edits: HeldEdits): string {
    const bare = bareOf(value)
    const made = this.#madeClass(bare)
    if (made !== undefined)
      return `new ${edits.nameOf(made, this.#clientOf(key))}${bare.getText().slice(made.end - bare.getStart())}`
    const holder = this.#holders.behind(bare)
    if (holder === undefined) return bare.getText()
    const name = this.#nameIn(holder, key)
    return ts.isPropertyAccessExpression(bare) ? `${bare.expression.getText()}.${name}` : name
  }

  /** What the other client is called that stands in the place of a holder or beside it. */
  #nameIn(holder: Holder, key: string): string {
    const { declaration } = holder
    if (this.#needsOf(holder).size === 1) return declaration.name.text
    const names = this.#companions.get(holder) ?? new Map<string, string>()
    this.#companions.set(holder, names)
    const known = names.get(key)
    if (known !== undefined) return known
    const taken = [...this.#companions]
      .filter(([other]) => meet(other.declaration, declaration))
      .flatMap(([, all]) => [...all.values()])
    const name = nameBeside(declaration, this.#clientOf(key).client, taken)
    names.set(key, name)
    return name
  }

  #clientOf(key: string): Client {
    return this.#clients.get(key) as Client
  }
}

function keyOf({ module, client }: Client): string {
  return `${module} ${client}`
}

function insert(edits: HeldEdits, behind: ts.Node, text: string): void {
  edits.edit(behind.getSourceFile(), behind.end, behind.end, text)
}

function replace(edits: HeldEdits, node: ts.Node, text: string): void {
  edits.edit(node.getSourceFile(), node.getStart(), node.end, text)
}

/** `this.ip` for its name, `ip` for itself. */
function expressionOf(name: Name): ts.Node {
  const { parent } = name
  return ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : name
}

/** With parentheses and `!` around it. */
function outermost(node: ts.Node): ts.Expression {
  const { parent } = node
  const isAround = ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)
  return isAround ? outermost(parent) : (node as ts.Expression)
}

/** True where a name is given a value, which is a source and no use. */
function isSourceName(name: Name): boolean {
  const { parent } = name
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return parent.name === name
  const target = expressionOf(name)
  return ts.isBinaryExpression(target.parent) && target.parent.left === target
}

function typeOf(declaration: Holder['declaration']): ts.TypeNode | undefined {
  return 'type' in declaration ? declaration.type : undefined
}

/** The class in the type of a declaration. */
function classNameOf(declaration: Holder['declaration'], program: Program): ts.Identifier | undefined {
  const type = typeOf(declaration)
  return type === undefined ? undefined : classNameIn(type, program)
}

function classNameIn(type: ts.TypeNode, program: Program): ts.Identifier | undefined {
  const isName = ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)
  return isName && importOf(type.typeName as ts.Identifier, program) !== undefined
    ? (type.typeName as ts.Identifier)
    : undefined
}
