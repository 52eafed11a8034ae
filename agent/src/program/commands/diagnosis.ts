import { writeFile } from 'node:fs/promises'
import { EXIT } from '@vpp-ts/command'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addRemote, millisecondsOf, remote, type RemoteFlags } from './remote.ts'
import { traceText } from './trace-text.ts'

/** Milliseconds that an answer may take beyond the time for which packets are waited for. */
const PATIENCE = 30_000

interface ForFlags {
  /** Milliseconds. */
  readonly for: number
  readonly packets: number
}

/** Packet tools: `trace`, `pcap`, `errors`. */
export function addDiagnosis(program: Command, context: CommandContext): void {
  addTrace(program, context)
  addCapture(program, context)
  addErrors(program, context)
}

function addTrace(program: Command, context: CommandContext): void {
  const command = addRemote(
    program,
    'trace [node]',
    'Trace packets that enter at a graph node, and show their path; or clear the trace.',
    [
      ['vpp-ts-agent trace memif-input', 'the next packets of all memifs, for 2 seconds'],
      ['vpp-ts-agent trace dpdk-input --packets 5 --for 10s', 'five of a thread at most'],
      ['vpp-ts-agent trace --clear', 'discard traced packets'],
    ],
  )
  command
    .option('--packets <n>', 'maximum packets per thread', countUpTo(1000), 20)
    .option('--for <duration>', 'how long, up to 60s', millisecondsOf, 2000)
    .option('--clear', 'stop tracing and discard all traces, whichever client started them')
    .action(
      remote<ForFlags & { clear?: boolean }, [string | undefined]>(
        context,
        async ({ agent, screen, flags }, node) => {
          if (flags.clear === true) {
            await agent.dropTrace()
            if (flags.json === true) screen.json({ cleared: true })
            else screen.print('cleared')
            return EXIT.ok
          }
          if (node === undefined) {
            const message = 'error: which graph node? Name one, such as virtio-input or memif-input'
            return command.error(message, { code: 'commander.usage', exitCode: EXIT.usage })
          }
          const body = { node, packets: flags.packets, seconds: flags.for / 1000 }
          const traced = await agent.tracePackets({ body, ...waiting(flags, context) })
          if (flags.json === true) screen.json(traced)
          else if (traced.packets.length === 0) screen.print(`no packet came in at ${node}`)
          else screen.print(traceText(traced, screen))
          if (!traced.cleared) {
            screen.note('another client is tracing too: the buffer of VPP was not cleared')
          }
          return EXIT.ok
        },
      ),
    )
}

function addCapture(program: Command, context: CommandContext): void {
  addRemote(program, 'pcap <file>', 'Capture packets to a pcap file; "-" is standard output.', [
    ['vpp-ts-agent pcap lan.pcap --interface lan --for 10s', 'what one interface receives and sends'],
    ['vpp-ts-agent pcap drops.pcap --only dropped', 'packets that VPP drops'],
    ['vpp-ts-agent pcap - | tcpdump -nr -', 'look at once'],
  ])
    .option('--interface <name>', 'an interface; default: all')
    .option('--only <what>', 'received, sent or dropped; default: received and sent', oneOf)
    .option('--packets <n>', 'maximum packets', countUpTo(100_000), 1000)
    .option('--bytes <n>', 'bytes kept per packet, 32 to 9000', countUpTo(9000), 512)
    .option('--for <duration>', 'how long, up to 60s', millisecondsOf, 5000)
    .action(
      remote<ForFlags & { interface?: string; only?: Only; bytes: number }, [string]>(
        context,
        async ({ agent, screen, flags }, file) => {
          const { interface: name, only, packets, bytes } = flags
          const what =
            only === undefined
              ? {}
              : { received: only === 'received', sent: only === 'sent', dropped: only === 'dropped' }
          const body = {
            ...(name === undefined ? {} : { interface: name }),
            ...what,
            packets,
            bytes,
            seconds: flags.for / 1000,
          }
          const captured = await agent.capture({ body, ...waiting(flags, context) })
          if (file === '-') {
            context.out.write(captured)
            return EXIT.ok
          }
          await writeFile(file, captured)
          if (flags.json === true) screen.json({ file, bytes: captured.length })
          else screen.print(`${file}: ${captured.length} bytes`)
          return EXIT.ok
        },
      ),
    )
}

function addErrors(program: Command, context: CommandContext): void {
  addRemote(program, 'errors [text]', 'Error counters of graph nodes with their rates, the fastest first.', [
    ['vpp-ts-agent errors', 'those that have counted'],
    ['vpp-ts-agent errors ip4', 'those with this text in them'],
  ])
    .option('--limit <n>', 'maximum counters', countUpTo(100_000), 50)
    .action(
      remote<{ limit: number }, [string | undefined]>(context, async ({ agent, screen, flags }, search) => {
        const found = await agent.errorCounters({ search, limit: flags.limit })
        if (flags.json === true) {
          screen.json(found)
          return EXIT.ok
        }
        const { total, errors } = found
        const rows = errors.map(({ node, reason, count, perSecond }) => [
          perSecond === null ? '?' : perSecond.toFixed(1),
          String(count),
          node,
          reason,
        ])
        screen.table(['per second', 'count', 'node', 'reason'], rows)
        if (total > errors.length) screen.note(`${total - errors.length} more; see --limit`)
        return EXIT.ok
      }),
    )
}

type Only = 'received' | 'sent' | 'dropped'

function oneOf(text: string): Only {
  if (text === 'received' || text === 'sent' || text === 'dropped') return text
  throw new InvalidArgumentError('expected received, sent or dropped')
}

function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}`)
  }
}

/** The end of the command ends what it waits for. */
function waiting({ for: time, timeout }: RemoteFlags & ForFlags, { signal }: CommandContext) {
  return { within: Math.max(timeout, time + PATIENCE), signal: signal() }
}
