import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { readItems } from './read-items.ts'
import { addRemote, remote } from './remote.ts'
import {
  addWriting,
  printConfirmation,
  printProblems,
  withProgress,
  writingOf,
  type WritingFlags,
} from './writing.ts'

/** `put`: adds or changes items, and leaves all others. */
export function addPut(program: Command, context: CommandContext): void {
  const command = addRemote(
    program,
    'put <path...>',
    'Add or change the items of files and folders; others stay unchanged. "-" is standard input.',
    [
      ['vpp-ts-agent put lan.yaml', 'add or change what the file has'],
      ["echo '{kind: route, prefix: 10.0.0.0/8, drop: true}' | vpp-ts-agent put -", 'one item'],
    ],
  )
  addWriting(command).action(
    remote<WritingFlags, [string[]]>(context, async (session, paths) => {
      const { agent, screen, flags } = session
      const body = await readItems(paths, context)
      const done = await withProgress(session, body.length, () =>
        agent.putItems({ body, ...writingOf(flags, context) }),
      )
      const statuses = done.items.flatMap(({ status }) => (status === undefined ? [] : [status]))
      const unapplied = statuses.filter(({ state }) => state !== 'applied')
      if (flags.json === true) screen.json(done)
      else {
        screen.print(`Revision ${done.revision}: ${done.accepted} items taken, ${done.refused} refused.`)
        for (const { problem } of done.items) {
          if (problem !== undefined) screen.print(screen.paint('red', `! ${problem.detail}`))
        }
        printProblems(screen, unapplied)
        if (flags.confirm !== undefined) await printConfirmation(screen, agent)
      }
      return done.refused + unapplied.length > 0 ? EXIT.failed : EXIT.ok
    }),
  )
}
