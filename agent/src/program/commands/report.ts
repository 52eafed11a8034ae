import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT } from '@vpp-ts/command'
import type { Command } from 'commander'
import { create } from 'tar'
import type { AgentClient } from '../../client/index.ts'
import { AgentError } from '../../model/errors.ts'
import type { CommandContext } from './context.ts'
import { addRemote, remote } from './remote.ts'

/** Entries of a list at most: a report is looked at by people. */
const MOST = 10_000
/** Commands of VPP's CLI whose output is in a report; they only show something. */
const SHOWN = [
  'show version verbose',
  'show hardware-interfaces',
  'show interface',
  'show errors',
  'show runtime',
  'show memory main-heap',
  'show logging',
] as const

/** Everything that a report holds, by the name of its file. */
function partsOf(agent: AgentClient): ReadonlyMap<string, () => Promise<unknown>> {
  return new Map<string, () => Promise<unknown>>([
    ['info.json', () => agent.info()],
    ['configuration.json', () => agent.configuration()],
    ['instance.json', () => agent.instance()],
    ['items.json', () => agent.desired({ limit: MOST })],
    ['actual.json', () => agent.actual({ limit: MOST })],
    ['plan.json', () => agent.plan()],
    ['revisions.json', () => agent.revisions()],
    ['confirmation.json', () => agent.confirmation()],
    ['origins.json', () => agent.origins()],
    ['sources.json', () => agent.sources()],
    ['conflicts.json', () => agent.conflicts({ limit: MOST })],
    ['frozen.json', () => agent.frozen({ limit: MOST })],
    ['events.json', () => agent.events({ limit: MOST })],
    ['interfaces.json', () => agent.interfaces({ limit: MOST })],
    ['error-counters.json', () => agent.errorCounters({ limit: MOST })],
    ['trace.json', () => agent.trace({ limit: MOST })],
    ...SHOWN.map((command): [string, () => Promise<unknown>] => [
      `vpp-${command.replaceAll(' ', '-')}.txt`,
      async () => (await agent.command({ body: { command } })).output,
    ]),
  ])
}

/** `report`: what is needed to diagnose a problem. */
export function addReport(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'report [file]',
    'Write a support bundle (.tar.gz): versions, configuration, items, statuses, plan, events, trace, counters. It has no secrets; look at it before you give it away, for it describes the network.',
    [
      ['vpp-ts-agent report', 'vpp-ts-report-TIME.tar.gz in this folder'],
      ['vpp-ts-agent report /tmp/edge.tar.gz', 'a file of that name, which must not exist yet'],
    ],
  ).action(
    remote<object, [string | undefined]>(context, async ({ agent, screen, flags }, name) => {
      // Without an agent there is nothing to report.
      await agent.info()
      const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-report-'))
      try {
        const missing = await collect(agent, folder)
        const file = name ?? `vpp-ts-report-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.tar.gz`
        await pack(folder, file)
        if (flags.json === true) screen.json({ file, missing })
        else {
          screen.print(`Written: ${file}`)
          for (const [part, reason] of Object.entries(missing)) screen.print(`  without ${part}: ${reason}`)
        }
        return EXIT.ok
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }),
  )
}

/** Asks for all parts. @returns those that could not be had, and why */
async function collect(agent: AgentClient, folder: string): Promise<Record<string, string>> {
  const missing: Record<string, string> = {}
  for (const [name, ask] of partsOf(agent)) {
    try {
      const part = await ask()
      const text = typeof part === 'string' ? part : `${JSON.stringify(part, null, 2)}\n`
      await writeFile(join(folder, name), text, { mode: 0o600 })
    } catch (error) {
      missing[name] = (error as Error).message
    }
  }
  await writeFile(join(folder, 'missing.json'), `${JSON.stringify(missing, null, 2)}\n`, { mode: 0o600 })
  return missing
}

async function pack(folder: string, file: string): Promise<void> {
  const chunks: Buffer[] = []
  const archive = create({ gzip: true, cwd: folder, prefix: 'vpp-ts-report', portable: true }, ['.'])
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  try {
    await writeFile(file, Buffer.concat(chunks), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new AgentError('AGENT_CONFIG', `${file}: ${(error as Error).message}`, { cause: error })
  }
}
