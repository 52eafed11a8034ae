import type { Bridges } from '../model/bridges.ts'
import type { Interface, Interfaces } from '../model/interfaces.ts'
import { familyOf } from '../model/prefix.ts'
import type { CliCommand } from './commands.ts'
import { unknownInput } from './commands.ts'
import { center } from './format.ts'

/** All interfaces, sub-interfaces behind theirs, or those that are named. */
function chosen(interfaces: Interfaces, names: readonly string[]): Interface[] {
  if (names.length === 0) {
    return [...interfaces].sort((a, b) => a.supSwIfIndex - b.supSwIfIndex || a.swIfIndex - b.swIfIndex)
  }
  return names.map((name, index) => {
    const found = interfaces.byName(name)
    if (found === undefined) throw unknownInput(names.slice(index))
    return found
  })
}

const showInterface: CliCommand = (args, { model: { interfaces } }) => {
  const header = [
    center('Name', 32),
    center('Idx', 5),
    center('State', 10),
    center('MTU (L3/IP4/IP6/MPLS)', 21),
    center('Counter', 16),
    center('Count', 16),
  ]
  const rows = chosen(interfaces, args).map(({ name, swIfIndex, adminUp, mtu }) =>
    [
      name.padEnd(32),
      center(swIfIndex, 5),
      center(adminUp ? 'up' : 'down', 10),
      center(mtu.join('/'), 21),
    ].join(''),
  )
  return [header.join(''), ...rows, ''].join('\n')
}

function* addressLines(it: Interface, interfaces: Interfaces, bridges: Bridges): Iterable<string> {
  const state = it.adminUp ? 'up' : 'dn'
  const lender = it.unnumbered === undefined ? undefined : interfaces.find(it.unnumbered)
  yield `${it.name} (${state}):${lender === undefined ? '' : ' '}`
  if (lender !== undefined) yield `  unnumbered, use ${lender.name}`
  for (const domain of bridges) {
    const member = domain.members.find(({ swIfIndex }) => swIfIndex === it.swIfIndex)
    if (member !== undefined) yield `  L2 bridge bd-id ${domain.bdId} idx 1 shg ${member.shg}  `
  }
  for (const address of lender?.addresses ?? it.addresses) {
    const family = familyOf(address)
    const table = it.tableId[family]
    yield `  L3 ${address}${table === 0 ? '' : ` ip${family} table-id ${table} fib-idx 1`}`
  }
}

const showAddresses: CliCommand = (args, { model: { interfaces, bridges } }) =>
  chosen(interfaces, args)
    .flatMap((it) => [...addressLines(it, interfaces, bridges), ''])
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('')

const showHardware: CliCommand = (args, { model: { interfaces } }) => {
  const rows = chosen(interfaces, args)
    .filter((it) => it.sub === undefined)
    .flatMap(({ name, swIfIndex, linkUp, mac }) => [
      `${name.padEnd(32)}${center(swIfIndex, 7)}${center(linkUp ? 'up' : 'down', 6)} ${name}`,
      '  Link speed: unknown',
      mac === '' ? '  local' : `  Ethernet address ${mac}`,
    ])
  return [`${center('Name', 32)}${center('Idx', 7)}${center('Link', 6)} Hardware`, ...rows, ''].join('\n')
}

/** Commands that show interfaces. */
export const interfaceCommands: Readonly<Record<string, CliCommand>> = {
  'show interface': showInterface,
  'show interface address': showAddresses,
  'show hardware-interfaces': showHardware,
}
