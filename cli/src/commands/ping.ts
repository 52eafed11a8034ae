import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { DynamicApi, builtInSchema } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'
import { wholeNumber } from '../input/number-option.ts'
import { drawHistogram, summarize } from '../output/histogram.ts'

const EXAMPLES = `
Examples:
  vpp-ts ping                        1,000 pings, one after the other
  vpp-ts ping -c 60 -i 1000          one a second for a minute
  vpp-ts ping -o json | jq .p99_us

Times are round trips of control_ping through VPP's main thread: what every API call takes
at least. A long tail means that the main thread is busy.`

interface PingFlags {
  readonly count: number
  readonly interval: number
}

/** Adds `ping`. */
export function addPing(program: Command, host: Host): void {
  program
    .command('ping')
    .description('measure how long VPP takes to answer')
    .option('-c, --count <n>', 'how many', wholeNumber(1, 10_000_000), 1000)
    .option('-i, --interval <ms>', 'milliseconds between two', wholeNumber(0, 86_400_000), 0)
    .addHelpText('after', EXAMPLES)
    .action((flags: PingFlags) => ping(host, flags))
}

async function ping(host: Host, { count, interval }: PingFlags): Promise<void> {
  await using vpp = await host.connect()
  const api = DynamicApi.fromSchema(builtInSchema(), vpp)
  const { signal } = host
  const durations: number[] = []
  for (let sent = 0; sent < count && !signal.aborted; sent++) {
    if (sent > 0 && interval > 0) await pause(interval, signal)
    if (signal.aborted) break
    const begin = performance.now()
    await api.call('control_ping')
    durations.push((performance.now() - begin) * 1000)
  }
  const { printer } = host
  const summary = summarize(durations)
  if (printer.format !== 'table') return printer.one({ target: vpp.target, pid: vpp.pid, ...summary })
  await printer.text(
    `${vpp.target} (pid ${vpp.pid}): ${summary.count} pings, microseconds: ` +
      `min ${summary.min_us}, mean ${summary.mean_us}, p50 ${summary.p50_us}, p90 ${summary.p90_us}, ` +
      `p99 ${summary.p99_us}, max ${summary.max_us}`,
  )
  await printer.text(drawHistogram(durations))
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal })
  } catch {
    // Ctrl-C: what has been measured is printed.
  }
}
