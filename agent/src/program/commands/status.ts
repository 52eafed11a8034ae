import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import type { AnswerOf, OPERATIONS } from '../../client/index.ts'
import { ITEM_STATES, type ItemState } from '../../status/item-status.ts'
import type { CommandContext } from './context.ts'
import { timeText } from './history.ts'
import { addRemote, remote, type Session } from './remote.ts'
import type { Style } from './screen.ts'

type Detail = AnswerOf<(typeof OPERATIONS)['itemDetail']>

/** Items of one state that are listed. */
const LISTED = 50

const STYLES: Readonly<Record<ItemState, Style>> = {
  applied: 'green',
  pending: 'yellow',
  waiting: 'yellow',
  removing: 'yellow',
  drifted: 'yellow',
  failed: 'red',
  blocked: 'red',
  conflict: 'red',
  frozen: 'red',
}

/** `status`: how VPP and its items stand. */
export function addStatus(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'status [kind] [key]',
    'Show the state of a VPP and its items, and list items not in their desired state; for one item, all that is known. Exits with 1 if anything is not as desired.',
    [
      ['vpp-ts-agent status', 'the VPP, and items that are not applied'],
      ['vpp-ts-agent status interface lan', 'state, since when, why, what it waits for, who declares it'],
    ],
  ).action(
    remote<object, [string | undefined, string | undefined]>(context, async (session, kind, key) => {
      if (kind === undefined) return await overview(session)
      if (key !== undefined) return await detail(session, kind, key)
      return await ofKind(session, kind)
    }),
  )
}

async function overview(session: Session): Promise<number> {
  const { agent, screen, flags } = session
  const instance = await agent.instance()
  const { confirmation } = await agent.confirmation()
  const { sources } = await agent.sources()
  const problems: AnswerOf<(typeof OPERATIONS)['desired']>['items'] = []
  for (const state of ITEM_STATES) {
    if (state !== 'applied') problems.push(...(await agent.desired({ state, limit: LISTED })).items)
  }
  const isWell =
    instance.status === 'connected' && problems.length === 0 && sources.every(({ state }) => state === 'ok')
  if (flags.json === true) {
    screen.json({ instance, confirmation, sources, problems: problems.map(({ status }) => status) })
    return isWell ? EXIT.ok : EXIT.failed
  }
  const { name, status, message, vpp, leading, items } = instance
  const version = vpp === null ? '' : `, VPP ${vpp.version}`
  const styled = screen.paint(status === 'connected' ? 'green' : 'red', status)
  screen.print(`${screen.paint('bold', name)}: ${styled}${message === null ? '' : `: ${message}`}${version}`)
  if (!leading) screen.print(screen.paint('yellow', 'another agent programs this VPP'))
  const counts = Object.entries(items).filter(([, count]) => count > 0)
  const words = counts.map(([state, count]) => screen.paint(STYLES[state as ItemState], `${count} ${state}`))
  screen.print(`items: ${words.length === 0 ? 'none' : words.join(', ')}`)
  if (confirmation !== null) {
    const { revision, until } = confirmation
    screen.print(
      screen.paint('yellow', `revision ${revision} is undone at ${timeText(until)} unless confirmed`),
    )
  }
  for (const { origin, location, state, problems: wrong } of sources) {
    if (state === 'ok') continue
    screen.print(screen.paint('red', `source ${origin} (${location}): ${state}`))
    for (const { where, field, message: text } of wrong) {
      screen.print(`  ${where}: ${field === '' ? '' : `${field}: `}${text}`)
    }
  }
  printTable(session, problems)
  return isWell ? EXIT.ok : EXIT.failed
}

async function ofKind(session: Session, kind: string): Promise<number> {
  const { agent, screen, flags } = session
  const { items, total } = await agent.desired({ kind, limit: 10_000 })
  if (flags.json === true) screen.json(items.map(({ status, origin }) => ({ ...status, origin })))
  else {
    printTable(session, items)
    if (total > items.length) screen.note(`${total - items.length} more are not listed.`)
  }
  return items.every(({ status }) => status.state === 'applied') ? EXIT.ok : EXIT.failed
}

function printTable({ screen }: Session, items: AnswerOf<(typeof OPERATIONS)['desired']>['items']): void {
  if (items.length === 0) return
  const rows = items.map(({ status, origin }) => [
    status.kind,
    status.key,
    origin,
    status.state,
    status.error?.message ?? '',
  ])
  screen.table(['KIND', 'KEY', 'ORIGIN', 'STATE', 'WHY'], rows)
}

async function detail({ agent, screen, flags }: Session, kind: string, key: string): Promise<number> {
  const found = await agent.itemDetail({ kind, key })
  const { status } = found
  if (flags.json === true) screen.json(found)
  else {
    screen.print(screen.paint('bold', `${found.kind} ${found.key}`))
    for (const [name, text] of linesOf(found)) {
      const value = name === 'state' ? screen.paint(STYLES[status.state], text) : text
      screen.print(`  ${`${name}:`.padEnd(13)}${value}`)
    }
  }
  return status.state === 'applied' ? EXIT.ok : EXIT.failed
}

function* linesOf({ status, declarations }: Detail): Generator<readonly [name: string, text: string]> {
  const { state, since, error, waitsFor, attempts, nextTry } = status
  yield ['state', state]
  if (since !== null) yield ['since', timeText(since)]
  if (error !== null) yield ['why', error.message]
  if (error?.name !== undefined) yield ['VPP says', `${error.name} (${error.retval})`]
  if (waitsFor !== null) yield ['waits for', waitsFor]
  if (attempts > 0) yield ['attempts', String(attempts)]
  if (nextTry !== null) yield ['next try', timeText(nextTry)]
  for (const { origin, inForce, where } of declarations) {
    yield [inForce ? 'declared by' : 'also by', `${origin}${where === null ? '' : ` in ${where}`}`]
  }
}
