import type { Model } from '../model/model.ts'
import { CliError, unknownInput } from './commands.ts'
import type { CliCommand } from './commands.ts'
import { center } from './format.ts'
import { pluginFiles } from './plugin-names.ts'
import { showRuntime, threadName } from './show-runtime.ts'
import { Words } from './words.ts'

const showVersion: CliCommand = (args, { model: { identity }, pid }) => {
  const { version, buildDate, buildDirectory } = identity
  if (args[0] !== 'verbose') return `vpp v${version} built by vpp-ts on localhost at ${buildDate}\n`
  const facts = [
    ['Version', `v${version}`],
    ['Compiled by', 'vpp-ts'],
    ['Compile host', 'localhost'],
    ['Compile date', buildDate],
    ['Compile location', buildDirectory],
    ['Current PID', String(pid)],
  ]
  return facts.map(([name, value]) => `${`${name}:`.padEnd(26)}${value}\n`).join('')
}

const showThreads: CliCommand = (_args, { pid }) =>
  [
    'ID     Name                Type        LWP     Sched Policy (Priority)  lcore  Core   Socket State     ',
    `0      vpp_main                        ${String(pid).padEnd(8)}other (0)                0      0      0                `,
    '',
  ].join('\n')

const showPlugins: CliCommand = (_args, { model: { identity }, release }) => {
  // Without descriptions: those are sentences of VPP.
  const rows = pluginFiles(release.name, release.plugins()).map(
    (file, index) => `${String(index + 1).padStart(3)}. ${file.padEnd(40)} ${identity.version.padEnd(32)} `,
  )
  return [
    ' Plugin path is: (simulated), plugins shown in load order',
    '',
    `     ${'Plugin'.padEnd(41)}${'Version'.padEnd(33)}Description`,
    ...rows,
    '',
  ].join('\n')
}

const showErrors: CliCommand = (args, { model }) => {
  const [word, level = '1'] = args
  if (word === undefined) return [errorHeader(''), ...errorRows(model, false, false), ''].join('\n')
  if (word !== 'verbose') throw unknownInput(args)
  const all = Number(level) > 1
  return [errorHeader(center('Index', 6)), ...errorRows(model, true, all), ...errorTotals(model), ''].join(
    '\n',
  )
}

function errorHeader(more: string): string {
  return `${center('Count', 10)}${center('Node', 35)}${center('Reason', 35)}${center('Severity', 10)}${more}`
}

function errorRows({ nodes }: Model, verbose: boolean, all: boolean): string[] {
  return nodes.threads().flatMap((thread) => {
    const rows = [...nodes].flatMap(({ name, errors }) =>
      errors.flatMap(({ column, reason, severity }) => {
        const count = nodes.shownErrors(column, thread)
        if (count === 0n && !all) return []
        const row = `${String(count).padStart(10)}${center(name, 35)}${center(reason, 35)}${center(severity, 10)}`
        return [verbose ? row + center(column, 6) : row]
      }),
    )
    // VPP writes the end of the name, too.
    return verbose ? [`Thread ${thread} (${threadName(thread)}\0):`, ...rows] : rows
  })
}

function errorTotals({ nodes }: Model): string[] {
  const rows = [...nodes].flatMap(({ name, errors }) =>
    errors.flatMap(({ column, reason }) => {
      const sum = nodes.threads().reduce((total, thread) => total + nodes.shownErrors(column, thread), 0n)
      if (sum === 0n) return []
      return [`${String(sum).padStart(10)}${center(name, 40)}${center(reason, 20)}${center(column, 10)}`]
    }),
  )
  return ['Total:', ...rows]
}

const showClock: CliCommand = (_args, { uptime }) =>
  `Time now ${uptime.toFixed(6)}, ${new Date().toUTCString()}\n`

const showApiClients: CliCommand = (_args, { clients }) => {
  const rows = [...clients].map((it) => `${it.name.padStart(20)}${String(it.number).padStart(9)}`)
  return ['Socket clients', `${'Name'.padStart(20)}  Fildesc`, ...rows, ''].join('\n')
}

const showMessageTable: CliCommand = (_args, { table }) => {
  const rows = Array.from({ length: table.size }, (_, index) => {
    const entry = table.byId(index + 1)
    return `${String(index + 1).padEnd(5)}${entry?.service === undefined ? '  [no handler]' : entry.name}`
  })
  return ['ID   Name', ...rows, ''].join('\n')
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)}M`
}

const showMemory: CliCommand = () => {
  const { heapTotal, heapUsed } = process.memoryUsage()
  return [
    "base 0x0, size 1g, locked, unmap-on-destroy, name 'main heap'",
    `  total: ${mib(heapTotal)}, used: ${mib(heapUsed)}, free: ${mib(heapTotal - heapUsed)}`,
    '',
  ].join('\n')
}

const showBuffers: CliCommand = () =>
  [
    'Pool Name            Index NUMA  Size  Data Size  Total  Avail  Cached   Used  ',
    'default-numa-0         0     0   2304     2048    8192   8192      0       0   ',
    '',
  ].join('\n')

/** Packets that are shown unless `max` says otherwise. */
const SHOWN = 50

const showTrace: CliCommand = (args, { model: { traces, hardware } }) => {
  const words = new Words(args)
  const max = words.take('max') ? words.number() : SHOWN
  const threads = Array.from({ length: hardware.workers + 1 }, (_, thread) => thread)
  return threads
    .flatMap((thread) => {
      const packets = traces.packets.filter((packet) => packet.thread === thread)
      const head = `------------------- Start of thread ${thread} ${threadName(thread)} -------------------`
      if (packets.length === 0) return [head, 'No packets in trace buffer']
      const shown = packets.slice(0, max).map(({ text }, at) => `Packet ${at + 1}\n${text}\n`)
      const limit = `Limiting display to ${max} packets. To display more specify max.`
      return [head, ...shown, ...(packets.length > max ? [limit] : [])]
    })
    .join('\n')
}

const addTrace: CliCommand = (args, { model: { traces, nodes } }) => {
  const words = new Words(args)
  const index = nodes.byName(words.next())?.index
  if (index === undefined) throw new CliError(`expected NODE COUNT, got \`${args.join(' ')}'`)
  traces.capture(index, words.number())
  return ''
}

const pcapTrace: CliCommand = (args, { model: { captures } }) => {
  const { state } = captures
  if (args[0] === 'off') {
    if (state === undefined) throw new CliError('dispatch trace already disabled...')
    captures.end()
    return `Write ${state.captured} packets to /tmp/${state.filename}, and stop capture...`
  }
  if (args[0] !== 'status') throw unknownInput(args)
  if (state === undefined) return 'pcap dispatch capture disabled'
  const { received, sent, dropped } = state
  const what = [received ? 'rx' : '', sent ? 'tx' : '', dropped ? 'drop' : ''].filter((it) => it !== '')
  return [
    `pcap ${what.join(' and ')} dispatch capture enabled: ${state.captured} of ${state.packets} pkts...`,
    `capture to file /tmp/${state.filename}`,
  ].join('\n')
}

const nothing: CliCommand = () => ''

/** Commands on VPP as a program. */
export const systemCommands: Readonly<Record<string, CliCommand>> = {
  'show version': showVersion,
  'show threads': showThreads,
  'show runtime': showRuntime,
  'show plugins': showPlugins,
  'show errors': showErrors,
  'show node counters': showErrors,
  'show clock': showClock,
  'show api clients': showApiClients,
  'show api message-table': showMessageTable,
  'show memory': showMemory,
  'show buffers': showBuffers,
  'show trace': showTrace,
  'show logging': nothing,
  'clear errors': (_args, { model: { nodes } }) => {
    nodes.clearErrors()
    return ''
  },
  'clear interfaces': (_args, { model: { counters } }) => {
    counters.clear()
    return ''
  },
  'clear runtime': (_args, { model: { nodes } }) => {
    nodes.clearRuntime()
    return ''
  },
  'trace add': addTrace,
  'clear trace': (_args, { model: { traces } }) => {
    traces.clear()
    return ''
  },
  'pcap trace': pcapTrace,
  comment: nothing,
}
