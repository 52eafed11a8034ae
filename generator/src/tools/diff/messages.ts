import { statusOf } from '../../model/status.ts'
import { isBlock, type OwnedMessage, type OwnedType } from '../catalog/catalog.ts'
import { typeText } from '../catalog/text.ts'
import { change, gravest, impactBehindAlias, type Change } from './change.ts'
import { compareComments } from './comments.ts'
import { beforeAfter, changedOptions, compareFields, type FieldPair } from './fields.ts'
import { match } from './match.ts'
import type { MessageDifference, Via } from './report.ts'
import type { Release, TypePairs } from './type-pairs.ts'

/** Options that make up the state of a message, which is compared as a whole. */
const STATUS_OPTIONS = new Set(['deprecated', 'in_progress', 'status', 'replaced_by'])
/** A message with fewer own fields than this looks like too many others to be told by its shape. */
const TELLING_FIELDS = 2
const HEADER = new Set(['client_index', 'context', 'retval'])

/** Compares all messages. */
export function compareMessages(before: Release, after: Release, pairs: TypePairs): MessageDifference[] {
  const comparison = new MessageComparison(before, after, pairs)
  const all = [[...before.catalog.messages.values()], [...after.catalog.messages.values()]] as const
  const found = match(...all, ({ message }) => message.name, shapeOf)
  const differences = [
    ...found.pairs.map(([old, now]) => comparison.compare(old, now)),
    ...found.renamed.map(([old, now]) => comparison.compare(old, now)),
    ...found.removed.map(removed),
    ...found.added.map(added),
  ]
  return differences.filter(({ changes, via }) => changes.length > 0 || via.length > 0)
}

class MessageComparison {
  readonly #before: Release
  readonly #after: Release
  readonly #pairs: TypePairs

  constructor(before: Release, after: Release, pairs: TypePairs) {
    this.#before = before
    this.#after = after
    this.#pairs = pairs
  }

  compare(old: OwnedMessage, now: OwnedMessage): MessageDifference {
    const sides = this.#pairs.sides(old.module, now.module)
    const fields = compareFields(old.message.fields, now.message.fields, sides)
    const via = this.#viaTypes(old, now, fields.pairs)
    const own = [
      ...compareNames(old, now),
      ...fields.changes,
      ...compareOptions(old, now),
      ...compareComments(old.message.comment, now.message.comment),
    ]
    const changes = [...own, ...unexplained(old, now, [...own, ...via])]
    const impact = gravest([...changes, ...via].map((item) => item.impact)) ?? 'compatible'
    const crc = { before: old.message.crc, after: now.message.crc }
    return { name: now.message.name, module: now.module.name, impact, crc, changes, via }
  }

  /** Types of the message that have changed, found by walking both releases side by side. */
  #viaTypes(old: OwnedMessage, now: OwnedMessage, fields: readonly FieldPair[]): Via[] {
    const found = new Map<string, Via>()
    this.#walkFields([old, now], fields, { path: '', behindAlias: false }, found)
    return [...found.values()]
  }

  #walkFields(
    [old, now]: readonly [OwnedMessage | OwnedType, OwnedMessage | OwnedType],
    fields: readonly FieldPair[],
    { path, behindAlias }: Pick<Via, 'path' | 'behindAlias'>,
    found: Map<string, Via>,
  ): void {
    for (const [was, is] of fields) {
      const before = this.#before.catalog.typeIn(old.module, was.type)
      const after = this.#after.catalog.typeIn(now.module, is.type)
      // Where the field has another type, that is a change of the field.
      if (before === undefined || after === undefined || was.type !== is.type) continue
      this.#walkType(
        before,
        after,
        { path: path === '' ? is.name : `${path}.${is.name}`, behindAlias },
        found,
      )
    }
  }

  #walkType(
    before: OwnedType,
    after: OwnedType,
    at: Pick<Via, 'path' | 'behindAlias'>,
    found: Map<string, Via>,
  ): void {
    const { changes, pairs } = this.#pairs.compare(before, after)
    const key = `${after.module.name} ${after.type.name} ${at.behindAlias}`
    if (changes.length > 0 && !found.has(key)) {
      const impacts = changes.map((item) => (at.behindAlias ? impactBehindAlias(item) : item.impact))
      const impact = gravest(impacts) ?? 'compatible'
      // What does nothing to the message is told of the type alone.
      if (impact !== 'compatible')
        found.set(key, { type: after.type.name, module: after.module.name, ...at, impact })
    }
    if (isBlock(before.type) && isBlock(after.type)) this.#walkFields([before, after], pairs, at, found)
    if (before.type.kind !== 'alias' || after.type.kind !== 'alias') return
    const old = this.#before.catalog.typeIn(before.module, before.type.type)
    const now = this.#after.catalog.typeIn(after.module, after.type.type)
    if (old !== undefined && now !== undefined && old.type.name === now.type.name)
      this.#walkType(old, now, { ...at, behindAlias: true }, found)
  }
}

function shapeOf({ module, message }: OwnedMessage): string | undefined {
  const own = message.fields.filter(({ name }) => !HEADER.has(name))
  if (own.length < TELLING_FIELDS) return undefined
  return [module.name, ...message.fields.map((field) => `${typeText(field)} ${field.name}`)].join(',')
}

function compareNames(old: OwnedMessage, now: OwnedMessage): Change[] {
  const changes: Change[] = []
  if (old.message.name !== now.message.name) {
    const facts = { before: old.message.name, after: now.message.name }
    changes.push(change('renamed', 'identity', `was called ${facts.before}`, facts))
  }
  if (old.module.name !== now.module.name) {
    const facts = { before: old.module.name, after: now.module.name }
    changes.push(change('moved', 'source', `moved from module ${facts.before} to ${facts.after}`, facts))
  }
  return changes
}

function compareOptions(old: OwnedMessage, now: OwnedMessage): Change[] {
  const [was, is] = [statusText(old), statusText(now)]
  const status =
    was === is ? [] : [change('status', 'none', `${was} is now ${is}`, { before: was, after: is })]
  const options = changedOptions(old.message.options, now.message.options)
    .filter(({ name }) => !STATUS_OPTIONS.has(name))
    .map(({ name, old: before, now: after }) =>
      change('option', 'none', `option ${name}: ${before ?? 'none'} is now ${after ?? 'none'}`, {
        path: name,
        ...beforeAfter(before, after),
      }),
    )
  return [...status, ...options]
}

function statusText({ message }: OwnedMessage): string {
  const { deprecated, deprecation, inProgress, replacedBy } = statusOf(message.options)
  const parts = [
    ...(inProgress ? ['in progress'] : []),
    ...(deprecated ? [deprecation === undefined ? 'deprecated' : `deprecated (${deprecation})`] : []),
    ...(replacedBy === undefined ? [] : [`replaced by ${replacedBy}`]),
  ]
  return parts.length === 0 ? 'stable' : parts.join(', ')
}

/** A CRC that nothing explains is told, not passed over. */
function unexplained(
  old: OwnedMessage,
  now: OwnedMessage,
  known: readonly Pick<Change, 'impact'>[],
): Change[] {
  const { crc: before } = old.message
  const { crc: after } = now.message
  if (before === after || known.some(({ impact }) => impact === 'wire')) return []
  return [
    change('crc', 'identity', `CRC ${before} is now ${after}, and the definitions do not show why`, {
      before,
      after,
    }),
  ]
}

function removed({ module, message }: OwnedMessage): MessageDifference {
  const changes = [change('removed', 'identity', 'message removed', { before: message.name })]
  const crc = { before: message.crc, after: undefined }
  return { name: message.name, module: module.name, impact: 'wire', crc, changes, via: [] }
}

function added({ module, message }: OwnedMessage): MessageDifference {
  const changes = [change('added', 'none', 'message added', { after: message.name })]
  const crc = { before: undefined, after: message.crc }
  return { name: message.name, module: module.name, impact: 'compatible', crc, changes, via: [] }
}
