import type { Command } from 'commander'
import type { PlainMessage } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'
import { buildEventRequest } from '../input/build-requests.ts'
import { wholeNumber } from '../input/number-option.ts'
import { cellText, flatten } from '../output/table.ts'

const EXAMPLES = `
Examples:
  vpp-ts watch sw_interface_event
  vpp-ts watch ip_neighbor_event_v2 ip=0.0.0.0 sw_if_index=all -o ndjson
  vpp-ts watch sw_interface_event --count 1 --reconnect
  vpp-ts watch ping_finished_event address=192.0.2.1 repeat=3 interval=1 --count 1

Fields go into the request that asks for the event (want_…) or brings it about. JSON has the time of arrival
as "@time". vpp-ts messages --kind event lists the events.`

interface WatchFlags {
  readonly count?: number
  readonly reconnect?: boolean
}

/** Adds `watch`. */
export function addWatch(program: Command, host: Host): void {
  program
    .command('watch <event> [fields...]')
    .description('print events as they arrive, until Ctrl-C')
    .option('-c, --count <n>', 'stop after this many events', wholeNumber(1, 1e9))
    .option('-r, --reconnect', 'continue after a restart of VPP')
    .addHelpText('after', EXAMPLES)
    .action((event: string, fields: string[], flags: WatchFlags) => watch(host, event, fields, flags))
}

async function watch(host: Host, event: string, args: readonly string[], flags: WatchFlags): Promise<void> {
  await using vpp = await host.connect({ reconnect: flags.reconnect === true })
  const api = await host.api(vpp)
  const { want, cause } = await buildEventRequest(api, event, args)
  await using events = api.events(event, want, { signal: host.signal, overflow: 'error' })
  await events.ready
  if (cause !== undefined) await api.call(cause.message, cause.request, { signal: host.signal })
  const { err } = host.context
  if (err.isTerminal) await err.write(`watching ${event} of ${vpp.target}; Ctrl-C ends\n`)
  await printEvents(host, counted(timed(events), flags.count ?? Infinity))
}

type TimedEvent = PlainMessage & { readonly '@time': string }

async function printEvents(host: Host, events: AsyncIterable<TimedEvent>): Promise<void> {
  const { printer } = host
  if (printer.format !== 'table') return printer.many(events)
  for await (const { '@time': time, ...event } of events) {
    const fields = flatten(event).map(([path, value]) => `${path}=${cellText(value)}`)
    await printer.text([time, ...fields].join(' '))
    if (host.context.out.closed) return
  }
}

async function* timed(events: AsyncIterable<PlainMessage>): AsyncGenerator<TimedEvent> {
  for await (const event of events) yield { '@time': new Date().toISOString(), ...event }
}

async function* counted<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let count = 0
  for await (const item of items) {
    yield item
    if (++count >= most) return
  }
}
