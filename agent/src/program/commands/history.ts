import { EXIT } from '@vpp-ts/command'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addRemote, remote } from './remote.ts'
import type { Screen } from './screen.ts'
import { printPlan } from './plan-text.ts'
import { printConfirmation, printProblems, writingOf } from './writing.ts'

/** `history`, `show`, `compare`, `rollback`: the revisions, and rollback. */
export function addHistory(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'history [kind] [key]',
    'List changes of the items, the newest first; of one item with its kind and key.',
    [
      ['vpp-ts-agent history', 'all revisions that are kept'],
      ['vpp-ts-agent history interface lan', 'what each of them did to one item'],
    ],
  ).action(
    remote<object, [string | undefined, string | undefined]>(
      context,
      async ({ agent, screen, flags }, kind, key) => {
        const { revisions } = await agent.revisions({ kind, key })
        if (flags.json === true) screen.json(revisions)
        else if (kind === undefined) {
          const rows = revisions.map((it) => [
            String(it.number),
            timeText(it.at),
            it.author,
            it.origin,
            `+${it.created} ~${it.changed} -${it.removed}`,
            it.comment ?? '',
          ])
          screen.table(['REVISION', 'TIME', 'AUTHOR', 'ORIGIN', 'ITEMS', 'COMMENT'], rows)
        } else {
          for (const { number, at, author, comment, diff = '' } of revisions) {
            const why = comment === null ? '' : `: ${comment}`
            screen.print(screen.paint('bold', `revision ${number}, ${timeText(at)}, ${author}${why}`))
            printDiff(screen, diff)
          }
        }
        return EXIT.ok
      },
    ),
  )
  addRemote(program, 'show <revision>', 'Show what a revision changed.', [
    ['vpp-ts-agent show 7', 'the seventh change of the items'],
  ]).action(
    remote<object, [string]>(context, async ({ agent, screen, flags }, number) => {
      const found = await agent.revision({ number: revisionOf(number) })
      if (flags.json === true) screen.json(found)
      else {
        const { at, author, origin, comment, created, changed, removed } = found
        screen.print(`revision ${found.number} of ${timeText(at)} by ${author}, origin ${origin}`)
        if (comment !== null) screen.print(comment)
        screen.print(`${created} new, ${changed} changed, ${removed} removed`)
        printDiff(screen, found.diff)
      }
      return EXIT.ok
    }),
  )
  addRemote(
    program,
    'compare <from> [to]',
    'Show the differences between the items after two revisions; the second defaults to now.',
    [
      ['vpp-ts-agent compare 3 7', 'what changed from revision 3 to revision 7'],
      ['vpp-ts-agent compare 0', 'all that was ever declared, as of now'],
    ],
  ).action(
    remote<object, [string, string | undefined]>(context, async ({ agent, screen, flags }, from, to) => {
      const found = await agent.compare({
        from: revisionOf(from),
        to: to === undefined ? undefined : revisionOf(to),
      })
      if (flags.json === true) screen.json(found)
      else if (found.total === 0) screen.print('No difference.')
      else printDiff(screen, found.diff)
      return EXIT.ok
    }),
  )
  addRollback(program, context)
}

interface RollbackFlags {
  readonly plan?: boolean
  readonly confirm?: string
  readonly author?: string
  readonly comment?: string
}

function addRollback(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'rollback [revision]',
    'Restore the items as they were after a revision; by default, before the last change. 0: before the first.',
    [
      ['vpp-ts-agent rollback', 'undo the last change'],
      ['vpp-ts-agent rollback 7', 'go back to revision 7'],
      ['vpp-ts-agent rollback --plan 7', 'only show what that would change'],
      ['vpp-ts-agent rollback --confirm 2m 7', 'the same, undone after 2 minutes unless confirmed'],
    ],
  )
    .option('--plan', 'only show what it would change')
    .option(
      '--confirm <duration>',
      'undo the change after this time, such as 2m, unless it is confirmed before',
    )
    .option('--author <name>', 'author, for the history; default: $USER')
    .option('--comment <text>', 'reason, for the history')
    .action(
      remote<RollbackFlags, [string | undefined]>(context, async ({ agent, screen, flags }, text) => {
        const number = text === undefined ? (await agent.revisions()).last - 1 : revisionOf(text)
        if (number < 0) {
          screen.note('There is no change to undo.')
          return EXIT.failed
        }
        if (flags.plan === true) {
          const plan = await agent.proposeRollBack({ number })
          if (flags.json === true) screen.json(plan)
          else printPlan(screen, plan)
          return EXIT.ok
        }
        const { wait, timeout, within, confirm, author, comment } = writingOf(flags, context)
        const done = await agent.rollBack({ number, wait, timeout, within, confirm, author, comment })
        if (flags.json === true) screen.json(done)
        else {
          const { revision, created, changed, removed } = done
          if (created + changed + removed === 0) screen.print(`Nothing to change since revision ${number}.`)
          else {
            const counts = `${created} new, ${changed} changed, ${removed} removed`
            screen.print(`Revision ${revision}, as after revision ${number}: ${counts}.`)
          }
          printProblems(screen, done.problems)
          if (confirm !== undefined) await printConfirmation(screen, agent)
        }
        return done.problems.length > 0 ? EXIT.failed : EXIT.ok
      }),
    )
}

function revisionOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`expected the number of a revision; received ${JSON.stringify(text)}`)
}

/** A time as people read it, to the second, in UTC. */
export function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z')
}

/** Writes a difference as text, line by line. */
export function printDiff(screen: Screen, diff: string): void {
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const style = line.startsWith('@@')
      ? 'cyan'
      : line.startsWith('+')
        ? 'green'
        : line.startsWith('-')
          ? 'red'
          : undefined
    screen.print(style === undefined ? line : screen.paint(style, line))
  }
}
