import type { InterfaceStats } from '../views/interfaces.ts'
import type { ErrorStats } from '../views/errors.ts'
import type { NodeStats } from '../views/nodes.ts'
import type { SystemStats } from '../views/system.ts'
import { RateMeter, type Reading } from '../rates.ts'
import { formatRate, formatTable } from './table.ts'

const number = (title: string) => ({ title, align: 'right' as const })

/** What `show interface` has. */
export function interfaceTable(interfaces: readonly InterfaceStats[]): string {
  return formatTable(
    [
      { title: 'interface' },
      number('idx'),
      number('rx packets'),
      number('rx bytes'),
      number('tx packets'),
      number('tx bytes'),
      number('drops'),
      number('punts'),
      number('errors'),
    ],
    interfaces.map((it) => [
      it.name,
      String(it.swIfIndex),
      String(it.rx.packets),
      String(it.rx.bytes),
      String(it.tx.packets),
      String(it.tx.bytes),
      String(it.drops),
      String(it.punts),
      String(it.rxErrors + it.txErrors + it.rxMiss + it.rxNoBuffer),
    ]),
  )
}

/** What `show run` has. */
export function nodeTable(nodes: readonly NodeStats[]): string {
  return formatTable(
    [
      { title: 'node' },
      number('calls'),
      number('vectors'),
      number('suspends'),
      number('clocks'),
      number('vectors/call'),
    ],
    nodes.map((it) => [
      it.name,
      String(it.calls),
      String(it.vectors),
      String(it.suspends),
      formatRate(it.averageClocks),
      it.vectorsPerCall.toFixed(2),
    ]),
  )
}

/** What `show errors` has. */
export function errorTable(errors: readonly ErrorStats[]): string {
  return formatTable(
    [number('count'), { title: 'node' }, { title: 'reason' }],
    errors.map(({ count, node, reason }) => [String(count), node, reason]),
  )
}

/** What a live view is made of. */
export interface TopInput {
  readonly system: SystemStats
  readonly interfaces: readonly InterfaceStats[]
  readonly nodes: readonly NodeStats[]
}

/** `show run` and `show interface` together, as rates since the last screen. */
export class TopView {
  readonly #interfaces = new RateMeter<string>()
  readonly #nodes = new RateMeter<string>()

  /** A screen of at most `height` lines: the busiest come first. */
  render({ system, interfaces, nodes }: TopInput, reading: Reading, height: number): string {
    const rates = this.#interfaces.update(
      interfaces.flatMap((it): [string, bigint][] => [
        [`${it.swIfIndex} rx`, it.rx.packets],
        [`${it.swIfIndex} rxb`, it.rx.bytes],
        [`${it.swIfIndex} tx`, it.tx.packets],
        [`${it.swIfIndex} txb`, it.tx.bytes],
        [`${it.swIfIndex} drop`, it.drops],
      ]),
      reading,
    )
    const nodeRates = this.#nodes.update(
      nodes.flatMap((it): [string, bigint][] => [
        [`${it.index} vectors`, it.vectors],
        [`${it.index} calls`, it.calls],
        [`${it.index} clocks`, it.clocks],
      ]),
      reading,
    )
    const room = Math.max(2, Math.floor((height - 5) / 2))
    return [
      systemLine(system),
      '',
      interfaceRates(interfaces, rates, room),
      '',
      nodeRatesTable(nodes, nodeRates, room),
    ].join('\n')
  }
}

function systemLine(system: SystemStats): string {
  const loops = system.loopsPerThread.map(formatRate).join(' ')
  return (
    `VPP up ${duration(Date.now() - system.bootTime.getTime())}, ${system.workers} workers, ` +
    `input ${formatRate(system.inputRate)} packets/s, vectors/frame ${system.vectorRate}, loops/s ${loops}`
  )
}

function interfaceRates(
  interfaces: readonly InterfaceStats[],
  rates: ReadonlyMap<string, number>,
  room: number,
): string {
  const rate = (it: InterfaceStats, field: string) => rates.get(`${it.swIfIndex} ${field}`) ?? 0
  const busiest = interfaces.toSorted((a, b) => rate(b, 'rx') + rate(b, 'tx') - rate(a, 'rx') - rate(a, 'tx'))
  return formatTable(
    [
      { title: 'interface' },
      number('rx p/s'),
      number('rx bit/s'),
      number('tx p/s'),
      number('tx bit/s'),
      number('drop/s'),
    ],
    busiest
      .slice(0, room)
      .map((it) => [
        it.name,
        formatRate(rate(it, 'rx')),
        formatRate(rate(it, 'rxb') * 8),
        formatRate(rate(it, 'tx')),
        formatRate(rate(it, 'txb') * 8),
        formatRate(rate(it, 'drop')),
      ]),
  )
}

function nodeRatesTable(
  nodes: readonly NodeStats[],
  rates: ReadonlyMap<string, number>,
  room: number,
): string {
  const rate = (it: NodeStats, field: string) => rates.get(`${it.index} ${field}`) ?? 0
  const busiest = nodes.toSorted((a, b) => rate(b, 'clocks') - rate(a, 'clocks'))
  return formatTable(
    [{ title: 'node' }, number('vectors/s'), number('calls/s'), number('vectors/call'), number('clocks/s')],
    busiest.slice(0, room).map((it) => {
      const calls = rate(it, 'calls')
      return [
        it.name,
        formatRate(rate(it, 'vectors')),
        formatRate(calls),
        calls > 0 ? (rate(it, 'vectors') / calls).toFixed(2) : '-',
        formatRate(rate(it, 'clocks')),
      ]
    }),
  )
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
