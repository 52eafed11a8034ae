import type { FibTable } from '../model/fib-table.ts'
import { familyOf, parsePrefix } from '../model/prefix.ts'
import type { Family } from '../model/prefix.ts'
import { SOURCE } from '../model/fib-sources.ts'
import type { Interface } from '../model/interfaces.ts'
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

/** What packets leave with: VPP's name of the next hop, once it is known, with the Ethernet header. */
function adjacency(path: Path, family: Family, model: Model): string {
  const out = model.interfaces.find(path.swIfIndex)
  const via = `via ${path.nextHop} ${out?.name ?? 'DELETED'}`
  const { swIfIndex, nextHop: ipAddress = '' } = path
  const known = model.neighbors.find({ swIfIndex, ipAddress })
  if (known === undefined) return `arp-ipv${family}: ${via}`
  return `ipv${family} ${via}: mtu:${out?.linkMtu ?? 0} next:3 flags:[] ${ethernetHeader(known.macAddress, out, family)}`
}

const ETHER_TYPE = { 4: '0800', 6: '86dd' } as const

function ethernetHeader(
  to: string,
  from: Interface | undefined,
  family: Family,
  type: string = ETHER_TYPE[family],
): string {
  return `${to}${from?.mac ?? ''}`.replaceAll(':', '') + type
}

function bucket(path: Path, route: Route, model: Model): string {
  const via = model.interfaces.find(path.swIfIndex)?.name ?? 'DELETED'
  const protocol = `ip${familyOf(route.prefix)}`
  const mtu = model.interfaces.find(path.swIfIndex)?.linkMtu ?? 0
  if (path.type === PATH_TYPE.DROP) return `[@0]: dpo-drop ${protocol}`
  if (path.type === PATH_TYPE.LOCAL)
    return `[@${protocol === 'ip4' ? 12 : 19}]: dpo-receive: ${path.nextHop ?? '0.0.0.0'} on ${via}`
  if (path.type !== PATH_TYPE.NORMAL) return `[@0]: dpo-path type:${path.type}`
  if (path.nextHop === undefined && path.swIfIndex === NONE) return '[@14]: ip6-link-local'
  if (path.nextHop === undefined) return `[@4]: ${glean(path, route, mtu, model)}`
  if (path.swIfIndex === NONE) return `[@11]: dpo-recursive: via ${path.nextHop} in table ${path.tableId}`
  const text = adjacency(path, familyOf(route.prefix), model)
  return `[@${text.startsWith('arp') ? 3 : 5}]: ${text}`
}

/** Packets to a neighbour that is not known yet make VPP ask for it. */
function glean({ swIfIndex }: Path, { prefix }: Route, mtu: number, { interfaces }: Model): string {
  const family = familyOf(prefix)
  const out = interfaces.find(swIfIndex)
  const [next, type] = family === 4 ? [1, '0806'] : [2, ETHER_TYPE[6]]
  const header = ethernetHeader('ff:ff:ff:ff:ff:ff', out, family, type)
  return `ipv${family}-glean: [src:${prefix}] ${out?.name ?? 'DELETED'}: mtu:${mtu} next:${next} flags:[] ${header}`
}

/** Kind of a path with its flags, and what is written below it. */
function pathText(path: Path, route: Route, model: Model): [kind: string, flags: string, ...below: string[]] {
  const family = familyOf(route.prefix)
  const name = model.interfaces.find(path.swIfIndex)?.name ?? 'DELETED'
  const resolved = path.dead ? 'oper-flags:drop,' : 'oper-flags:resolved,'
  const dpo = bucket(path, route, model).replace(/^\[@\d+\]/, '[@0]')
  if (path.type === PATH_TYPE.DROP) return ['special', 'cfg-flags:drop,', `  ${dpo}`]
  if (path.type === PATH_TYPE.LOCAL) return ['receive', `${resolved} cfg-flags:local,`, `  ${dpo}`]
  if (path.type !== PATH_TYPE.NORMAL) return ['special', resolved, `  ${dpo}`]
  if (path.nextHop === undefined && path.swIfIndex === NONE) return ['exclusive', resolved, `  ${dpo}`]
  if (path.nextHop === undefined) {
    // VPP reads the index of a dead one from the wrong place.
    return ['attached', `${resolved} cfg-flags:glean,`, path.dead ? '  if_index:0' : `   ${name}`]
  }
  if (path.swIfIndex !== NONE) {
    const [next, below] = path.dead
      ? [`  ${path.nextHop} if_index:${path.swIfIndex}`, '  unresolved']
      : [`  ${path.nextHop} ${name}`, `[@0]: ${adjacency(path, family, model)}`]
    return ['attached-nexthop', resolved, next, below]
  }
  const { statsIndex } = route
  const where = `in fib:${path.tableId} via-fib:${statsIndex} via-dpo:[dpo-load-balance:${statsIndex}]`
  return ['recursive', resolved, `  via ${path.nextHop} ${where}`]
}

function* pathLines(path: Path, route: Route, model: Model): Iterable<string> {
  const [kind, flags, ...below] = pathText(path, route, model)
  const { weight, preference } = path
  const index = route.statsIndex
  yield `path:[${index}] pl-index:${index} ip${familyOf(route.prefix)} weight=${weight} pref=${preference} ${kind}:  ${flags}`
  yield* below
}

/** What the entry of a source of routes is marked as. */
function entryFlags(source: number, [first]: readonly Path[]): string {
  if (source === SOURCE.DEFAULT_ROUTE) return 'entry-flags:drop, '
  if (source === SOURCE.ADJACENCY) return 'entry-flags:attached, '
  if (source !== SOURCE.INTERFACE) return ''
  return `entry-flags:connected,${first?.type === PATH_TYPE.LOCAL ? 'local' : 'attached'}, `
}

function pathListFlags(source: number, [first]: readonly Path[]): string {
  if (source === SOURCE.DEFAULT_ROUTE) return 'flags:drop, '
  if (source === SOURCE.API || source === SOURCE.CLI) return 'flags:shared, '
  return source === SOURCE.INTERFACE && first?.type === PATH_TYPE.LOCAL ? 'flags:local, ' : ''
}

function* pathListLines(
  source: number,
  paths: readonly Path[],
  route: Route,
  model: Model,
): Iterable<string> {
  const index = route.statsIndex
  const out = paths.filter(({ type, swIfIndex }) => type === PATH_TYPE.NORMAL && swIfIndex !== NONE)
  const itfs = [...new Set(out.map(({ swIfIndex }) => swIfIndex))]
  const list = itfs.map((it) => `${it}, `).join('')
  yield `path-list:[${index}] locks:2 ${pathListFlags(source, paths)}uPRF-list:${index} len:${itfs.length} itfs:[${list}]`
  for (const path of paths) {
    for (const line of pathLines(path, route, model)) yield `  ${line}`
  }
}

/** Every list of paths, whoever shares it. */
const showPathLists: CliCommand = (_args, { model }) => {
  const seen = new Set<unknown>()
  const lines = ['FIB Path Lists']
  for (const route of model.fib.tables().flatMap((table) => [...table])) {
    for (const { source, paths } of route.contributions) {
      if (!seen.has(paths)) lines.push(...pathListLines(source, paths, route, model))
      seen.add(paths)
    }
  }
  return lines.join('\n')
}

/** All that VPP tells of one route. The indexes of its parts, which only VPP has, are that of the route. */
function* entryLines(route: Route, fibIndex: number, family: Family, model: Model): Iterable<string> {
  const index = route.statsIndex
  yield `${route.prefix} fib:${fibIndex} index:${index} locks:2`
  for (const [place, { source, paths }] of route.contributions.entries()) {
    const name = [...model.fib.sources].find(({ id }) => id === source)?.name ?? source
    const flags = place === 0 ? 'added,contributing,active,' : 'added,'
    const covers = source === SOURCE.INTERFACE || source === SOURCE.ADJACENCY
    const local = source === SOURCE.INTERFACE && paths[0]?.type === PATH_TYPE.LOCAL
    const cover = covers ? ` cover:${local || source === SOURCE.ADJACENCY ? index : -1}` : ''
    yield `  ${name} refs:1 ${entryFlags(source, paths)}src-flags:${flags}${local ? 'provides-glean,' : ''}${cover}`
    for (const line of pathListLines(source, paths, route, model)) yield `    ${line}`
  }
  yield ''
  const [, ...forwarding] = routeLines(route, family, model)
  yield ` forwarding: ${forwarding[0]}`
  yield* forwarding.slice(1)
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
      for (const route of routes) {
        lines.push(
          ...(wanted === undefined
            ? routeLines(route, family, model)
            : entryLines(route, index, family, model)),
        )
      }
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
  'show fib path-lists': showPathLists,
  'show ip table': showTables(4),
  'show ip6 table': showTables(6),
  'show ip neighbors': showNeighbors,
  'show ip6 neighbors': showNeighbors,
}
