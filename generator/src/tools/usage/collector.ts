import type { Model, ModelMethod, ModelModule } from '../../model/model.ts'
import type { SourceText } from '../program/list-sources.ts'
import { displayPath, openProgram } from '../program/program.ts'
import { referencesIn, type Target } from '../program/references.ts'
import { wireNamesIn } from '../program/wire-names.ts'

/** Collects what a program uses, of one set of definitions after the other. */
export class UsageCollector {
  readonly found = {
    messages: new Map<string, string[]>(),
    types: new Map<string, string[]>(),
    fields: new Map<string, string[]>(),
    members: new Map<string, string[]>(),
    modules: new Set<string>(),
  }

  async add(folder: string, sources: readonly SourceText[], model: Model): Promise<void> {
    const program = await openProgram(folder, sources, model)
    const modules = new Map(model.modules.map((module) => [module.name, module]))
    const wireNames = new Set(
      model.modules.flatMap(({ messages }) => messages.map(({ wireName }) => wireName)),
    )
    for (const { compilerNode: file } of program.files) {
      const placeOf = (node: { getStart(): number }) => {
        const { line, character } = file.getLineAndCharacterOfPosition(node.getStart())
        return `${displayPath(file.fileName)}:${line + 1}:${character + 1}`
      }
      for (const { node, message } of wireNamesIn(file, program, wireNames))
        note(this.found.messages, message, placeOf(node))
      for (const { node, target } of referencesIn(file, program))
        this.#addTarget(target, modules.get(target.module), placeOf(node))
    }
  }

  #addTarget({ kind, owner, name }: Target, module: ModelModule | undefined, place: string): void {
    if (module === undefined) return
    const { messages, types, fields, members, modules } = this.found
    modules.add(module.name)
    if (kind === 'method') {
      const method = module.methods.find((item) => item.name === name)
      for (const message of method === undefined ? [] : messagesOf(method)) note(messages, message, place)
      return
    }
    const message = module.messages.find((item) => item.name === owner)
    const type = module.types.find((item) => item.name === owner)
    if (message !== undefined) note(messages, message.wireName, place)
    if (type !== undefined) note(types, type.wireName, place)
    if (kind === 'field') {
      const block = message ?? type
      const field = block === undefined ? undefined : propertiesOf(block).find((item) => item.name === name)
      if (block !== undefined && field !== undefined)
        note(fields, `${block.wireName}.${field.wireName}`, place)
    }
    if (kind === 'member' && type?.kind === 'enum') note(members, `${type.wireName}.${name}`, place)
  }
}

/** Fields of a message or struct, arms of a union. */
function propertiesOf(
  item: ModelModule['messages'][number] | ModelModule['types'][number],
): readonly { readonly name: string; readonly wireName: string }[] {
  if ('arms' in item) return item.arms
  return 'fields' in item ? item.fields : []
}

function messagesOf(method: ModelMethod): string[] {
  switch (method.kind) {
    case 'unary':
      return [method.request.wireName, method.reply.wireName]
    case 'one-way':
      return [method.request.wireName]
    case 'dump':
      return [method.request.wireName, method.details.wireName]
    case 'stream':
      return [method.request.wireName, method.details.wireName, method.reply.wireName]
    case 'event': {
      const { event, want } = method
      return [event.wireName, ...(want === undefined ? [] : [want.request.wireName, want.reply.wireName])]
    }
  }
}

function note(found: Map<string, string[]>, name: string, place: string): void {
  const places = found.get(name)
  if (places === undefined) found.set(name, [place])
  else if (!places.includes(place)) places.push(place)
}
