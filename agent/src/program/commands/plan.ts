import { EXIT } from '@vpp-ts/command'
import { Option, type Command } from 'commander'
import { OPERATOR } from './apply.ts'
import type { CommandContext } from './context.ts'
import { readItems } from './read-items.ts'
import { isAnything, printCalls, printPlan } from './plan-text.ts'
import { addRemote, remote } from './remote.ts'

/** Exit code of a plan that says that something would be changed. */
export const CHANGES = 2

interface PlanFlags {
  readonly as: 'diff' | 'api' | 'cli'
  readonly origin: string
  readonly takeOver?: boolean
}

/** `plan`: what would be changed. */
export function addPlan(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'plan [path...]',
    'Show what an apply of files and folders would change on VPP; without any, what would be changed now. Exits with 0 if nothing would change, with 2 otherwise.',
    [
      ['vpp-ts-agent plan router.yaml', 'what "apply router.yaml" would change'],
      ['vpp-ts-agent plan --origin site items/', 'the same for a folder and an origin'],
      ['vpp-ts-agent plan --as api router.yaml', 'the requests to VPP'],
      ['vpp-ts-agent plan', 'what is left to do now'],
    ],
  )
    .addOption(
      new Option('--as <form>', "a difference, the requests to VPP, or commands of VPP's CLI")
        .choices(['diff', 'api', 'cli'])
        .default('diff'),
    )
    .option('--origin <name>', 'origin that declares them', OPERATOR)
    .option('--take-over', 'take over items declared by another origin')
    .action(
      remote<PlanFlags, [string[]]>(context, async ({ agent, screen, flags }, paths) => {
        const { origin, takeOver, as } = flags
        const calls = as !== 'diff'
        const plan =
          paths.length === 0
            ? await agent.plan({ calls })
            : await agent.proposePlan({
                body: await readItems(paths, context),
                origin,
                whole: true,
                takeOver,
                calls,
              })
        if (flags.json === true) screen.json(plan)
        else if (as !== 'diff') printCalls(screen, plan, as)
        else printPlan(screen, plan)
        return isAnything(plan) ? CHANGES : EXIT.ok
      }),
    )
}
