import { VppError } from '@vpp-ts/runtime'
import type { Actual, LookOptions, WantedView } from '../kinds/descriptor.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { Observed } from './observed.ts'

/** A look at a kind that failed: VPP answered something unexpected, or not at all. What was known of it stays. */
export interface FailedLook {
  readonly kind: string
  readonly error: unknown
}

/** A look that had an effect. */
export interface Looked {
  readonly kinds: readonly string[]
  readonly failed: readonly FailedLook[]
}

const LOST: ReadonlySet<string> = new Set(['VPP_NOT_CONNECTED', 'VPP_CONNECTION_LOST', 'VPP_CLOSED'])

/** True when an error says that there is no connection, so that everything else would fail as well. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof VppError && LOST.has(error.code)
}

/**
 * Looks at kinds of objects, those first that others name by index.
 * @param before called with what is known now of a kind that comes at once, before it replaces what was known
 * @throws VppError when the connection is lost
 */
export async function lookAt(
  observed: Observed,
  kinds: Kinds,
  of: Iterable<string>,
  wanted: WantedView,
  options: LookOptions,
  before: (kind: string, found: readonly Actual[]) => void = () => undefined,
): Promise<Looked> {
  const all = new Set(of)
  for (const kind of all) {
    const { toldBy } = kinds.object(kind)
    if (toldBy !== undefined) all.add(toldBy)
  }
  for (const [kind, { toldBy }] of kinds.objects) if (toldBy !== undefined && all.has(toldBy)) all.add(kind)
  const failed: FailedLook[] = []
  const seen: string[] = []
  for (const round of kinds.rounds(all)) {
    const unknown: FailedLook[] = []
    await Promise.all(
      round.map(async (kind) => {
        // An object that refers to unknown others cannot be identified, so it is unknown whether it exists.
        const base = failed.find((it) => kinds.object(kind).lookAfter?.includes(it.kind) === true)
        if (base !== undefined) {
          unknown.push({ kind, error: base.error })
          return
        }
        try {
          const found = kinds.object(kind).look(observed, wanted, options)
          if (!(found instanceof Promise)) await observed.replace(kind, found, wanted.count(kind))
          else {
            const all = await found
            before(kind, all)
            await observed.replace(kind, [all])
          }
          seen.push(kind)
        } catch (error) {
          if (isConnectionLost(error)) throw error
          unknown.push({ kind, error })
        }
      }),
    )
    failed.push(...unknown)
  }
  return { kinds: seen, failed }
}
