import type { Command } from 'commander'
import type { Host } from '../host.ts'
import { buildRequests } from '../input/build-requests.ts'
import { listOption } from '../input/list-option.ts'

const EXAMPLES = `
Examples:
  vpp-ts dump sw_interface_dump
  vpp-ts dump sw_interface_dump name_filter_valid=true name_filter=loop
  vpp-ts dump ip_address_dump sw_if_index=loop0 is_ipv6=false
  vpp-ts dump ip_route_v2_dump table.table_id=0 --fields route.prefix
  vpp-ts dump ip_route_v2_dump -o ndjson | jq -r .route.prefix

A table leaves out columns that are empty or at their default in every line; --all shows
them. JSON is always complete.`

interface DumpFlags {
  readonly newest?: boolean
  readonly force?: boolean
  readonly all?: boolean
  readonly fields?: readonly string[]
}

/** Adds `dump`. */
export function addDump(program: Command, host: Host): void {
  program
    .command('dump <message> [fields...]')
    .description('send a request that is answered by details, and print them; - reads it as JSON from stdin')
    .option('-f, --fields <names>', 'only these fields, separated by commas; nested ones by path', listOption)
    .option('-a, --all', 'all columns, including empty ones')
    .option('-n, --newest', 'use the newest version of the message')
    .option('--force', 'send requests that are known to crash VPP too')
    .addHelpText('after', EXAMPLES)
    .action((message: string, fields: string[], flags: DumpFlags) => dump(host, message, fields, flags))
}

async function dump(host: Host, message: string, args: readonly string[], flags: DumpFlags): Promise<void> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const name = flags.newest === true ? api.newest(message) : message
  const requests = await buildRequests(api, name, args, host.context.input)
  const details = api.schema.service(name)?.details
  const dull = flags.all === true || details === undefined ? undefined : api.defaults(details)
  for (const request of requests) {
    const rows = api.dump(name, request, { signal: host.signal, force: flags.force })
    await host.printer.many(rows, { fields: flags.fields, dull, empty: 'none' })
  }
}
