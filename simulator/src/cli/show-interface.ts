import type { Bridges } from '../model/bridges.ts'
import { COMBINED_COUNTERS, SIMPLE_COUNTERS } from '../model/counters.ts'
import type { Counters } from '../model/counters.ts'
import type { Nic } from '../model/hardware.ts'
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

function line(name: string, count: bigint): string {
  return `${name.padEnd(16)}${String(count).padStart(16)}`
}

/** Counters that are not zero, each on a line below the others. */
function* counterLines(swIfIndex: number, counters: Counters): Iterable<string> {
  for (const name of COMBINED_COUNTERS) {
    const { packets, bytes } = counters.of(swIfIndex, name)
    if (packets === 0n) continue
    yield line(`${name} packets`, packets)
    yield line(`${name} bytes`, bytes)
  }
  for (const name of SIMPLE_COUNTERS) {
    const { packets } = counters.of(swIfIndex, name)
    if (packets !== 0n) yield line(name, packets)
  }
}

const showInterface: CliCommand = (args, { model: { interfaces, counters } }) => {
  const header = [
    center('Name', 32),
    center('Idx', 5),
    center('State', 10),
    center('MTU (L3/IP4/IP6/MPLS)', 21),
    center('Counter', 16),
    center('Count', 16),
  ]
  const rows = chosen(interfaces, args).map(({ name, swIfIndex, adminUp, mtu }) => {
    const cells = [
      name.padEnd(32),
      center(swIfIndex, 5),
      center(adminUp ? 'up' : 'down', 10),
      center(mtu.join('/'), 21),
    ].join('')
    return cells + [...counterLines(swIfIndex, counters)].join(`\n${' '.repeat(cells.length)}`)
  })
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

/** Speeds as VPP writes them: kilobits a second, shortened where nothing is lost. */
function speed(kilobits: number): string {
  if (kilobits === 0) return 'unknown'
  if (kilobits % 1_000_000 === 0) return `${kilobits / 1_000_000} Gbps`
  return kilobits % 1000 === 0 ? `${kilobits / 1000} Mbps` : `${kilobits} Kbps`
}

function pciLine(nic: Nic | undefined): string[] {
  // VPP writes the function of a device with two digits.
  return nic === undefined
    ? []
    : [`    pci: device address ${nic.pciAddress.replace(/\.(.)$/, '.0$1')} numa 0`]
}

const showHardware: CliCommand = (args, { model: { interfaces, hardware } }) => {
  const rows = chosen(interfaces, args)
    .filter((it) => it.sub === undefined)
    .flatMap(({ name, swIfIndex, linkUp, mac, linkSpeed }) => [
      `${name.padEnd(32)}${center(swIfIndex, 7)}${center(linkUp ? 'up' : 'down', 6)} ${name}`,
      `  Link speed: ${speed(linkSpeed)}`,
      mac === '' ? '  local' : `  Ethernet address ${mac}`,
      ...pciLine(hardware.find(swIfIndex)),
    ])
  return [`${center('Name', 32)}${center('Idx', 7)}${center('Link', 6)} Hardware`, ...rows, ''].join('\n')
}

/** Commands that show interfaces. */
export const interfaceCommands: Readonly<Record<string, CliCommand>> = {
  'show interface': showInterface,
  'show interface address': showAddresses,
  'show hardware-interfaces': showHardware,
}
