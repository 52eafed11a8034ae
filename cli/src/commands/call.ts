import type { Command } from 'commander'
import type { Host } from '../host.ts'
import { withHint } from '../hints.ts'
import { buildRequests } from '../input/build-requests.ts'

const EXAMPLES = `
Examples:
  vpp-ts call show_version
  vpp-ts call create_loopback mac_address=02:00:00:00:00:01
  vpp-ts call sw_interface_set_flags sw_if_index=loop0 flags=admin_up
  vpp-ts call ip_route_add_del is_add=true route.prefix=10.0.0.0/24 \\
      'route.paths[0].nh.address=192.0.2.1' 'route.paths[0].sw_if_index=loop0'
  echo '{"is_add": true, "table": {"table_id": 7}}' | vpp-ts call ip_table_add_del -

Fields not named take the API's defaults. Values: numbers as 7 or 0x1f; none or all for all
bits (~0, quoted: '~0'); interfaces by index or name; enum members by name or its end; flags with commas; lists with commas or as
JSON; bytes as 0x… or text; keys of wireguard as base64, those of IPsec as hex digits. Quote what the shell would read itself, such as [0].`

/** Adds `call`. */
export function addCall(program: Command, host: Host): void {
  program
    .command('call <message> [fields...]')
    .description('send a request and print its reply; - reads requests as JSON from stdin')
    .option('-n, --newest', 'use the newest version of the message: tap_create_v3 for tap_create')
    .option('--force', 'send requests that are known to crash VPP too')
    .addHelpText('after', EXAMPLES)
    .action((message: string, fields: string[], flags: CallFlags) => call(host, message, fields, flags))
}

interface CallFlags {
  readonly newest?: boolean
  readonly force?: boolean
}

async function call(host: Host, message: string, args: readonly string[], flags: CallFlags): Promise<void> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const name = flags.newest === true ? api.newest(message) : message
  const requests = await buildRequests(api, name, args, host.context.input)
  const { descriptor } = api.schema.method(name).request
  for (const request of requests) {
    const reply = await api
      .call(name, request, { signal: host.signal, force: flags.force })
      .catch((error: unknown) => {
        throw withHint(error, descriptor, request)
      })
    if (reply !== undefined) await host.printer.one(reply)
  }
}
