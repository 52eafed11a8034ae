import type { ModelField, ModelMessage, ModelMethod, TypeUse } from '../../model/model.ts'
import type { Release } from './release.ts'
import { REVIEWED_VERSIONS } from './reviewed.ts'

/** A newer version of a message that means the same. */
export interface Successor {
  readonly message: ModelMessage
  /** New wire names of fields, by the old ones. */
  readonly fields: ReadonlyMap<string, string>
}

/** `tap_create` and 3 of `tap_create_v3`. */
function versionOf(name: string): readonly [base: string, version: number] {
  const [, base = name, digits = '1', part = ''] =
    /^(.*?)_v(\d+)($|_(?:reply|dump|details)$)/.exec(name) ?? []
  return [base + part, Number(digits)]
}

/**
 * The newest version of a message that certainly means the same: every field is there with the same type, and what is
 * new has a default of the API or is a text that may be empty. Deprecated versions come last.
 */
export function successorOf(message: ModelMessage, from: Release, to: Release): Successor | undefined {
  const [base, version] = versionOf(message.wireName)
  const candidates = [...to.messages.values()]
    .filter(({ wireName }) => {
      const [otherBase, otherVersion] = versionOf(wireName)
      return isReviewed(message, wireName) || (otherBase === base && otherVersion > version)
    })
    .toSorted((a, b) => rank(b) - rank(a))
  for (const candidate of candidates) {
    const fields = sameMeaning(message, candidate, from, to)
    if (fields !== undefined) return { message: candidate, fields }
  }
  return undefined
}

/** Versions of a message that there are, for a person who must choose. */
export function versionsOf(message: string, { messages }: Release): string[] {
  const [base] = versionOf(message)
  return [...messages.keys()].filter((name) => versionOf(name)[0] === base)
}

function rank({ wireName, status }: ModelMessage): number {
  return versionOf(wireName)[1] - (status.deprecated ? 1000 : 0)
}

function isReviewed(message: ModelMessage, name: string): boolean {
  return REVIEWED_VERSIONS.some(({ from, to }) => from === message.wireName && to === name)
}

function sameMeaning(
  message: ModelMessage,
  candidate: ModelMessage,
  from: Release,
  to: Release,
): ReadonlyMap<string, string> | undefined {
  const reviewed = REVIEWED_VERSIONS.find(
    (item) => item.from === message.wireName && item.to === candidate.wireName,
  )
  const fields = new Map(Object.entries(reviewed?.fields ?? {}))
  const taken = new Set<string>()
  for (const field of message.fields) {
    const other = candidate.fields.find(
      ({ wireName }) => wireName === (fields.get(field.wireName) ?? field.wireName),
    )
    if (other === undefined || !sameField(field, other)) return undefined
    taken.add(other.wireName)
  }
  const fresh = candidate.fields.filter(({ wireName }) => !taken.has(wireName))
  if (!fresh.every(isOptional)) return undefined
  return answersAlike(message, candidate, from, to) ? fields : undefined
}

/** Text may be left empty; anything else may be left out if the API says what it is then. */
function isOptional({ use, default: preset, isCount, occurs }: ModelField): boolean {
  return use.kind === 'string' || preset !== undefined || isCount || occurs.kind === 'counted'
}

function sameField(a: ModelField, b: ModelField): boolean {
  if (useText(a.use) !== useText(b.use) || a.occurs.kind !== b.occurs.kind) return false
  if (a.occurs.kind !== 'fixed' || b.occurs.kind !== 'fixed') return true
  const isText = a.use.kind === 'string'
  return isText ? b.occurs.length >= a.occurs.length : b.occurs.length === a.occurs.length
}

function useText(use: TypeUse): string {
  if (use.kind === 'scalar') return use.scalar
  return use.kind === 'string' ? 'string' : `${use.type.module}.${use.type.wireName}`
}

/** True when the request is answered in the same way, with all that the program could read before. */
function answersAlike(message: ModelMessage, candidate: ModelMessage, from: Release, to: Release): boolean {
  const [was, is] = [from.methodOf(message.wireName), to.methodOf(candidate.wireName)]
  if (was === undefined || is === undefined) return was === is
  const [old, now] = [answersOf(was), answersOf(is)]
  const kinds = was.kind === is.kind || isDump(was) === isDump(is)
  return (
    kinds &&
    old.every((answer, index) =>
      answer.fields.every((field) => {
        const other = now[index]?.fields.find(({ wireName }) => wireName === field.wireName)
        return other !== undefined && sameField(field, other)
      }),
    )
  )
}

function isDump({ kind }: ModelMethod): boolean {
  return kind === 'dump'
}

/** Messages that answer a request: details first, then the reply. */
export function answersOf(method: ModelMethod): ModelMessage[] {
  switch (method.kind) {
    case 'unary':
      return [method.reply]
    case 'dump':
      return [method.details]
    case 'stream':
      return [method.details, method.reply]
    case 'one-way':
      return []
    case 'event':
      return [method.event]
  }
}

/** The request that a method sends. */
export function requestOf(method: ModelMethod): ModelMessage {
  return method.kind === 'event' ? method.announcedBy : method.request
}
