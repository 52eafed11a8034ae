import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import type { AnswerOf, OPERATIONS } from '../../client/index.ts'
import type { CommandContext } from './context.ts'
import { timeText } from './history.ts'
import { CHANGES } from './plan.ts'
import { isAnything, printPlan } from './plan-text.ts'
import { addRemote, remote } from './remote.ts'
import type { Screen, Style } from './screen.ts'

type Event = AnswerOf<(typeof OPERATIONS)['events']>['events'][number]

interface EventsFlags {
  readonly follow?: boolean
  readonly kind?: string
  readonly limit: string
}

/** `events` and `drift`: what happened. */
export function addEvents(program: Command, context: CommandContext): void {
  addRemote(program, 'events', 'List what happened to a VPP: connection, links, items, drift.', [
    ['vpp-ts-agent events', 'the last 50 events'],
    ['vpp-ts-agent events -f --kind link,drift', 'links and drift as they come, until Ctrl-C'],
  ])
    .option('-f, --follow', 'follow new events')
    .option('--kind <kinds>', 'only of these kinds, separated by commas')
    .option('--limit <n>', 'number of past events', '50')
    .action(
      remote<EventsFlags>(context, async ({ agent, screen, flags }) => {
        const { kind, limit, follow } = flags
        const tell = (event: Event): void => {
          if (flags.json === true) context.out.write(`${JSON.stringify(event)}\n`)
          else printEvent(screen, event)
        }
        const { events } = await agent.events({ kind, limit })
        for (const event of events) tell(event)
        if (follow !== true) return EXIT.ok
        const signal = context.signal()
        for await (const { data } of agent.follow({ kind, signal })) tell(data as Event)
        return EXIT.ok
      }),
    )
  addRemote(
    program,
    'drift',
    "Show how VPP differs from what is declared, and the latest changes made behind the agent's back. Exits with 2 if something differs now.",
    [['vpp-ts-agent drift', 'what others have changed in VPP']],
  ).action(
    remote(context, async ({ agent, screen, flags }) => {
      const { events } = await agent.events({ kind: 'drift', limit: 20 })
      const plan = await agent.plan()
      if (flags.json === true) screen.json({ plan, events })
      else {
        for (const event of events) printEvent(screen, event)
        printPlan(screen, plan)
      }
      return isAnything(plan) ? CHANGES : EXIT.ok
    }),
  )
}

function printEvent(screen: Screen, event: Event): void {
  const [text, style] = describe(event)
  const words = style === undefined ? text : screen.paint(style, text)
  screen.print(`${screen.paint('dim', timeText(event.at))}  ${event.kind.padEnd(10)}  ${words}`)
}

function describe(event: Event): readonly [text: string, style?: Style] {
  const fields = event as Readonly<Record<string, unknown>>
  const message = typeof fields['message'] === 'string' ? `: ${fields['message']}` : ''
  switch (event.kind) {
    case 'connection': {
      const status = String(fields['status'])
      return [`${status}${message}`, status === 'connected' ? 'green' : 'red']
    }
    case 'leadership':
      return fields['leading'] === true
        ? ['this agent programs the VPP', 'green']
        : ['another agent programs the VPP', 'yellow']
    case 'link': {
      if (fields['deleted'] === true) return [`${String(fields['interface'])} deleted`, 'yellow']
      const admin = fields['adminUp'] === true ? 'up' : 'down'
      const link = fields['linkUp'] === true ? 'up' : 'down'
      return [`${String(fields['interface'])} admin ${admin}, link ${link}`]
    }
    case 'item': {
      const { kind, key } = fields['item'] as { kind: string; key: string }
      const state = String(fields['state'])
      const isWell = state === 'applied' || state === 'removed'
      return [`${kind} ${key} ${state}${message}`, isWell ? 'green' : 'red']
    }
    case 'drift': {
      const { kind, key } = fields['object'] as { kind: string; key: string }
      const done = fields['repaired'] === true ? 'repaired' : 'not repaired'
      return [`${kind} ${key} was changed by another client: ${String(fields['action'])}, ${done}`, 'yellow']
    }
    case 'diagnosis':
      return [`${String(fields['tool'])}: ${String(fields['what'])}`]
    case 'resync': {
      const { applied, failed, waiting } = fields as Record<string, number>
      return [`looked at all of VPP: ${applied} changes made, ${failed} refused, ${waiting} waiting`]
    }
  }
}
