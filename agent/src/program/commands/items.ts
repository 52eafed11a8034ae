import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import type { AnswerOf, OPERATIONS } from '../../client/index.ts'
import { AgentError } from '../../model/errors.ts'
import type { CommandContext } from './context.ts'
import { readItems } from './read-items.ts'
import { isAnything, printPlan } from './plan-text.ts'
import { addRemote, remote, type Session } from './remote.ts'
import { addWriting, printConfirmation, printProblems, writingOf, type WritingFlags } from './writing.ts'

type Detail = AnswerOf<(typeof OPERATIONS)['itemDetail']>

/** Items of one answer. */
const PAGE = 10_000

/** `get`, `edit`, `delete`: items one by one. */
export function addItems(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'get [kind] [key]',
    'Write items as a file: all, those of a kind, or one. A single item is written as given, several with all defaults. Secrets are hidden.',
    [
      ['vpp-ts-agent get > all.yaml', 'everything that is declared'],
      ['vpp-ts-agent get route', 'all routes'],
      ['vpp-ts-agent get interface lan', 'one item'],
    ],
  ).action(
    remote<object, [string | undefined, string | undefined]>(
      context,
      async ({ agent, screen, flags }, kind, key) => {
        const items: unknown[] = []
        if (kind !== undefined && key !== undefined)
          items.push(givenOf(await agent.itemDetail({ kind, key })))
        else {
          for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
            const page = await agent.desired({ kind, offset, limit: PAGE })
            ;({ total } = page)
            items.push(...page.items.map(({ item }) => item))
          }
        }
        if (flags.json === true) screen.json({ items })
        else screen.print(stringify({ items }, { lineWidth: 120 }).trimEnd())
        return EXIT.ok
      },
    ),
  )
  addEdit(program, context)
  addDelete(program, context)
}

interface ChangeFlags extends WritingFlags {
  readonly yes?: boolean
}

function addEdit(program: Command, context: CommandContext): void {
  const command = addRemote(
    program,
    'edit <kind> <key>',
    'Change an item in an editor ($VISUAL, $EDITOR, or vi): shows the plan, and asks for confirmation.',
    [
      ['vpp-ts-agent edit interface lan', 'edit, look at the plan, say yes'],
      ['vpp-ts-agent edit --confirm 2m route 10.0.0.0/8', 'undone after 2 minutes unless confirmed'],
    ],
  ).option('--yes', 'do not ask')
  addWriting(command).action(
    remote<ChangeFlags, [string, string]>(context, async (session, kind, key) => {
      const { agent, screen, flags } = session
      const detail = await agent.itemDetail({ kind, key })
      const body = await edited(givenOf(detail), context)
      if (body === undefined) {
        screen.note('Nothing was changed.')
        return EXIT.ok
      }
      const plan = await agent.proposePlan({ body: [body], takeOver: flags.takeOver })
      if (!(await isWanted(session, plan))) return plan.conflicts.length > 0 ? EXIT.failed : EXIT.ok
      const { collection, name, table, tag } = detail
      const status = await agent.putItem({
        collection,
        key: name,
        table: table ?? undefined,
        body,
        ifMatch: tag === null ? undefined : `"${tag}"`,
        ...writingOf(flags, context),
      })
      return await told(session, status)
    }),
  )
}

function addDelete(program: Command, context: CommandContext): void {
  const command = addRemote(
    program,
    'delete <kind> <key>',
    'Drop an item: shows the plan and, on a terminal, asks for confirmation.',
    [
      ['vpp-ts-agent delete route 10.0.0.0/8', 'look at the plan, say yes'],
      ['vpp-ts-agent delete --yes interface lan', 'without a question'],
    ],
  ).option('--yes', 'do not ask')
  addWriting(command).action(
    remote<ChangeFlags, [string, string]>(context, async (session, kind, key) => {
      const { agent, flags } = session
      const { collection, name, table, tag, ...ref } = await agent.itemDetail({ kind, key })
      const drop = [{ kind: ref.kind, key: ref.key }]
      const plan = await agent.proposePlan({ body: { drop }, takeOver: flags.takeOver })
      if (!(await isWanted(session, plan))) return plan.conflicts.length > 0 ? EXIT.failed : EXIT.ok
      const status = await agent.deleteItem({
        collection,
        key: name,
        table: table ?? undefined,
        ifMatch: tag === null ? undefined : `"${tag}"`,
        ...writingOf(flags, context),
      })
      return await told(session, status)
    }),
  )
}

function givenOf({ kind, key, given }: Detail): Record<string, unknown> {
  if (given !== null) return given
  throw new AgentError('AGENT_UNKNOWN_ITEM', `${kind} "${key}" is no longer desired`)
}

/** Shows a plan, and asks for confirmation on a terminal. */
async function isWanted(
  { screen, flags, context }: Session<ChangeFlags>,
  plan: AnswerOf<(typeof OPERATIONS)['proposePlan']>,
): Promise<boolean> {
  if (flags.json !== true) printPlan(screen, plan)
  if (!isAnything(plan)) return false
  if (flags.yes === true || context.input.isTTY !== true) return true
  const reader = createInterface({ input: context.input, output: context.err })
  try {
    return /^y(es)?$/i.test((await reader.question('Apply this? [y/N] ')).trim())
  } finally {
    reader.close()
  }
}

async function told(
  { agent, screen, flags }: Session<ChangeFlags>,
  status: AnswerOf<(typeof OPERATIONS)['deleteItem']>,
): Promise<number> {
  if (flags.json === true) screen.json(status ?? null)
  const isDone = status === undefined || status.state === 'applied'
  if (flags.json !== true) {
    if (isDone) screen.print(status === undefined ? 'Removed.' : 'Applied.')
    else printProblems(screen, [status])
    if (flags.confirm !== undefined) await printConfirmation(screen, agent)
  }
  return isDone ? EXIT.ok : EXIT.failed
}

/** What an editor made of an item; undefined for no change. */
async function edited(
  item: Record<string, unknown>,
  context: CommandContext,
): Promise<{ kind: string } | undefined> {
  const { env } = context
  const editor = env['VISUAL'] ?? env['EDITOR'] ?? 'vi'
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-agent-'))
  const file = join(folder, 'item.yaml')
  try {
    const before = stringify(item)
    await writeFile(file, before, { mode: 0o600 })
    // An editor may come with options, as "code --wait".
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env })
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0)
      throw new AgentError('AGENT_CONFIG', `the editor ${editor} ended with ${code ?? 'a signal'}`)
    if ((await readFile(file, 'utf8')) === before) return undefined
    const [changed] = await readItems([file], context)
    return changed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
