import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addRemote, remote } from './remote.ts'

/** `confirm`: keeps the change that is undone otherwise. */
export function addConfirm(program: Command, context: CommandContext): void {
  addRemote(program, 'confirm', 'Keep the change that awaits confirmation, or undo it now.', [
    ['vpp-ts-agent confirm', 'keep what apply --confirm has changed'],
    ['vpp-ts-agent confirm --undo', 'undo it without waiting'],
  ])
    .option('--undo', 'undo the change now')
    .action(
      remote<{ undo?: boolean }>(context, async ({ agent, screen, flags }) => {
        if (flags.undo === true) {
          const undone = await agent.undo()
          if (flags.json === true) screen.json(undone)
          else screen.print(`undone by revision ${undone.revision}`)
          return EXIT.ok
        }
        const kept = await agent.confirm()
        if (flags.json === true) screen.json(kept)
        else screen.print(`revision ${kept.revision} stays`)
        return EXIT.ok
      }),
    )
}
