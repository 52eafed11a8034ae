import type { CliCommand } from './commands.ts'
import { center } from './format.ts'
import { pluginFiles } from './plugin-names.ts'

const NODES = [
  'api-rx-from-ring',
  'fib-walk',
  'ip4-neighbor-age-process',
  'memif-process',
  'statseg-collector-process',
]

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

const showRuntime: CliCommand = (_args, { uptime }) => {
  const header = [
    `Time ${uptime.toFixed(1)}, 10.000000 sec internal node vector rate 0.00 loops/sec 1000000.00`,
    '  vector rates in 0.0000e0, out 0.0000e0, drop 0.0000e0, punt 0.0000e0',
    '             Name                 State         Calls          Vectors        Suspends      Packet-Clocks   Vectors/Call  ',
  ]
  const rows = NODES.map(
    (name) =>
      `${name.padEnd(30)}${center('"any wait"', 15)}${'0'.padStart(13)}${'0'.padStart(16)}${'1'.padStart(16)}${'1.00e4'.padStart(16)}${'0.00'.padStart(16)}`,
  )
  return [...header, ...rows, ''].join('\n')
}

const showPlugins: CliCommand = (_args, { model: { identity }, release }) => {
  // The descriptions are not known.
  const rows = pluginFiles(release.plugins()).map(
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

const showErrors: CliCommand = () =>
  '   Count                  Node                              Reason               Severity \n'

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

const showTrace: CliCommand = () =>
  '------------------- Start of thread 0 vpp_main -------------------\nNo packets in trace buffer\n'

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
  'clear errors': nothing,
  'clear interfaces': (_args, { model: { counters } }) => {
    counters.clear()
    return ''
  },
  'clear runtime': nothing,
  'clear trace': nothing,
  comment: nothing,
}
