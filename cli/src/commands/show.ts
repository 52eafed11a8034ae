import type { Command } from 'commander'
import type { Schema } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'
import { formatTable } from '../output/table.ts'
import { describeFields } from '../schema/describe-fields.ts'
import type { FieldLine } from '../schema/describe-fields.ts'
import { rolesOf, statusOf } from '../schema/roles.ts'
import type { Role } from '../schema/roles.ts'

const EXAMPLES = `
Examples:
  vpp-ts show ip_route_add_del
  vpp-ts show sw_interface_event -o json
  vpp-ts show --api /usr/share/vpp/api acl_add_replace

Fields are written as for call; [0] stands for each element of a list.`

/** Adds `show`. */
export function addShow(program: Command, host: Host): void {
  program
    .command('show <message>')
    .description('the definition of a message: fields, accepted values, reply')
    .addHelpText('after', EXAMPLES)
    .action((message: string) => show(host, message))
}

/** A message and what goes with it. */
interface Definition {
  readonly message: string
  readonly kind: Role
  readonly module: string | undefined
  readonly crc: string | undefined
  readonly status: string
  readonly fields: readonly FieldLine[]
}

async function show(host: Host, message: string): Promise<void> {
  const schema = await host.definitions()
  const definitions = [message, ...answersOf(schema, message)].map((name) => define(schema, name))
  if (host.printer.format !== 'table') {
    const [own, ...answers] = definitions
    return host.printer.one({ ...own, answers })
  }
  const { out } = host.context
  await host.printer.text(definitions.map((it) => page(it, (text) => out.bold(text))).join('\n'))
}

/** Names of the reply, details and events that a request brings about. */
function answersOf(schema: Schema, message: string): string[] {
  const service = schema.service(message)
  if (service === undefined) return []
  return [service.details, service.reply, ...service.events].filter((it) => it !== undefined)
}

function define(schema: Schema, message: string): Definition {
  const { descriptor } = schema.message(message)
  return {
    message,
    kind: rolesOf(schema).get(message) ?? 'other',
    module: schema.moduleOf(message),
    crc: descriptor.crc,
    status: statusOf(schema, message),
    fields: describeFields(descriptor),
  }
}

function page(
  { message, kind, module, crc, status, fields }: Definition,
  bold: (text: string) => string,
): string {
  const facts = [kind, `module ${module}`, `CRC ${crc}`, ...(status === '' ? [] : [status])]
  const title = `${bold(message)}  ${facts.join(', ')}\n`
  if (fields.length === 0) return `${title}  no fields\n`
  const rows = fields.map(({ field, ...it }) => ({ ...it, '  field': `  ${field}` }))
  return title + formatTable(['  field', 'type', 'default', 'takes'], rows, (text) => text)
}
