import { VppApiError, VppError } from '@vpp-ts/runtime'
import type { ItemError } from '../status/item-status.ts'
import type { Vpp } from '../kinds/handler.ts'
import { handlerOf } from '../kinds/handlers.ts'
import { objectId, type Desired } from '../kinds/object.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { stepsOf, type Change } from './diff.ts'
import { pooled } from './pooled.ts'

/** What came of a change. */
export interface Outcome {
  readonly change: Change
  readonly result: 'applied' | 'failed' | 'waiting'
  readonly error: ItemError | undefined
}

/**
 * Makes changes, many at once, in the order of what stands on what. The snapshot follows.
 * @param mayGoOn asked before every request; throws to stop
 * @throws VppError when the connection is lost or VPP does not answer: nobody knows then what it has
 */
export async function execute(vpp: Vpp, changes: readonly Change[], mayGoOn: () => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const steps = stepsOf(changes)
  const kept = new Set<string>()
  const take = async (step: readonly Change[], work: (change: Change) => Promise<void>): Promise<void> => {
    await pooled(step, async (change) => {
      mayGoOn()
      const outcome = await tried(change, work)
      outcomes.push(outcome)
    })
  }
  const takeAway = async (step: readonly Change[]): Promise<void> => {
    await pooled(step, async (change) => {
      mayGoOn()
      const outcome = await tried(change, (it) => remove(vpp, it))
      if (outcome.result === 'failed') kept.add(objectId(change.kind, change.key))
      if (outcome.result === 'failed' || change.action === 'delete') outcomes.push(outcome)
    })
  }
  for (const step of steps.removals) await takeAway(step)
  for (const step of steps.changes) {
    const possible = step.filter(({ kind, key }) => !kept.has(objectId(kind, key)))
    const [ready, waiting] = split(possible, vpp.snapshot)
    outcomes.push(...waiting)
    await take(ready, (change) => make(vpp, change))
  }
  for (const step of steps.late) await takeAway(step)
  return outcomes
}

/** What something stands on that is not there, as people call it; undefined when nothing is missing. */
export function missingFor(
  desired: Desired | undefined,
  there: { has(id: string): boolean },
): string | undefined {
  const missing = desired?.refs.find((ref) => !there.has(ref))
  if (missing === undefined) return undefined
  const blank = missing.indexOf(' ')
  return `${missing.slice(0, blank)} "${missing.slice(blank + 1)}"`
}

function split(changes: readonly Change[], snapshot: Snapshot): [ready: Change[], waiting: Outcome[]] {
  const ready: Change[] = []
  const waiting: Outcome[] = []
  for (const change of changes) {
    const missing = missingFor(change.desired, snapshot)
    if (missing === undefined) ready.push(change)
    else {
      const error = { message: `waits for ${missing}`, code: 'MISSING' }
      waiting.push({ change, result: 'waiting', error })
    }
  }
  return [ready, waiting]
}

async function tried(change: Change, work: (change: Change) => Promise<void>): Promise<Outcome> {
  try {
    await work(change)
    return { change, result: 'applied', error: undefined }
  } catch (error) {
    return { change, result: 'failed', error: errorOf(change, error) }
  }
}

/** What VPP refused; everything else is thrown on. */
function errorOf({ action, kind, key }: Change, error: unknown): ItemError {
  if (!(error instanceof VppError) || !REFUSALS.has(error.code)) throw error
  const message = `${action} ${kind} "${key}": ${error.message}`
  if (!(error instanceof VppApiError)) return { message, code: error.code }
  return { message, code: error.code, retval: error.retval, name: error.apiName }
}

const REFUSALS: ReadonlySet<string> = new Set([
  'VPP_API_ERROR',
  'VPP_ENCODE',
  'VPP_MESSAGE_UNAVAILABLE',
  'VPP_INVALID_ARGUMENT',
])

async function remove(vpp: Vpp, { kind, key, actual }: Change): Promise<void> {
  if (actual === undefined) return
  await handlerOf(kind).remove(vpp, actual)
  vpp.snapshot.delete(kind, key)
}

async function make(vpp: Vpp, { action, kind, key, desired, actual }: Change): Promise<void> {
  if (desired === undefined) return
  const handler = handlerOf(kind)
  const { value, refs } = desired
  if (action === 'update' && actual !== undefined && handler.update !== undefined) {
    await handler.update(vpp, desired, actual)
    vpp.snapshot.set({ kind, key, owned: true, value, refs, index: actual.index })
    return
  }
  const index = await handler.create(vpp, desired)
  vpp.snapshot.set({ kind, key, owned: true, value, refs, index })
}
