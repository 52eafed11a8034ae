import { pascalCase } from '../../rules/names.ts'
import type { ModelEnum, ModelMessage, ModelMethod, ModelType } from '../../model/model.ts'
import type { Target } from '../program/references.ts'
import type { Release } from './release.ts'
import { NEUTRAL_FIELDS, REVIEWED_REPLACEMENTS } from './reviewed.ts'
import { answersOf, requestOf, successorOf, versionsOf } from './successor.ts'
import type { Fate, Trail } from './trail.ts'

/** What is to be done where a program names something. */
export type Verdict =
  | { readonly kind: 'keep' }
  /** It has another name now, or is in another module. */
  | { readonly kind: 'rename'; readonly module: string; readonly name: string; readonly why: string }
  /** A method of another module's client now. */
  | {
      readonly kind: 'other-client'
      readonly module: string
      readonly client: string
      readonly name: string
      readonly why: string
    }
  /** A person must decide. */
  | { readonly kind: 'ask'; readonly why: string }

const KEEP: Verdict = { kind: 'keep' }

/** A message, struct, union or enum of the older release, and what stands for it in the newer. */
interface Pair {
  readonly before: ModelMessage | ModelType
  readonly after: ModelMessage | ModelType
  /** New wire names of fields and members. */
  readonly parts: ReadonlyMap<string, string>
  readonly fate: Fate
}

/** What migration can be told. */
export interface RuleOptions {
  /** Also move on from messages that are deprecated, where a newer version means the same. */
  readonly newest: boolean
}

/** Decides, for all that a program names, what has become of it. */
export class Rules {
  readonly #from: Release
  readonly #to: Release
  readonly #trail: Trail
  readonly #options: RuleOptions
  readonly #pairs = new Map<string, Pair | undefined>()

  constructor(from: Release, to: Release, trail: Trail, options: RuleOptions) {
    this.#from = from
    this.#to = to
    this.#trail = trail
    this.#options = options
  }

  /** What to do where something is named. */
  verdict({ kind, module, owner, name }: Target): Verdict {
    switch (kind) {
      case 'export':
        return this.#exportVerdict(module, name)
      case 'field':
      case 'member':
        return this.#partVerdict(module, owner, name)
      case 'method':
        return this.#methodVerdict(module, name)
    }
  }

  /** What to do where a message is named by its wire name. */
  wireVerdict(wireName: string): Verdict {
    const message = this.#from.messages.get(wireName)
    if (message === undefined) return KEEP
    const pair = this.#pairOf(message)
    if (pair === undefined) return { kind: 'ask', why: this.#goneText(message) }
    if (pair.after.wireName === wireName) return KEEP
    return renamed(pair, pair.after.wireName)
  }

  /** New name of a field of a message by a name that `DynamicApi` takes; undefined when it has the old one. */
  wireField(wireName: string, field: string): string | undefined {
    const message = this.#from.messages.get(wireName)
    const pair = message === undefined ? undefined : this.#pairOf(message)
    const known = message?.fields.find((item) => item.wireName === field || item.name === field)
    const now = known === undefined ? undefined : pair?.parts.get(known.wireName)
    if (now === undefined || pair === undefined) return undefined
    return field === known?.wireName
      ? now
      : propertiesOf(pair.after).find((item) => item.wireName === now)?.name
  }

  /** What a person must know who sets fields of this message or struct: fields that are new in it. */
  remarksOnSetting(module: string, owner: string): string[] {
    const before = this.#itemOf(module, owner)
    const pair = before === undefined ? undefined : this.#pairOf(before)
    if (pair === undefined || ('header' in pair.before && pair.before.header !== 'request')) return []
    const old = new Set(propertiesOf(pair.before).map(({ wireName }) => pair.parts.get(wireName) ?? wireName))
    if (!('fields' in pair.after)) return []
    return pair.after.fields
      .filter(({ wireName, use, default: preset, isCount }) => {
        const isNeutral = NEUTRAL_FIELDS.some(
          (item) => item.owner === pair.after.wireName && item.field === wireName,
        )
        return !old.has(wireName) && use.kind !== 'string' && preset === undefined && !isCount && !isNeutral
      })
      .map(({ name }) => `${pair.after.wireName} has the new field ${name}, which is 0 unless it is set`)
  }

  /** Fields whose default has changed, with the old one: what a request that leaves them out meant. */
  oldDefaults(module: string, owner: string): { readonly name: string; readonly value: string }[] {
    const before = this.#itemOf(module, owner)
    const pair = before === undefined ? undefined : this.#pairOf(before)
    if (pair === undefined || !('fields' in pair.before) || !('fields' in pair.after)) return []
    const { after, parts } = pair
    return pair.before.fields.flatMap(({ wireName, default: was, use }) => {
      const now = after.fields.find((field) => field.wireName === (parts.get(wireName) ?? wireName))
      if (now === undefined || now.default === was) return []
      // Without a default a number is 0.
      const value =
        was ?? (typeof now.default === 'boolean' ? false : typeof now.default === 'bigint' ? 0n : 0)
      if (value === (now.default ?? zeroOf(value)) || use.kind === 'string') return []
      return [{ name: now.name, value: typeof value === 'bigint' ? `${value}n` : String(value) }]
    })
  }

  /** Name of a module in the newer release: another one where all its messages have moved together. */
  moduleNow(name: string): string | undefined {
    if (this.#to.modules.has(name)) return name
    const messages = this.#from.modules.get(name)?.messages ?? []
    const modules = new Set(messages.flatMap((message) => this.#pairOf(message)?.after.module ?? []))
    const [only] = modules
    return modules.size === 1 ? only : undefined
  }

  #exportVerdict(module: string, name: string): Verdict {
    const before = this.#from.modules.get(module)
    const item = this.#itemOf(module, name)
    if (item !== undefined) {
      const pair = this.#pairOf(item)
      if (pair === undefined) return { kind: 'ask', why: this.#goneText(item) }
      return pair.after.name === name && pair.after.module === module ? KEEP : renamed(pair, pair.after.name)
    }
    if (before?.clientName !== name) return KEEP
    const now = this.#to.modules.get(this.moduleNow(module) ?? '')
    if (now?.clientName === undefined)
      return { kind: 'ask', why: `module ${module} is gone in ${this.#to.name}` }
    if (now.name === module && now.clientName === name) return KEEP
    return {
      kind: 'rename',
      module: now.name,
      name: now.clientName,
      why: `module ${module} is now ${now.name}`,
    }
  }

  #partVerdict(module: string, owner: string, name: string): Verdict {
    const before = this.#itemOf(module, owner)
    if (before === undefined) return KEEP
    const pair = this.#pairOf(before)
    // What is to be said of the whole is said where it is named.
    if (pair === undefined) return KEEP
    const part = propertiesOf(before).find((item) => item.name === name)
    if (part === undefined) return KEEP
    const wanted = pair.parts.get(part.wireName) ?? part.wireName
    const now = propertiesOf(pair.after).find(({ wireName }) => wireName === wanted)
    if (now === undefined)
      return { kind: 'ask', why: `${pair.after.wireName} no longer has ${part.wireName} in ${this.#to.name}` }
    if (now.name === name) return KEEP
    const why = `${before.wireName}.${part.wireName} is now ${now.wireName}`
    return { kind: 'rename', module: pair.after.module, name: now.name, why }
  }

  #methodVerdict(module: string, name: string): Verdict {
    const method = this.#from.modules.get(module)?.methods.find((item) => item.name === name)
    if (method === undefined) return KEEP
    const subject = method.kind === 'event' ? method.event : requestOf(method)
    const pair = this.#pairOf(subject)
    if (pair === undefined) return { kind: 'ask', why: this.#goneText(subject) }
    const home = this.#to.modules.get(pair.after.module)
    const now = home?.methods.find((item) =>
      method.kind === 'event'
        ? item.kind === 'event' && item.event === pair.after
        : item.kind !== 'event' && item.request === pair.after,
    )
    if (home === undefined || now === undefined)
      return { kind: 'ask', why: `no client has a method for ${pair.after.wireName} in ${this.#to.name}` }
    if (now.kind === method.kind && home.name !== (this.moduleNow(module) ?? module)) {
      const client = home.clientName ?? ''
      const why = `${pair.after.wireName} moved to module ${home.name}: call ${now.name} of ${client}`
      return { kind: 'other-client', module: home.name, client, name: now.name, why }
    }
    if (now.kind !== method.kind) return { kind: 'ask', why: kindText(pair.after.wireName, method, now) }
    return now.name === name ? KEEP : renamed(pair, now.name)
  }

  #itemOf(module: string, name: string): ModelMessage | ModelType | undefined {
    const found = this.#from.modules.get(module)
    return (
      found?.messages.find((item) => item.name === name) ?? found?.types.find((item) => item.name === name)
    )
  }

  #pairOf(before: ModelMessage | ModelType): Pair | undefined {
    const key = `${'header' in before ? 'message' : before.module} ${before.wireName}`
    if (!this.#pairs.has(key)) {
      // A request looks at its answers and they at it.
      this.#pairs.set(key, undefined)
      this.#pairs.set(key, 'header' in before ? this.#messagePair(before) : this.#typePair(before))
    }
    return this.#pairs.get(key)
  }

  #typePair(before: ModelType): Pair | undefined {
    const fate = this.#trail.type(before.wireName, before.module)
    const after = fate.now === undefined ? undefined : this.#to.typeOf(fate.now.module, fate.now.name)
    return after === undefined ? undefined : { before, after, parts: fate.parts, fate }
  }

  #messagePair(before: ModelMessage): Pair | undefined {
    const fate = this.#trail.message(before.wireName, before.module)
    const same = fate.now === undefined ? undefined : this.#to.messages.get(fate.now.name)
    const kept: Pair | undefined =
      same === undefined ? undefined : { before, after: same, parts: fate.parts, fate }
    if (kept !== undefined && !this.#options.newest) return kept
    const isLeft = same === undefined || same.status.deprecated
    const successor = isLeft ? successorOf(before, this.#from, this.#to) : undefined
    if (successor !== undefined && this.#from.methodOf(before.wireName) !== undefined)
      return { before, after: successor.message, parts: successor.fields, fate }
    return this.#answerPair(before, fate) ?? kept
  }

  /** An answer goes where its request goes. */
  #answerPair(before: ModelMessage, fate: Fate): Pair | undefined {
    for (const method of this.#from.modules.get(before.module)?.methods ?? []) {
      const index = method.kind === 'event' ? -1 : answersOf(method).indexOf(before)
      if (index === -1) continue
      const request = this.#pairOf(requestOf(method))
      const now = request === undefined ? undefined : this.#to.methodOf(request.after.wireName)
      const after = now === undefined ? undefined : answersOf(now)[index]
      if (after !== undefined) return { before, after, parts: new Map(), fate }
    }
    return undefined
  }

  #goneText(item: ModelMessage | ModelType): string {
    const isMessage = 'header' in item
    const fate = isMessage
      ? this.#trail.message(item.wireName, item.module)
      : this.#trail.type(item.wireName, item.module)
    const gone = `${item.wireName} is gone since ${fate.goneIn ?? this.#to.name}`
    const advice = REVIEWED_REPLACEMENTS.find(({ messages }) => messages.includes(item.wireName))?.advice
    if (advice !== undefined) return `${gone}: ${advice}`
    const versions = isMessage ? versionsOf(item.wireName, this.#to) : []
    const mean = versions.length === 1 ? 'means' : 'mean'
    return versions.length === 0
      ? gone
      : `${gone}: see ${versions.map(pascalCase).join(', ')}, which ${mean} something else`
  }
}

function renamed({ before, after }: Pair, name: string): Verdict {
  const moved = before.module === after.module ? '' : ` of module ${after.module}`
  return {
    kind: 'rename',
    module: after.module,
    name,
    why: `${before.wireName} is now ${after.wireName}${moved}`,
  }
}

function kindText(name: string, was: ModelMethod, is: ModelMethod): string {
  const words = {
    unary: 'one reply',
    'one-way': 'no reply',
    dump: 'details',
    stream: 'details and a reply',
    event: 'events',
  }
  return `${name} gives ${words[is.kind]} now, and gave ${words[was.kind]} before`
}

function zeroOf(value: number | bigint | boolean): number | bigint | boolean {
  if (typeof value === 'boolean') return false
  return typeof value === 'bigint' ? 0n : 0
}

/** Fields, arms, or members. */
function propertiesOf(
  item: ModelMessage | ModelType,
): readonly { readonly name: string; readonly wireName: string }[] {
  if ('arms' in item) return item.arms
  if ('members' in item) return (item satisfies ModelEnum).members
  return 'fields' in item ? item.fields : []
}
