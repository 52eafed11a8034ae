import type { LiveInterface } from './live-view.js'
import { element, setAttribute, setText } from './dom.ts'
import { NONE, full, short } from './format.ts'
import type { Histories } from './histories.ts'
import { icon, setIcon } from './icons.ts'
import type { StateLook } from './instance-state.ts'
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

/** Cells with the name, which is a button that chooses the interface. */
function nameCell(choose: (swIfIndex: number) => void): CellMaker<LiveInterface> {
  return (cell) => {
    const name = element('span', { class: 'row-name' })
    const more = element('span', { class: 'row-more' })
    const button = element('button', { type: 'button', class: 'row-button' }, name, more)
    let swIfIndex = -1
    button.addEventListener('click', () => choose(swIfIndex))
    cell.append(button)
    return (it) => {
      swIfIndex = it.swIfIndex
      setText(name, it.name)
      setText(more, it.name === it.vppName ? it.device : `${it.vppName} · ${it.device}`)
      setAttribute(button, 'title', `${it.name}: show the last minutes`)
    }
  }
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
    compare: (one, other) => of(one) - of(other),
    cell: text((it) => (it.rates === null ? NONE : short(it.rates[rate] * times))),
  }
}

/** Greater for what is nearer to carrying packets. */
function upness({ adminUp, linkUp }: LiveInterface): number {
  return Number(adminUp) * 2 + Number(adminUp && linkUp)
}

/** Columns of the table of interfaces. */
export function interfaceColumns(
  histories: Histories,
  choose: (swIfIndex: number) => void,
  adminSwitch: CellMaker<LiveInterface>,
): Column<LiveInterface>[] {
  return [
    {
      id: 'name',
      label: 'Interface',
      heading: true,
      cell: nameCell(choose),
      compare: (one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }),
    },
    {
      id: 'state',
      label: 'State',
      cell: stateCell(linkLook),
      descending: true,
      compare: (one, other) => upness(one) - upness(other),
    },
    rateColumn('rx', 'Rx bit/s', 'rxBytes', { times: 8 }),
    rateColumn('tx', 'Tx bit/s', 'txBytes', { times: 8 }),
    { id: 'spark', label: 'Last minute', className: 'medium', cell: sparklineCell(histories) },
    rateColumn('rx-packets', 'Rx pps', 'rxPackets', { className: 'wide' }),
    rateColumn('tx-packets', 'Tx pps', 'txPackets', { className: 'wide' }),
    rateColumn('drops', 'Drops/s', 'drops', { className: 'wide' }),
    rateColumn('errors', 'Errors/s', 'errors', { className: 'wide' }),
    {
      id: 'mtu',
      label: 'MTU',
      className: 'number wide',
      cell: text((it) => (it.mtu === 0 ? NONE : full(it.mtu))),
      compare: (one, other) => one.mtu - other.mtu,
    },
    { id: 'admin', label: 'Admin', cell: adminSwitch },
  ]
}
