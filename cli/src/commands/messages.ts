import type { Command } from 'commander'
import { Option } from 'commander'
import type { Schema } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import type { Host } from '../host.ts'
import { ROLES, rolesOf, statusOf } from '../schema/roles.ts'
import type { Role } from '../schema/roles.ts'

const EXAMPLES = `
Examples:
  vpp-ts messages interface
  vpp-ts messages --kind event
  vpp-ts messages --module nat44_ed --kind call
  vpp-ts messages -o ndjson | jq -r .message
  vpp-ts messages --api api-json/26.06 vxlan       without a running VPP`

interface MessagesFlags {
  readonly kind?: Role
  readonly module?: string
}

/** Adds `messages`. */
export function addMessages(program: Command, host: Host): void {
  program
    .command('messages [words...]')
    .description('list the messages whose names have all of the words')
    .addOption(new Option('-k, --kind <kind>', 'only of this kind').choices(ROLES))
    .option('-m, --module <name>', 'only of this module')
    .addHelpText('after', EXAMPLES)
    .action((words: string[], flags: MessagesFlags) => messages(host, words, flags))
}

async function messages(host: Host, words: readonly string[], flags: MessagesFlags): Promise<void> {
  const schema = await host.definitions()
  if (flags.module !== undefined && !schema.modules().includes(flags.module)) {
    throw new CliError(
      'CLI_USAGE',
      `there is no module ${flags.module}`,
      `modules: ${schema.modules().join(', ')}`,
    )
  }
  await host.printer.many(listed(schema, words, flags), { empty: 'none' })
}

function listed(schema: Schema, words: readonly string[], flags: MessagesFlags) {
  const roles = rolesOf(schema)
  const wanted = words.map((word) => word.toLowerCase())
  return schema
    .messages(flags.module)
    .filter((name) => wanted.every((word) => name.includes(word)))
    .map((message) => ({
      message,
      kind: roles.get(message) ?? 'other',
      module: schema.moduleOf(message),
      crc: schema.crcOf(message),
      status: statusOf(schema, message),
    }))
    .filter(({ kind }) => flags.kind === undefined || kind === flags.kind)
    .sort((a, b) => (a.message < b.message ? -1 : 1))
}
