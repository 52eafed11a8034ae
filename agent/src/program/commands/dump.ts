import { basename, dirname } from 'node:path'
import { EXIT } from '@vpp-ts/command'
import { VppConnection } from '@vpp-ts/runtime'
import { Option, type Command } from 'commander'
import { readAgentConfig, type InstanceConfig } from '../../config/read-config.ts'
import { adoptAlone, dumpAlone } from '../../instance/dump-alone.ts'
import { KINDS } from '../../kinds/built-in.ts'
import type { Item } from '../../kinds/item.ts'
import { AgentError } from '../../model/errors.ts'
import type { Dump } from '../../reconcile/dump.ts'
import { readItemFile } from '../../sources/item-files.ts'
import { itemsText } from '../items-text.ts'
import { openStore } from '../start-agent.ts'
import type { CommandContext } from './context.ts'
import { addRemote, remote, type Session } from './remote.ts'
import type { Screen } from './screen.ts'

interface DumpFlags {
  readonly kind?: string
  readonly adopt?: boolean
  readonly origin?: string
  readonly socket?: string
  readonly config?: string
  readonly with?: string
}

/** Where the schema is beside a file that no agent has written. */
const SCHEMA_FILE = 'items.schema.json'

/** `dump`: what VPP has as items, and taking it over. */
export function addDump(program: Command, context: CommandContext): void {
  addRemote(program, 'dump', "Write VPP's state, whoever created it, as a file of items.", [
    ['vpp-ts-agent dump > router.yaml', 'all of it'],
    ['vpp-ts-agent dump --kind route,acl', 'some of it'],
    ['vpp-ts-agent dump --adopt', 'declare it, as the agent’s from now on; VPP is not changed'],
    ['vpp-ts-agent dump --socket /run/vpp/api.sock', 'without an agent'],
    ['vpp-ts-agent dump --config agent.yaml --adopt', 'into the store of an agent that does not run'],
  ])
    .option('--kind <kinds>', 'only items of these kinds, separated by commas')
    .option('--adopt', 'declare what is not declared yet; the agent takes it over')
    .option('--origin <name>', 'origin that declares it; default: api')
    .option('--socket <path>', 'ask the VPP with this API socket; needs no agent')
    .addOption(
      new Option('--config <file>', 'configuration of an agent that does not run').conflicts('socket'),
    )
    .option('--with <file>', 'items with what VPP does not report, such as the secrets of memifs')
    .action(
      remote<DumpFlags>(context, async (session) => {
        const { flags } = session
        if (flags.socket !== undefined) await dumpVpp(session, flags.socket)
        else if (flags.config !== undefined) await dumpOfConfig(session, flags.config)
        else await dumpOfAgent(session)
        return EXIT.ok
      }),
    )
}

function refuse(message: string): never {
  throw new AgentError('AGENT_CONFIG', message)
}

async function dumpOfAgent({ agent, screen, flags }: Session<DumpFlags>): Promise<void> {
  const { kind, origin, server } = flags
  if (flags.with !== undefined)
    refuse('--with goes with --socket or --config: an agent knows its own secrets')
  const schema = `${server.replace(/\/$/, '')}/api/v1/schema`
  if (flags.adopt === true) {
    const { declared, objects, ...dump } = await agent.adopt({ kind, origin })
    write(screen, flags, dump, schema, { declared, objects })
  } else write(screen, flags, await agent.dump({ kind }), schema)
}

async function dumpVpp({ screen, flags }: Session<DumpFlags>, socket: string): Promise<void> {
  if (flags.adopt === true) refuse('--adopt needs an agent, or --config, to be told whose it becomes')
  await using connection = await VppConnection.connect(socket, { clientName: 'vpp-ts-agent dump' })
  const dump = await dumpAlone(connection, { only: onlyOf(flags), given: await givenOf(flags) })
  write(screen, flags, dump, SCHEMA_FILE)
}

async function dumpOfConfig({ screen, flags }: Session<DumpFlags>, file: string): Promise<void> {
  const config = await readAgentConfig(file)
  const instance = instanceOf(config.instances, flags.instance)
  const given = await givenOf(flags)
  const options = { only: onlyOf(flags), given }
  const socket = instance.govpp.socketPath
  await using connection = await VppConnection.connect(socket, { clientName: 'vpp-ts-agent dump' })
  if (flags.adopt !== true) {
    write(screen, flags, await dumpAlone(connection, options), SCHEMA_FILE)
    return
  }
  const store = await openStore(config.store)
  try {
    const origin = flags.origin
    const adopted = await adoptAlone(store, instance.name, connection, { ...options, origin })
    const { declared, objects } = adopted
    write(screen, flags, adopted, SCHEMA_FILE, { declared: declared.length, objects })
  } finally {
    await store.close()
  }
}

function instanceOf(instances: readonly InstanceConfig[], name: string | undefined): InstanceConfig {
  const found = name === undefined ? instances[0] : instances.find((it) => it.name === name)
  if (found !== undefined) return found
  throw new AgentError('AGENT_UNKNOWN_INSTANCE', `the configuration has no instance ${JSON.stringify(name)}`)
}

function onlyOf({ kind }: DumpFlags): ReadonlySet<string> | undefined {
  if (kind === undefined) return undefined
  const names = kind.split(',')
  const unknown = names.find((name) => !KINDS.items.has(name))
  if (unknown !== undefined) refuse(`--kind: there is no kind ${JSON.stringify(unknown)}`)
  return new Set(names)
}

async function givenOf({ with: path }: DumpFlags): Promise<Item[]> {
  if (path === undefined) return []
  const { items, problems } = await readItemFile(dirname(path), basename(path), KINDS)
  const [problem] = problems
  if (problem !== undefined)
    refuse(`--with ${path}:${problem.line ?? 0}: ${problem.field} ${problem.message}`)
  return Array.from(items, ({ declaration }) => declaration.item)
}

function write(
  screen: Screen,
  flags: DumpFlags & { readonly json?: boolean },
  dump: Pick<Dump, 'items' | 'leftOut'>,
  schema: string,
  taken?: { readonly declared: number; readonly objects: number },
): void {
  if (flags.json === true) screen.json({ ...dump, ...taken })
  else screen.print(itemsText(dump, schema).trimEnd())
  if (taken !== undefined) {
    screen.note(`${taken.declared} items are declared; ${taken.objects} objects are the agent's from now on`)
  }
}
