import type { FibTable } from '../model/fib-table.ts'
import { familyOf, parsePrefix } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import { PATH_TYPE } from '../model/route.ts'
import type { Path, Route } from '../model/route.ts'
import type { Model } from '../model/model.ts'
import type { CliCommand } from './commands.ts'
import { unknownInput } from './commands.ts'

const NONE = 0xffff_ffff

/** Words for the bits of a flow hash. */
const FLOW_HASH = ['src', 'dst', 'sport', 'dport', 'proto', 'reverse', 'symmetric', 'flowlabel', 'gtpv1teid']

function header(table: FibTable, index: number): string {
  const words = FLOW_HASH.filter((_word, bit) => (table.flowHash & (1 << bit)) !== 0)
  return (
    `${table.name}, fib_index:${index}, flow hash:[${words.map((word) => `${word} `).join('')}] ` +
    `epoch:0 flags:none locks:[default-route:1, ]`
  )
}

function bucket(path: Path, route: Route, model: Model): string {
  const via = model.interfaces.find(path.swIfIndex)?.name ?? 'DELETED'
  const protocol = `ip${familyOf(route.prefix)}`
  const mtu = model.interfaces.find(path.swIfIndex)?.linkMtu ?? 0
  if (path.type === PATH_TYPE.DROP) return `[@0]: dpo-drop ${protocol}`
  if (path.type === PATH_TYPE.LOCAL) return `[@12]: dpo-receive: ${path.nextHop ?? '0.0.0.0'} on ${via}`
  if (path.type !== PATH_TYPE.NORMAL) return `[@0]: dpo-path type:${path.type}`
  if (path.nextHop === undefined && path.swIfIndex === NONE) return '[@14]: ip6-link-local'
  if (path.nextHop === undefined)
    return `[@4]: ${protocol.replace('ip', 'ipv')}-glean: [src:${route.prefix}] ${via}: mtu:${mtu}`
  if (path.swIfIndex === NONE) return `[@11]: dpo-recursive: via ${path.nextHop} in table ${path.tableId}`
  for (const { swIfIndex, ipAddress, macAddress } of model.neighbors) {
    if (swIfIndex !== path.swIfIndex || ipAddress !== path.nextHop) continue
    return `[@5]: ${protocol.replace('ip', 'ipv')} via ${ipAddress} ${via}: mtu:${mtu} flags:[] ${macAddress.replaceAll(':', '')}`
  }
  return `[@3]: arp-${protocol.replace('ip', 'ipv')}: via ${path.nextHop} ${via}`
}

function* routeLines(route: Route, family: Family, model: Model): Iterable<string> {
  const paths = model.fib.pathsInForce(family, route)
  yield route.prefix
  yield `  unicast-ip${family}-chain`
  yield `  [@0]: dpo-load-balance: [proto:ip${family} index:${route.statsIndex} buckets:${paths.length} uRPF:0 to:[0:0]]`
  for (const [index, path] of paths.entries()) yield `    [${index}] ${bucket(path, route, model)}`
}

function compare(a: Route, b: Route): number {
  const [x, y] = [parsePrefix(a.prefix), parsePrefix(b.prefix)]
  return Buffer.compare(x.address, y.address) || y.length - x.length
}

function summary(table: FibTable): string[] {
  const rows = [...table.countByLength()].map(
    ([length, count]) => `${String(length).padStart(20)}${String(count).padStart(16)}`,
  )
  return [`    Prefix length         Count     `, ...rows]
}

function show(family: Family): CliCommand {
  return (args, { model }) => {
    const [word, value] = args
    const all = model.fib.tables().filter((table) => table.family === family)
    const indexed = [...all.entries()]
    const lines: string[] = []
    const tableId = word === 'table' ? Number(value) : undefined
    const tables = indexed.filter(([, table]) => tableId === undefined || table.tableId === tableId)
    if (args.at(-1) === 'summary') {
      for (const [index, table] of tables) lines.push(header(table, index), ...summary(table))
      return lines.join('\n')
    }
    const wanted = word === 'table' ? args[2] : word
    if (wanted !== undefined && !/^[\d.:a-f]+(\/\d+)?$/i.test(wanted)) throw unknownInput(args)
    for (const [index, table] of tables) {
      const routes = wanted === undefined ? [...table].sort(compare) : matching(table, wanted)
      lines.push(header(table, index))
      for (const route of routes) lines.push(...routeLines(route, family, model))
    }
    return lines.join('\n')
  }
}

function matching(table: FibTable, wanted: string): Route[] {
  if (familyOf(wanted) !== table.family) return []
  const { length } = parsePrefix(wanted)
  const found = table.cover(wanted.replace(/\/.*/, ''), length)
  return found === undefined ? [] : [found]
}

function showTables(family: Family): CliCommand {
  return (_args, { model }) =>
    model.fib
      .tables()
      .filter((table) => table.family === family)
      .map(({ tableId, name }, index) => `[${index}] table_id:${tableId} ${name}\n`)
      .join('')
}

const showNeighbors: CliCommand = (_args, { model: { neighbors, interfaces } }) => {
  const rows = [...neighbors].map(({ since, ipAddress, macAddress, flags, swIfIndex }) => {
    const age = ((performance.now() - since) / 1000).toFixed(4)
    const letter = (flags & 1) !== 0 ? 'S' : 'D'
    return `${age.padStart(12)}${ipAddress.padStart(25)}${letter.padStart(19)}    ${macAddress} ${interfaces.find(swIfIndex)?.name ?? ''}`
  })
  return [
    '     Age                       IP                    Flags      Ethernet              Interface       ',
    ...rows,
    '',
  ].join('\n')
}

/** Commands that show routes and neighbours. */
export const fibCommands: Readonly<Record<string, CliCommand>> = {
  'show ip fib': show(4),
  'show ip6 fib': show(6),
  'show ip table': showTables(4),
  'show ip6 table': showTables(6),
  'show ip neighbors': showNeighbors,
  'show ip6 neighbors': showNeighbors,
}
