import type { Command } from 'commander'
import { gather } from '../checks/gather.ts'
import { findings } from '../checks/rules.ts'
import type { Finding, Verdict } from '../checks/rules.ts'
import { CliError } from '../errors.ts'
import type { Host } from '../host.ts'

const EXAMPLES = `
Examples:
  vpp-ts checks
  vpp-ts checks -o ndjson | jq 'select(.result == "bad")'

Threads and cores, queues and workers, NUMA nodes of cards and buffers, buffers in use, lost
packets, load, heaps. good: as it should be; look: may cost speed; bad: loses packets or
soon will; unknown: could not be seen. Exit code 1 when anything is bad. Counters come from
the stats segment beside the API socket (env: VPP_STATS_SOCKET).`

/** Adds `checks`. */
export function addChecks(program: Command, host: Host): void {
  program
    .command('checks')
    .description('check the tuning of VPP: NUMA placement, workers, queues, buffers')
    .addHelpText('after', EXAMPLES)
    .action(() => checks(host))
}

async function checks(host: Host): Promise<void> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const { statsSocket, timeout, signal } = host
  const found = findings(await gather({ api, statsSocket, timeout, signal }))
  await print(host, found)
  const bad = found.filter((it) => it.result === 'bad').length
  if (bad > 0) throw new CliError('CLI_FAILED', `${bad} of ${found.length} checks are bad`)
}

const COLORS: Readonly<Record<Verdict, 'red' | 'yellow' | 'green' | undefined>> = {
  good: 'green',
  look: 'yellow',
  bad: 'red',
  unknown: undefined,
}

async function print(host: Host, found: readonly Finding[]): Promise<void> {
  const { printer } = host
  if (printer.format !== 'table') return printer.many(found.map((it) => ({ ...it })))
  const { out } = host.context
  const width = Math.max(...found.map((it) => it.check.length))
  for (const { check, result, finding, advice } of found) {
    const color = COLORS[result]
    const word = result.padEnd(8)
    const mark = color === undefined ? word : out.color(color, word)
    await out.write(mark)
    await printer.text(`${check.padEnd(width)}  ${finding}`)
    if (advice !== '') await printer.text(`${' '.repeat(8 + width)}  ${advice}`)
  }
}
