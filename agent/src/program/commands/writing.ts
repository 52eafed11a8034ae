import type { Command } from 'commander'
import type { AgentClient, AnswerOf, OPERATIONS } from '../../client/index.ts'
import { EXIT } from '@vpp-ts/command'
import type { CommandContext } from './context.ts'
import type { RemoteFlags, Session } from './remote.ts'
import type { Screen } from './screen.ts'

type Status = AnswerOf<(typeof OPERATIONS)['putItem']>

/** Options of commands that change items. */
export interface WritingFlags {
  readonly confirm?: string
  readonly allOrNothing?: boolean
  readonly takeOver?: boolean
  readonly author?: string
  readonly comment?: string
}

/** Milliseconds beyond the time that the agent may wait for VPP, for its answer to arrive. */
const GRACE = 5000
/** Longest time that the agent waits for VPP. */
const LONGEST = 300_000

/** Adds what all commands that change items have. */
export function addWriting(command: Command): Command {
  return command
    .option(
      '--confirm <duration>',
      'undo the change after this time, such as 2m, unless it is confirmed before',
    )
    .option('--all-or-nothing', 'undo the change unless VPP accepts all of it')
    .option('--take-over', 'take over items declared by another origin')
    .option('--author <name>', 'author, for the history; default: $USER')
    .option('--comment <text>', 'reason, for the history')
}

/** Parameters of a request that changes items and waits for VPP. */
export function writingOf(flags: WritingFlags & RemoteFlags, { env }: CommandContext) {
  const { confirm, allOrNothing, takeOver, comment, author = env['USER'] } = flags
  const timeout = Math.min(flags.timeout, LONGEST)
  const within = timeout + GRACE
  return { wait: true, timeout, within, confirm, allOrNothing, takeOver, author, comment }
}

/** Tells of items as VPP takes them, while something is done; on a terminal only. */
export async function withProgress<T>(
  { agent, context, flags }: Session,
  total: number,
  work: () => Promise<T>,
): Promise<T> {
  if (context.err.isTTY !== true || flags.json === true) return await work()
  const stop = new AbortController()
  let count = 0
  const following = (async () => {
    try {
      for await (const _ of agent.follow({ kind: 'item', signal: stop.signal })) {
        context.err.write(`\r${Math.min(++count, total)} of ${total} items`)
      }
    } catch {
      // The request itself says what is wrong.
    }
  })()
  try {
    return await work()
  } finally {
    stop.abort()
    await following
    if (count > 0) context.err.write('\r\u001B[K')
  }
}

/** Writes items that VPP does not have as they should be. @returns the exit code */
export function printProblems(screen: Screen, problems: readonly NonNullable<Status>[]): number {
  for (const { kind, key, state, error } of problems) {
    const style = state === 'waiting' || state === 'pending' ? 'yellow' : 'red'
    screen.print(
      screen.paint(style, `! ${kind} ${key}: ${state}${error === null ? '' : `: ${error.message}`}`),
    )
  }
  return problems.length === 0 ? EXIT.ok : EXIT.failed
}

/** Says until when a change has to be confirmed, where it has to. */
export async function printConfirmation(screen: Screen, agent: AgentClient): Promise<void> {
  const { confirmation } = await agent.confirmation()
  if (confirmation === null) return
  const { revision, until } = confirmation
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000))
  screen.print(
    screen.paint(
      'yellow',
      `Revision ${revision} is undone in ${seconds} s (at ${until}) unless: vpp-ts-agent confirm`,
    ),
  )
}
