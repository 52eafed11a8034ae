import { z } from 'zod'
import type { ApplyResult } from '../instance/instance.ts'
import { ITEM_STATES, type ItemStatus } from '../status/item-status.ts'
import { fieldDifferences, type FieldDifference } from '../model/field-differences.ts'
import type { ActualObject, Plan, PlannedChange } from '../model/plan.ts'
import type { Conflict } from '../desired/change.ts'
import { declaredOf } from '../desired/declared-items.ts'
import type { KeptItem } from '../desired/effective-table.ts'
import type { ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { withoutSecrets } from './secrets.ts'
import type { LoggedEvent } from '../status/event-log.ts'
import type { Instance } from '../instance/instance.ts'

const kind = z.string().describe('Kind of an item.')
const key = z.string().describe('Key among the items of its kind.')

/** The status of an item, as JSON. */
export const statusSchema = z.object({
  kind,
  key,
  state: z
    .enum(ITEM_STATES)
    .describe(
      'applied: VPP has it. pending: not tried yet. waiting: something it depends on is missing. failed: VPP refused it or did not keep it. blocked: something that the agent did not make is in the way. conflict: another item claims the same. drifted: VPP was changed behind the agent. frozen: this version cannot read it. removing: VPP still has it.',
    ),
  error: z
    .object({
      message: z.string(),
      code: z.string().describe('MISSING, or the code of an error such as VPP_API_ERROR.'),
      retval: z.int().optional(),
      name: z.string().optional().describe("VPP's name for the error."),
    })
    .nullable()
    .describe('Why the last attempt failed.'),
  since: z.iso.datetime().nullable().describe('When the state was entered.'),
  attempts: z.int().describe('Consecutive failed attempts.'),
})

/** The status of an item, as JSON. */
export type StatusView = z.infer<typeof statusSchema>

/** The status of an item. One that nothing is known of yet is pending. */
export function statusView({ kind: of, key: name }: ItemRef, status: ItemStatus | undefined): StatusView {
  if (status === undefined) {
    return { kind: of, key: name, state: 'pending', error: null, since: null, attempts: 0 }
  }
  const { state, error, since, attempts } = status
  const reason = error === undefined ? null : { message: error.message, code: error.code, ...facts(error) }
  return { kind: of, key: name, state, error: reason, since: since.toISOString(), attempts }
}

function facts({ retval, name }: { retval?: number | undefined; name?: string | undefined }) {
  return { ...(retval === undefined ? {} : { retval }), ...(name === undefined ? {} : { name }) }
}

/** An item of one of these kinds, who declares it, and its status, as JSON. */
export function desiredSchemaOf({ itemSchema }: Pick<Kinds, 'itemSchema'>) {
  return z.object({
    key,
    item: itemSchema.describe('With all defaults; secrets are hidden.'),
    status: statusSchema,
    origin: z.string().describe('Origin that declares it.'),
    others: z
      .array(z.object({ origin: z.string(), agrees: z.boolean().describe('It declares the same value.') }))
      .describe('Other origins that declare it; their declarations are not in force.'),
  })
}

/** An item as it is reported. */
export type DesiredView = z.infer<ReturnType<typeof desiredSchemaOf>>

/** An item, who declares it, and its status. */
export function desiredView(instance: Instance, kept: KeptItem): DesiredView {
  const { ref, item, origin, others } = declaredOf(kept)
  const status = statusView(ref, instance.status(ref))
  return {
    key: ref.key,
    item: withoutSecrets(instance.declared.kinds, ref.kind, item),
    status,
    origin,
    others: [...others],
  }
}

/** A declaration that is not in force, as JSON. */
export const conflictSchema = z.object({
  kind,
  key,
  origin: z.string().describe('Origin whose declaration is not in force.'),
  keeper: z
    .string()
    .nullable()
    .describe('Origin whose declaration is; null for an item that this agent cannot read.'),
})

/** A declaration that is not in force. */
export type ConflictView = z.infer<typeof conflictSchema>

/** A declaration that is not in force. */
export function conflictView({ ref, origin, keeper }: Conflict): ConflictView {
  return { kind: ref.kind, key: ref.key, origin, keeper: keeper ?? null }
}

/** How an apply ended, as JSON. */
export const applySchema = z.object({
  duration: z.number().describe('Milliseconds.'),
  applied: z.int().describe('Changes that VPP accepted.'),
  failed: z.int().describe('Changes that VPP refused.'),
  waiting: z.int().describe('Changes that wait for something that is missing.'),
  problems: z.array(statusSchema).describe('Items that are not in their desired state.'),
})

/** How an apply ended. */
export type ApplyView = z.infer<typeof applySchema>

/** How an apply ended. */
export function applyView(result: ApplyResult): ApplyView {
  const { duration, applied, failed, waiting, problems } = result
  return { duration, applied, failed, waiting, problems: problems.map((it) => statusView(it, it)) }
}

const value = z.record(z.string(), z.unknown())

/** Something that VPP has, as JSON. */
export const actualSchema = z.object({
  kind: z.string(),
  key: z.string(),
  owned: z.boolean().describe('Created by the agent, or declared to be.'),
  value,
})

/** Something that VPP has. */
export type ActualView = z.infer<typeof actualSchema>

/** Something that VPP has. */
export function actualView({ kind: of, key: name, owned, value: content }: ActualObject) {
  return { kind: of, key: name, owned, value: content }
}

/** All that has to change, as JSON. */
export const planSchema = z.object({
  changes: z.array(
    z.object({
      action: z.enum(['create', 'update', 'replace', 'delete']),
      kind: z.string(),
      key: z.string(),
      item: z.object({ kind, key }).nullable().describe('Item that the object belongs to.'),
      from: value.nullable().describe('The value in VPP.'),
      to: value.nullable().describe('The desired value.'),
      fields: z
        .array(
          z.object({
            field: z.string().describe('Such as `paths.0.nextHop`.'),
            from: z.unknown().describe('Null if there is none.'),
            to: z.unknown().describe('Null if it is removed.'),
          }),
        )
        .describe('Differences, field by field.'),
      waitsFor: z.string().nullable().describe('What the change is waiting for.'),
      refusedBecause: z
        .string()
        .nullable()
        .describe(
          'Why it will not be made: something foreign is in the way, or another item claims the same.',
        ),
      calls: z
        .array(
          z.object({
            message: z.string().describe('Such as `sw_interface_set_flags`.'),
            request: value,
            cli: z.string().nullable().describe('The equivalent VPP CLI command; null if none is known.'),
          }),
        )
        .optional()
        .describe('Its requests to VPP; indexes that VPP has not assigned yet are given in words.'),
    }),
  ),
})

/** Fields by which the agent knows an interface again. */
const MARKS: ReadonlySet<string> = new Set(['fingerprint', 'tagged'])

/** What differs, as far as it is wanted otherwise. */
function fieldsOf({ action, from, to }: Pick<PlannedChange, 'action' | 'from' | 'to'>): FieldDifference[] {
  return fieldDifferences(from, to).filter(({ field }) => {
    // What is made again may differ in nothing else.
    if (MARKS.has(field)) return action === 'replace' && field === 'fingerprint'
    // Values that VPP also reports are not compared.
    return (
      from === undefined || to === undefined || field.includes('.') || Reflect.get(to, field) !== undefined
    )
  })
}

/** All that has to change. */
export type PlanView = z.infer<typeof planSchema>

/** All that has to change. */
export function planView({ changes }: Plan): PlanView {
  return {
    changes: changes.map(({ kind: of, key: name, calls, ...change }) => ({
      action: change.action,
      kind: of,
      key: name,
      item: change.item ?? null,
      from: change.from ?? null,
      to: change.to ?? null,
      fields: fieldsOf(change),
      waitsFor: change.waitsFor ?? null,
      refusedBecause: change.refusedBecause ?? null,
      ...(calls === undefined ? {} : { calls: calls.map((it) => ({ ...it, cli: it.cli ?? null })) }),
    })),
  }
}

/** Kinds of events. */
export const EVENT_KINDS = [
  'connection',
  'leadership',
  'link',
  'item',
  'drift',
  'resync',
  'diagnosis',
] as const

/** An event, as JSON. */
export const eventSchema = z.looseObject({
  id: z.int().describe('Counts from 1 since the start of the agent.'),
  at: z.iso.datetime(),
  kind: z.enum(EVENT_KINDS),
})

/** An event. */
export type EventView = z.infer<typeof eventSchema>

/** An event. */
export function eventView({ id, at, event }: LoggedEvent) {
  const { type, ...rest } = event
  return { id, at: at.toISOString(), kind: type, ...rest }
}
