import { parseDuration } from '@vpp-ts/config'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { API_ORIGIN } from '../desired/declared-items.ts'
import type { ChangeRequest, ChangeResult } from '../desired/change.ts'
import type { Instance } from '../instance/instance.ts'
import type { ItemRef } from '../kinds/item.ts'
import { inTurns } from '../model/turns.ts'
import { RequestError } from '../web/request-error.ts'
import { flag } from '../web/zod-provider.ts'
import { statusView } from './views.ts'
import { settled, waiting } from './waiting.ts'

/** The longest time that a change may wait to be confirmed: a day. */
const LONGEST = 86_400_000
/** Milliseconds beyond the time of a request after which a change that its agent did not end is undone. */
const GRACE = 30_000

/** Who declares items, in a query. */
export const originName = z.string().regex(/^[\w.-]{1,63}$/, 'expected letters, digits and "._-"')

/** Parameters of a query that changes the desired items. */
export const writing = {
  ...waiting,
  author: z.string().min(1).max(100).optional().describe('Author, for the history.'),
  comment: z.string().max(500).optional().describe('Reason, for the history.'),
  takeOver: flag.describe('Take over items that another origin declares.'),
  confirm: z
    .string()
    .transform((text, context) => {
      const milliseconds = parseDuration(text)
      if (milliseconds !== undefined && milliseconds >= 1000 && milliseconds <= LONGEST) return milliseconds
      context.addIssue({ code: 'custom', message: 'expected a duration from 1s to 24h, such as 2m' })
      return z.NEVER
    })
    .optional()
    .describe('Undo the change after this time, such as 2m, unless POST /confirmation is sent before.'),
  allOrNothing: flag.describe('Wait for VPP, and undo the change unless VPP accepts all of it.'),
}

/** What a query says of a write. */
export interface Manner {
  readonly wait: boolean
  /** Milliseconds. */
  readonly timeout: number
  readonly author?: string | undefined
  readonly comment?: string | undefined
  readonly takeOver: boolean
  readonly confirm?: number | undefined
  readonly allOrNothing: boolean
}

/** A request that writes, and its answer. */
export interface Exchange extends Manner {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What a write has done, and whether it has been applied to VPP. */
export interface Written {
  readonly result: ChangeResult
  readonly told: boolean
}

/**
 * Makes a change in the manner that a request asks for.
 * @throws as `DeclaredItems.change`; AgentError `AGENT_REFUSED` when VPP does not take all of it and it was undone
 */
export async function write(
  instance: Instance,
  change: Omit<ChangeRequest, 'origin'> & { readonly origin?: string },
  exchange: Exchange,
): Promise<Written> {
  const { request, wait, timeout, author, comment, confirm, allOrNothing, takeOver } = exchange
  if (confirm !== undefined && allOrNothing) {
    throw new RequestError('AGENT_REQUEST', 'query: confirm and allOrNothing are both given; remove one')
  }
  const conflicts = takeOver ? 'take-over' : (change.conflicts ?? 'fail')
  const whole: ChangeRequest = { origin: API_ORIGIN, author, comment, ...change, conflicts }
  if (!allOrNothing) {
    const result = await instance.declared.change({ ...whole, confirmWithin: confirm })
    const told = wait && (await settled(instance, request, timeout, refsOf(result, change)))
    return { result, told }
  }
  // Should this agent end before it knows what becomes of the change, another undoes it.
  const result = await instance.declared.change({ ...whole, confirmWithin: timeout + GRACE })
  const refs = refsOf(result, change)
  if (!isChange(result)) return { result, told: await settled(instance, request, timeout, refs) }
  const told = await settled(instance, request, timeout, refs)
  let count = 0
  const problems: ItemRef[] = []
  await inTurns(refs, (ref) => {
    count++
    if (!told || isProblem(instance, ref)) problems.push(ref)
  })
  if (problems.length === 0) await instance.declared.confirm()
  else {
    const statuses = problems.map((ref) => statusView(ref, instance.status(ref)))
    await instance.declared.revert()
    throw new RequestError(
      'AGENT_REFUSED',
      `${problems.length} of ${count} items did not come into force within ${timeout} ms; the change was undone`,
      statuses.map(({ kind, key, state, error }) => ({
        field: `${kind} ${key}`,
        message: error?.message ?? state,
      })),
    )
  }
  return { result, told }
}

function isChange({ created, changed, removed }: ChangeResult): boolean {
  return created.length + changed.length + removed.length > 0
}

/** Items that a write was about, those among them that stay as they are. */
function refsOf(
  { removed }: ChangeResult,
  { put = [], drop = [] }: Partial<ChangeRequest>,
): Iterable<ItemRef> {
  return {
    *[Symbol.iterator](): Iterator<ItemRef> {
      for (const { ref } of put) yield ref
      yield* drop
      yield* removed
    },
  }
}

function isProblem(instance: Instance, ref: ItemRef): boolean {
  const status = instance.status(ref)
  return status !== undefined && status.state !== 'applied'
}
