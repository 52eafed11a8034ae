import { ts } from 'ts-morph'
import type { BindingNames, BindingPart } from '../program/binding-files.ts'
import type { Program } from '../program/program.ts'
import { referencesIn, type Reference } from '../program/references.ts'
import { wireNamesIn } from '../program/wire-names.ts'
import { HeldClients, type Client, type HeldEdits, type MovedCall } from './held-clients.ts'
import type { Rules, Verdict } from './rules.ts'
import { importOf, Symbols } from './symbols.ts'

/** Text of a file that becomes another. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Something that a person must decide, and the statement that it is about. */
export interface Remark {
  readonly at: number
  readonly text: string
}

/** What is to be done with a file. */
export interface FileEdits {
  readonly edits: readonly Edit[]
  readonly remarks: readonly Remark[]
  /** Why, for the log. */
  readonly reasons: readonly string[]
}

/** Collects what is to be done with the files of a program. */
export class EditCollector {
  readonly #program: Program
  readonly #rules: Rules
  readonly #messages: ReadonlySet<string>
  readonly #files = new Map<ts.SourceFile, FileNotes>()
  /** Calls of methods that have moved, with what is to be done about each. */
  readonly #moved = new Map<MovedCall, Extract<Verdict, { kind: 'other-client' }>>()

  readonly #asked: { readonly node: Reference['node']; readonly why: string }[] = []

  constructor(program: Program, rules: Rules, messages: ReadonlySet<string>) {
    this.#program = program
    this.#rules = rules
    this.#messages = messages
  }

  /** All files, by their path. */
  collect(): Map<string, FileEdits> {
    for (const { compilerNode: file } of this.#program.files) this.#visit(file)
    this.#changeHeldClients()
    for (const { node, why } of this.#asked) this.#notesOf(node).ask(node, why)
    return new Map([...this.#files].map(([file, notes]) => [file.fileName, notes.finish()]))
  }

  #visit(file: ts.SourceFile): void {
    for (const reference of referencesIn(file, this.#program)) this.#applyReference(reference)
    for (const { node, message } of wireNamesIn(file, this.#program, this.#messages)) {
      this.#applyText(node, message)
    }
    this.#visitSpecifiers(file)
  }

  #notesOf(node: ts.Node): FileNotes {
    const file = node.getSourceFile()
    let notes = this.#files.get(file)
    if (notes === undefined) this.#files.set(file, (notes = new FileNotes(file, this.#program.names)))
    return notes
  }

  #applyReference({ node, target }: Reference): void {
    const verdict = this.#rules.verdict(target)
    const notes = this.#notesOf(node)
    if (target.kind === 'field' && isSetting(node)) {
      for (const text of this.#rules.remarksOnSetting(target.module, target.owner)) notes.remark(node, text)
    }
    if (target.kind === 'method' || target.kind === 'export') this.#keepDefaults(node, target.kind, notes)
    if (verdict.kind === 'ask') this.#asked.push({ node, why: verdict.why })
    if (verdict.kind === 'other-client') this.#changeClient(node, verdict, notes)
    if (verdict.kind !== 'rename') return
    if (target.kind !== 'export') notes.rename(node, verdict)
    else if (verdict.module === target.module || this.#rules.moduleNow(target.module) === verdict.module)
      notes.renameExport(node, target.name, verdict)
    else notes.moveExport(node, target.name, verdict)
  }

  /** `new IpClient(vpp).call()` becomes a call of another client; one that is held is looked at when all calls are known. */
  #changeClient(
    node: ts.Identifier | ts.StringLiteralLike,
    verdict: Extract<Verdict, { kind: 'other-client' }>,
    notes: FileNotes,
  ): void {
    const { parent } = node
    if (!ts.isIdentifier(node) || !ts.isPropertyAccessExpression(parent))
      return notes.remark(node, verdict.why)
    const { module, client } = verdict
    const made = parent.expression
    if (!ts.isNewExpression(made))
      return void this.#moved.set({ method: node, receiver: made, module, client }, verdict)
    if (!ts.isIdentifier(made.expression) || importOf(made.expression, this.#program) === undefined)
      return notes.remark(node, verdict.why)
    notes.rename(node, { ...verdict, kind: 'rename' })
    notes.exchangeClass(made.expression, verdict, this.#program)
  }

  #changeHeldClients(): void {
    if (this.#moved.size === 0) return
    const edits: HeldEdits = {
      edit: (file, start, end, text) => this.#notesOf(file).edit(start, end, text),
      nameOf: (beside, wanted) => this.#notesOf(beside).clientName(beside, wanted, this.#program),
      dropped: (name) => this.#notesOf(name).drop(name),
    }
    const calls = [...this.#moved.keys()]
    const done = new HeldClients(this.#program, new Symbols(this.#program), calls).apply(edits)
    for (const [call, verdict] of this.#moved) {
      const notes = this.#notesOf(call.method)
      if (done.has(call)) notes.rename(call.method, { ...verdict, kind: 'rename' })
      else notes.remark(call.method, verdict.why)
    }
  }

  /** Requests that leave a field out mean its old default. */
  #keepDefaults(
    node: ts.Identifier | ts.StringLiteralLike,
    kind: 'method' | 'export',
    notes: FileNotes,
  ): void {
    const call = callOf(node, kind)
    const literal = call?.arguments?.[0]
    if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return
    const type = this.#program.checker.getContextualType(literal)
    const owner = type === undefined ? undefined : ownerOfFields(type, this.#program)
    if (owner === undefined) return
    const set = new Set(literal.properties.map(({ name }) => name?.getText()))
    const missing = this.#rules.oldDefaults(owner.module, owner.name).filter(({ name }) => !set.has(name))
    if (missing.length > 0) notes.addProperties(literal, missing)
  }

  #applyText(node: ts.StringLiteralLike, message: string): void {
    const verdict = this.#rules.wireVerdict(message)
    const notes = this.#notesOf(node)
    if (verdict.kind === 'ask') notes.remark(node, verdict.why)
    if (verdict.kind === 'rename') notes.replaceText(node, verdict)
    const fields = ts.isCallExpression(node.parent) ? node.parent.arguments[1] : undefined
    if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return
    for (const { name } of fields.properties) {
      const now =
        name === undefined || !ts.isIdentifier(name) ? undefined : this.#rules.wireField(message, name.text)
      if (name !== undefined && ts.isIdentifier(name) && now !== undefined && now !== name.text)
        notes.rename(name, { kind: 'rename', module: '', name: now, why: `field ${name.text} is now ${now}` })
    }
  }

  /** Specifiers of modules that have another name now. */
  #visitSpecifiers(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && isSpecifier(node)) {
        const part = this.#program.names.partOf(node.text)
        const now = part === undefined ? undefined : this.#rules.moduleNow(part.module)
        if (part !== undefined && now !== undefined && now !== part.module)
          this.#notesOf(node).replaceText(node, {
            kind: 'rename',
            module: now,
            name: specifierOf(node.text, part, now),
            why: `module ${part.module} is now ${now}`,
          })
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
  }
}

type Rename = Extract<Verdict, { kind: 'rename' }>

/** What was found out about one file. */
class FileNotes {
  readonly #file: ts.SourceFile
  readonly #names: BindingNames
  readonly #edits = new Map<string, Edit>()
  readonly #remarks = new Map<string, Remark>()
  /** Remarks about imports: only given when nothing else in the file gives the reason. */
  readonly #importRemarks = new Map<string, Remark>()
  readonly #reasons = new Set<string>()
  /** Names to be imported, by the declaration that they leave. */
  readonly #moves = new Map<ts.ImportDeclaration | ts.ExportDeclaration, Map<string, Map<string, string>>>()

  readonly #gone = new Map<ts.Node, number>()
  /** Uses of classes that are gone, by their names in this file. */
  readonly #dropped = new Map<string, Set<ts.Node>>()
  /** Clients to be imported as well, by the declaration that they follow. */
  readonly #additions = new Map<ts.ImportDeclaration, Map<string, Set<string>>>()

  constructor(file: ts.SourceFile, names: BindingNames) {
    this.#file = file
    this.#names = names
  }

  finish(): FileEdits {
    this.#removeUnused()
    for (const [declaration, modules] of this.#additions) this.#finishAdditions(declaration, modules)
    for (const [declaration, modules] of this.#moves) this.#finishMoves(declaration, modules)
    const told = new Set([...this.#remarks.values()].map(({ text }) => text))
    const remarks = [
      ...this.#remarks.values(),
      ...[...this.#importRemarks.values()].filter(({ text }) => !told.has(text)),
    ]
    return { edits: [...this.#edits.values()], remarks, reasons: [...this.#reasons] }
  }

  remark(node: ts.Node, text: string): void {
    const statement = statementOf(node)
    const remark = { at: statement.getStart(this.#file), text }
    const isImport = ts.isImportDeclaration(statement)
    ;(isImport ? this.#importRemarks : this.#remarks).set(`${remark.at} ${text}`, remark)
  }

  /** A remark on something that cannot be kept, unless it goes anyway. */
  ask(node: Reference['node'], text: string): void {
    if (this.#dropped.get(node.text)?.has(node) !== true) this.remark(node, text)
  }

  /** Gives a property, member or method another name. */
  rename(node: ts.Identifier | ts.StringLiteralLike, { name, why }: Rename): void {
    this.#reasons.add(why)
    const { parent } = node
    if (ts.isStringLiteralLike(node)) return this.#replace(node.getStart(this.#file) + 1, node.end - 1, name)
    if (ts.isShorthandPropertyAssignment(parent)) return this.#replaceNode(node, `${name}: ${node.text}`)
    // `{ was }` in a pattern keeps its variable.
    if (ts.isBindingElement(parent) && parent.propertyName === undefined)
      return this.#replaceNode(node, `${name}: ${node.text}`)
    this.#replaceNode(node, name)
  }

  /** Gives an export another name, where it is called by its old one. */
  renameExport(node: ts.Identifier | ts.StringLiteralLike, old: string, { name, why }: Rename): void {
    if (node.text !== old) return
    this.#reasons.add(why)
    const { parent } = node
    if (ts.isStringLiteralLike(node)) this.#replace(node.getStart(this.#file) + 1, node.end - 1, name)
    else if (ts.isShorthandPropertyAssignment(parent)) this.#replaceNode(node, `${old}: ${name}`)
    else if (ts.isBindingElement(parent) && parent.propertyName === undefined && parent.name === node)
      this.#replaceNode(node, `${name}: ${old}`)
    else if (isRepeatedSpecifier(parent, name)) this.#removeSpecifier(parent)
    else this.#replaceNode(node, name)
  }

  /** Takes an export from another module. */
  moveExport(node: ts.Identifier | ts.StringLiteralLike, old: string, verdict: Rename): void {
    const { parent } = node
    if (!ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent)) {
      if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) this.remark(node, verdict.why)
      else if (node.text === old && verdict.name !== old) this.renameExport(node, old, verdict)
      return
    }
    if ((parent.propertyName ?? parent.name) !== node) return
    const declaration = ts.isImportSpecifier(parent) ? parent.parent.parent.parent : parent.parent.parent
    if (!ts.isImportDeclaration(declaration) && !ts.isExportDeclaration(declaration)) return
    const from = declaration.moduleSpecifier
    const part = from !== undefined && ts.isStringLiteral(from) ? this.#names.partOf(from.text) : undefined
    // From a file of the program itself, where the same is done.
    if (part === undefined) return this.renameExport(node, old, verdict)
    this.#reasons.add(verdict.why)
    const local = parent.propertyName === undefined ? '' : ` as ${parent.name.text}`
    const type = parent.isTypeOnly ? 'type ' : ''
    const modules = this.#moves.get(declaration) ?? new Map<string, Map<string, string>>()
    this.#moves.set(declaration, modules)
    const names = modules.get(verdict.module) ?? new Map<string, string>()
    modules.set(verdict.module, names.set(node.text, `${type}${verdict.name}${local}`))
    this.#removeSpecifier(parent)
  }

  /** Puts a client of another module in the place of a class. */
  exchangeClass(name: ts.Identifier, wanted: Client, program: Program): void {
    this.#replaceNode(name, this.clientName(name, wanted, program))
    this.drop(name)
  }

  /** What a client is called here. It is imported behind the one that it stands beside, unless the file has it. */
  clientName(beside: ts.Identifier, { module, client }: Client, program: Program): string {
    for (const declaration of this.#file.statements) {
      if (!ts.isImportDeclaration(declaration) || !ts.isStringLiteral(declaration.moduleSpecifier)) continue
      if (this.#names.partOf(declaration.moduleSpecifier.text)?.module !== module) continue
      const found = specifiersIn(declaration).find(
        ({ name, propertyName }) => (propertyName ?? name).text === client,
      )
      if (found !== undefined) return found.name.text
    }
    const from = importOf(beside, program)
    if (from === undefined) return client
    const modules = this.#additions.get(from) ?? new Map<string, Set<string>>()
    this.#additions.set(from, modules)
    modules.set(module, (modules.get(module) ?? new Set<string>()).add(client))
    return client
  }

  /** A name of a class is no longer used here. */
  drop(name: ts.Identifier): void {
    this.#dropped.set(name.text, (this.#dropped.get(name.text) ?? new Set<ts.Node>()).add(name))
  }

  /** Replaces text, or inserts it behind what else is inserted there. */
  edit(start: number, end: number, text: string): void {
    const before = start === end ? (this.#edits.get(`${start} ${end}`)?.text ?? '') : ''
    this.#replace(start, end, before + text)
  }

  /** Replaces what stands between the quotes of a text. */
  replaceText(node: ts.StringLiteralLike, { name, why }: Rename): void {
    this.#reasons.add(why)
    this.#replace(node.getStart(this.#file) + 1, node.end - 1, name)
  }

  addProperties(
    literal: ts.ObjectLiteralExpression,
    fields: readonly { name: string; value: string }[],
  ): void {
    if (literal.properties.some((property) => ts.isSpreadAssignment(property))) {
      for (const { name, value } of fields)
        this.remark(literal, `the default of ${name} was ${value} and is another now`)
      return
    }
    for (const { name, value } of fields)
      this.#reasons.add(`the default of ${name} was ${value}: now written down`)
    const text = fields.map(({ name, value }) => `${name}: ${value}`).join(', ')
    const last = literal.properties.at(-1)
    const at = last?.end ?? literal.getStart(this.#file) + 1
    this.#replace(at, at, last === undefined ? ` ${text} ` : `, ${text}`)
  }

  /** Imports of classes of which every use is gone. */
  #removeUnused(): void {
    for (const declaration of this.#additions.keys()) {
      for (const specifier of specifiersIn(declaration)) {
        const dropped = this.#dropped.get(specifier.name.text)
        if (dropped === undefined || usesOf(specifier, this.#file).some((use) => !dropped.has(use))) continue
        this.#removeSpecifier(specifier)
        for (const [key, { at }] of this.#importRemarks)
          if (at === declaration.getStart(this.#file)) this.#importRemarks.delete(key)
      }
    }
  }

  #replaceNode(node: ts.Node, text: string): void {
    this.#replace(node.getStart(this.#file), node.end, text)
  }

  #replace(start: number, end: number, text: string): void {
    this.#edits.set(`${start} ${end}`, { start, end, text })
  }

  /** How many names of a declaration go. */
  #removed(declaration: ts.ImportDeclaration | ts.ExportDeclaration): number {
    return this.#gone.get(declaration) ?? 0
  }

  #removeSpecifier(specifier: ts.ImportSpecifier | ts.ExportSpecifier): void {
    const declaration = ts.isImportSpecifier(specifier)
      ? (specifier.parent.parent.parent as ts.ImportDeclaration)
      : specifier.parent.parent
    this.#gone.set(declaration, this.#removed(declaration) + 1)
    const list = specifier.parent.elements as ts.NodeArray<ts.Node>
    const index = list.indexOf(specifier)
    const next = list[index + 1]
    const end = next === undefined ? specifier.end : next.getStart(this.#file)
    this.#replace(specifier.getStart(this.#file), end, '')
  }

  /** Joins them to what moves to the same module, if anything does. */
  #finishAdditions(
    declaration: ts.ImportDeclaration,
    modules: ReadonlyMap<string, ReadonlySet<string>>,
  ): void {
    const moves = this.#moves.get(declaration) ?? new Map<string, Map<string, string>>()
    this.#moves.set(declaration, moves)
    for (const [module, clients] of modules) {
      const names = moves.get(module) ?? new Map<string, string>()
      moves.set(module, new Map([...names, ...[...clients].map((client) => [client, client] as const)]))
    }
  }

  #finishMoves(
    declaration: ts.ImportDeclaration | ts.ExportDeclaration,
    modules: ReadonlyMap<string, ReadonlyMap<string, string>>,
  ): void {
    const from = declaration.moduleSpecifier as ts.StringLiteral
    const part = this.#names.partOf(from.text) as BindingPart
    const isImport = ts.isImportDeclaration(declaration)
    const isType = isImport ? declaration.importClause?.isTypeOnly === true : declaration.isTypeOnly
    const word = `${isImport ? 'import' : 'export'}${isType ? ' type' : ''}`
    const quote = from.getText(this.#file).charAt(0)
    const lines = [...modules].map(
      ([module, names]) =>
        `${word} { ${[...names.values()].join(', ')} } from ${quote}${specifierOf(from.text, part, module)}${quote}`,
    )
    if (this.#removed(declaration) < specifiersOf(declaration)) {
      const semicolon = declaration.getText(this.#file).endsWith(';') ? ';' : ''
      this.#replace(declaration.end, declaration.end, lines.map((line) => `\n${line}${semicolon}`).join(''))
      return
    }
    // Nothing is left of it: the new lines take its place.
    const start = declaration.getStart(this.#file)
    for (const [key, edit] of this.#edits)
      if (edit.start >= start && edit.end <= declaration.end) this.#edits.delete(key)
    this.#replace(start, declaration.end, lines.join('\n'))
  }
}

function specifiersOf(declaration: ts.ImportDeclaration | ts.ExportDeclaration): number {
  const clause = ts.isImportDeclaration(declaration)
    ? declaration.importClause?.namedBindings
    : declaration.exportClause
  return clause !== undefined && 'elements' in clause ? clause.elements.length : 0
}

/** The specifier of another module's bindings, written like this one. */
function specifierOf(specifier: string, { module }: BindingPart, now: string): string {
  for (const name of [module, module.replaceAll('_', '-')]) {
    const at = specifier.lastIndexOf(name)
    if (at === -1) continue
    const written = name.includes('-')
      ? now.replaceAll('_', '-')
      : specifier.startsWith('.')
        ? now
        : now.replaceAll('_', '-')
    return specifier.slice(0, at) + written + specifier.slice(at + name.length)
  }
  return specifier
}

function isRepeatedSpecifier(node: ts.Node, name: string): node is ts.ImportSpecifier {
  return (
    ts.isImportSpecifier(node) &&
    node.parent.elements.some((other) => other !== node && other.name.text === name)
  )
}

function isSpecifier(node: ts.StringLiteralLike): boolean {
  const { parent } = node
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent)
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword
}

/** True for the name of a property that an object literal gives a value. */
function isSetting(node: ts.Node): boolean {
  return ts.isObjectLiteralElement(node.parent) && node.parent.name === node
}

/** The call of a method, or the `new` of a class, that a name is the callee of. */
function callOf(node: ts.Node, kind: 'method' | 'export'): ts.CallExpression | ts.NewExpression | undefined {
  const callee = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node
  const call = callee.parent
  const isCall = kind === 'method' ? ts.isCallExpression(call) : ts.isNewExpression(call)
  return isCall && (call as ts.CallExpression).expression === callee ? (call as ts.CallExpression) : undefined
}

/** The message or struct that the properties of a type are declared in. */
function ownerOfFields(
  type: ts.Type,
  { checker, moduleOf }: Program,
): { readonly module: string; readonly name: string } | undefined {
  const parts = type.isUnion() ? type.types : [type]
  for (const property of parts.flatMap((part) => part.getProperties())) {
    for (const root of checker.getRootSymbols(property)) {
      const declaration = root.declarations?.[0]
      const module = declaration === undefined ? undefined : moduleOf(declaration.getSourceFile().fileName)
      if (declaration === undefined || module === undefined || !ts.isClassLike(declaration.parent)) continue
      return { module, name: declaration.parent.name?.text ?? '' }
    }
  }
  return undefined
}

/** The statement or member of a class that a node is in. */
function statementOf(node: ts.Node): ts.Node {
  let found = node
  while (!ts.isSourceFile(found.parent)) {
    const { parent } = found
    if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent) || ts.isModuleBlock(parent)) return found
    if (ts.isClassLike(parent) && ts.isClassElement(found)) return found
    found = parent
  }
  return found
}

function specifiersIn({ importClause }: ts.ImportDeclaration): readonly ts.ImportSpecifier[] {
  const bindings = importClause?.namedBindings
  return bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : []
}

/** Names in a file that may mean what a specifier imports. */
function usesOf(specifier: ts.ImportSpecifier, file: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (node === specifier) return
    if (ts.isIdentifier(node) && node.text === specifier.name.text) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
