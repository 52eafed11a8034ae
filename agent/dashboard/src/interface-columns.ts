import type { LiveInterface } from './live-view.js'
import { element, setAttribute, setText } from './dom.ts'
import { addressOf } from './address.ts'
import { NONE, bitRate, full, short } from './format.ts'
import type { Histories } from './histories.ts'
import { icon, setIcon } from './icons.ts'
import { tableText, type FactsOfInterface } from './interface-facts.ts'
import type { StateLook } from './instance-state.ts'
import { linkCell } from './link-cell.ts'
import { Sparkline } from './sparkline.ts'
import { text, type CellMaker, type Column } from './virtual-table.ts'

/** Cells with a shape and words. */
export function stateCell<T>(look: (row: T) => StateLook): CellMaker<T> {
  return (cell) => {
    const shape = icon('off')
    const words = element('span', { class: 'state-words' })
    const state = element('span', { class: 'state' }, shape, words)
    cell.append(state)
    return (row) => {
      const { icon: name, words: said, tone } = look(row)
      setIcon(shape, name)
      setText(words, said)
      setAttribute(state, 'class', `state tone-${tone}`)
    }
  }
}

/** How an interface stands. */
export function linkLook({ adminUp, linkUp }: LiveInterface): StateLook {
  if (!adminUp) return { icon: 'off', words: 'Down', tone: 'off' }
  if (!linkUp) return { icon: 'warning', words: 'No link', tone: 'warning' }
  return { icon: 'good', words: 'Up', tone: 'good' }
}

function sparklineCell(histories: Histories): CellMaker<LiveInterface> {
  return (cell) => {
    const sparkline = new Sparkline()
    cell.append(sparkline.element)
    return ({ swIfIndex }) => sparkline.draw(histories.of(swIfIndex))
  }
}

type Rate = keyof NonNullable<LiveInterface['rates']>

function rateColumn(
  id: string,
  label: string,
  rate: Rate,
  { className = '', times = 1 } = {},
): Column<LiveInterface> {
  const of = (it: LiveInterface): number => it.rates?.[rate] ?? 0
  return {
    id,
    label,
    className: `number ${className}`,
    descending: true,
    sortBy: of,
    cell: text((it) => (it.rates === null ? NONE : short(it.rates[rate] * times))),
  }
}

/** Greater for what is nearer to carrying packets. */
function upness({ adminUp, linkUp }: LiveInterface): number {
  return Number(adminUp) * 2 + Number(adminUp && linkUp)
}

/** Columns of a table of interfaces that every set has: the name, and its status. */
function commonColumns(): Column<LiveInterface>[] {
  return [
    {
      id: 'name',
      label: 'Interface',
      heading: true,
      cell: linkCell(({ name, vppName, device }) => ({
        text: name,
        more: name === vppName ? device : `${vppName} · ${device}`,
        href: addressOf('interfaces', [name]),
      })),
      sortBy: ({ name }) => name,
    },
    {
      id: 'state',
      label: 'State',
      cell: stateCell(linkLook),
      descending: true,
      sortBy: upness,
    },
  ]
}

/** What goes over the interfaces. */
export function trafficColumns(
  histories: Histories,
  adminSwitch: CellMaker<LiveInterface>,
): Column<LiveInterface>[] {
  return [
    ...commonColumns(),
    rateColumn('rx', 'Rx bit/s', 'rxBytes', { times: 8 }),
    rateColumn('tx', 'Tx bit/s', 'txBytes', { times: 8 }),
    { id: 'spark', label: 'Last minute', className: 'medium', cell: sparklineCell(histories) },
    rateColumn('rx-packets', 'Rx pps', 'rxPackets', { className: 'wide' }),
    rateColumn('tx-packets', 'Tx pps', 'txPackets', { className: 'wide' }),
    rateColumn('drops', 'Drops/s', 'drops', { className: 'wide' }),
    rateColumn('errors', 'Errors/s', 'errors', { className: 'wide' }),
    { id: 'admin', label: 'Admin', cell: adminSwitch },
  ]
}

type Facts = FactsOfInterface | undefined

/** Where the interfaces belong. */
export function addressColumns(factsOf: (swIfIndex: number) => Facts): Column<LiveInterface>[] {
  const of = (it: LiveInterface): Facts => factsOf(it.swIfIndex)
  const column = (
    id: string,
    label: string,
    textOf: (facts: Facts, it: LiveInterface) => string,
    className = '',
  ): Column<LiveInterface> => ({
    id,
    label,
    className,
    cell: text((it) => textOf(of(it), it)),
    sortBy: (it) => textOf(of(it), it),
  })
  return [
    ...commonColumns(),
    column('addresses', 'Addresses', (facts) => facts?.addresses.join(', ') ?? ''),
    column('vrf', 'VRF', tableText),
    column('vlan', 'VLAN', (facts) => facts?.vlan ?? '', 'medium'),
    column('mac', 'MAC', (_facts, { mac }) => mac, 'medium'),
    column('speed', 'Speed', (facts) => speedText(facts?.linkSpeed), 'wide'),
    column('mtu', 'MTU', (_facts, { mtu }) => (mtu === 0 ? NONE : full(mtu)), 'number wide'),
    column('driver', 'Driver', (_facts, { device }) => device, 'wide'),
    column('owner', 'Owner', ownerText, 'medium'),
  ]
}

/** Who keeps an interface. */
export function ownerText(facts: Facts, { owned }: LiveInterface): string {
  return facts?.origin ?? (owned ? 'agent' : 'not the agent')
}

/** Speed of a link. @param kilobits per second; 0 when unknown */
export function speedText(kilobits: number | undefined): string {
  return kilobits === undefined || kilobits === 0 ? NONE : bitRate((kilobits * 1000) / 8)
}
