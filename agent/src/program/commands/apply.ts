import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { readItems } from './read-items.ts'
import { addRemote, remote, type Session } from './remote.ts'
import {
  addWriting,
  printConfirmation,
  printProblems,
  withProgress,
  writingOf,
  type WritingFlags,
} from './writing.ts'

/** Origin of what is applied from files unless another is named. */
export const OPERATOR = 'operator'

interface ApplyFlags extends WritingFlags {
  readonly origin: string
  readonly forceDelete?: boolean
}

/** `apply`: makes files all that an origin declares. */
export function addApply(program: Command, context: CommandContext): void {
  const command = addRemote(
    program,
    'apply [path...]',
    'Make the items of files and folders all that an origin declares: what it declared before and is in none of them is removed. Without any, compare VPP with what is declared and repair what differs.',
    [
      ['vpp-ts-agent apply router.yaml', 'make the file all that "operator" declares'],
      ['vpp-ts-agent apply --confirm 2m items/', 'the same, undone after 2 minutes unless confirmed'],
      ['vpp-ts-agent apply --all-or-nothing router.yaml', 'undone when VPP does not take all of it'],
      ['vpp-ts-agent apply', 'look at VPP and repair what differs'],
    ],
  )
    .option('--origin <name>', 'origin that declares them', OPERATOR)
    .option('--force-delete', 'remove more than the deletion guard allows')
  addWriting(command).action(
    remote<ApplyFlags, [string[]]>(context, async (session, paths) =>
      paths.length === 0 ? await resync(session) : await apply(session, paths),
    ),
  )
}

async function apply(session: Session<ApplyFlags>, paths: readonly string[]): Promise<number> {
  const { agent, screen, flags, context } = session
  const body = await readItems(paths, context)
  const done = await withProgress(session, body.length, () =>
    agent.replaceItems({
      body,
      origin: flags.origin,
      confirmDeletions: flags.forceDelete,
      ...writingOf(flags, context),
    }),
  )
  if (flags.json === true) {
    screen.json(done)
    return done.problems.length + done.conflicts.length > 0 ? EXIT.failed : EXIT.ok
  }
  const { created, changed, removed, revision, conflicts, problems } = done
  if (created + changed + removed === 0) screen.print(`Nothing to change: revision ${revision} has it all.`)
  else screen.print(`Revision ${revision}: ${created} new, ${changed} changed, ${removed} removed.`)
  for (const { kind, key, keeper } of conflicts) {
    screen.print(
      screen.paint('red', `! ${kind} ${key} is declared by "${keeper}" and stays as it is; see --take-over`),
    )
  }
  const code = printProblems(screen, problems)
  if (flags.confirm !== undefined) await printConfirmation(screen, agent)
  return conflicts.length > 0 ? EXIT.failed : code
}

async function resync({ agent, screen, flags }: Session): Promise<number> {
  const done = await agent.resync()
  if (flags.json === true) screen.json(done)
  else {
    const { applied, failed, waiting, duration } = done
    const rest = `${failed} refused, ${waiting} waiting`
    screen.print(`${applied} changes made, ${rest}, in ${duration.toFixed(0)} ms.`)
    printProblems(screen, done.problems)
  }
  return done.problems.length > 0 ? EXIT.failed : EXIT.ok
}
