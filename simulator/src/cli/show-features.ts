import type { AclRule } from '../builtin/acl.ts'
import { CliError } from './commands.ts'
import type { CliCommand } from './commands.ts'
import { center } from './format.ts'

const COLUMNS = [
  'BD-ID',
  'Index',
  'BSN',
  'Age(min)',
  'Learning',
  'U-Forwrd',
  'UU-Flood',
  'Flooding',
  'ARP-Term',
]
const MORE_COLUMNS = ['arp-ufwd', 'Learn-co', 'Learn-li', 'BVI-Intf']
const WIDTH = 10

function on(value: boolean): string {
  return value ? 'on' : 'off'
}

const showBridges: CliCommand = (_args, { model: { bridges, interfaces } }) => {
  const domains = [...bridges]
  if (domains.length === 0) return 'no bridge-domains in use\n'
  const rows = domains.map(({ bdId, features, macAge, macs, bvi }, index) => {
    const cells = [
      bdId,
      index + 1,
      0,
      macAge === 0 ? 'off' : macAge,
      on(features.learn),
      on(features.forward),
      features.uuFlood ? 'flood' : 'drop',
      on(features.flood),
      on(features.arpTerm),
      on(features.arpUfwd),
      macs.size,
      16_777_216,
      bvi === undefined ? 'N/A' : (interfaces.find(bvi)?.name ?? 'N/A'),
    ]
    return cells.map((cell) => center(cell, WIDTH)).join('')
  })
  const header = [...COLUMNS, ...MORE_COLUMNS].map((name) => center(name, WIDTH)).join('')
  return [header, ...rows, ''].join('\n')
}

const showMemif: CliCommand = (_args, { model: { memifs } }) => {
  const used = new Map<number, number>()
  for (const { socketId, role } of memifs) if (role === 0) used.set(socketId, (used.get(socketId) ?? 0) + 1)
  const sockets = memifs.sockets().map(([id, filename]) => {
    const count = used.get(id)
    return `  ${String(id).padEnd(4)}${(count === undefined ? 'no' : `yes (${count})`).padEnd(12)}${filename}`
  })
  const modes = ['ethernet', 'ip', 'punt/inject']
  const details = [...memifs].flatMap(({ socketId, id, mode }) => [
    `interface memif${socketId}/${id}`,
    `  socket-id ${socketId} id ${id} mode ${modes[mode] ?? mode}`,
    '  flags',
  ])
  return ['sockets', '  id  listener    filename', ...sockets, '', ...details, ''].join('\n')
}

const ACTIONS = ['deny', 'permit', 'permit+reflect']

function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`
}

function aclRuleText(rule: AclRule): string {
  const { isPermit, srcPrefix, dstPrefix, proto, tcpFlagsMask, tcpFlagsValue } = rule
  const words = [
    srcPrefix.includes(':') ? 'ipv6' : 'ipv4',
    ACTIONS[isPermit] ?? `action ${isPermit}`,
    `src ${srcPrefix} dst ${dstPrefix} proto ${proto}`,
    `sport ${range(rule.srcportOrIcmptypeFirst, rule.srcportOrIcmptypeLast)}`,
    `dport ${range(rule.dstportOrIcmpcodeFirst, rule.dstportOrIcmpcodeLast)}`,
  ]
  if (tcpFlagsMask !== 0 || tcpFlagsValue !== 0) words.push(`tcpflags ${tcpFlagsValue} mask ${tcpFlagsMask}`)
  return words.join(' ')
}

const showAcls: CliCommand = ([word, index], { model: { acls } }) =>
  [...acls]
    .filter(({ aclIndex }) => word !== 'index' || aclIndex === Number(index))
    .flatMap(({ aclIndex, tag, rules }) => [
      `acl-index ${aclIndex} count ${rules.length} tag {${tag}}`,
      ...(rules as readonly AclRule[]).map(
        (rule, index) => `${String(index).padStart(11)}: ${aclRuleText(rule)}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('')

function aclLine(side: string, indexes: readonly number[]): string[] {
  return indexes.length === 0 ? [] : [`  ${side} acl(s): ${indexes.join(', ')}`]
}

const showAclInterfaces: CliCommand = (_args, { model: { acls, interfaces } }) =>
  [...interfaces]
    .flatMap(({ swIfIndex }) => {
      const { input, output } = acls.bindingOf(swIfIndex)
      return [`sw_if_index ${swIfIndex}:`, ...aclLine('input', input), ...aclLine('output', output)]
    })
    .map((line) => `${line}\n`)
    .join('')

const TCP = 6
const UDP = 17
const ICMP = 1

const showMappings: CliCommand = (_args, { model: { nat44 } }) =>
  [
    'NAT44 static mappings:',
    ...nat44
      .mappings()
      .map(
        ({ localIpAddress, localPort, externalIpAddress, externalPort, vrfId }) =>
          ` local ${localIpAddress}:${localPort} external ${externalIpAddress}:${externalPort} vrf ${vrfId} `,
      ),
    '',
  ].join('\n')

/** Arcs of features that the model knows something of, in VPP's order, with the direction of a policer there. */
const ARCS = [
  ['ip6-output', 'output'],
  ['ip6-unicast', 'input'],
  ['ip4-output', 'output'],
  ['ip4-unicast', 'input'],
] as const

/** Features of an interface, as far as there are models of them: policers and control packets of PPPoE. */
const showFeatures: CliCommand = ([name = ''], { model: { interfaces, policers, pppoe } }) => {
  const it = interfaces.byName(name)
  if (it === undefined) throw new CliError('Interface not specified or invalid')
  const arcs = ARCS.map(([arc, direction]) => {
    const times = policers.featuresOf(it.swIfIndex, direction)
    const lines = times === 0 ? ['  none configured'] : Array<string>(times).fill(`  policer-${direction}`)
    return ['', `${arc}:`, ...lines].join('\n')
  })
  const control = pppoe.controlOf(it.swIfIndex)
  const device = control === 0 ? ['  none configured'] : Array<string>(control).fill('  pppoe-input')
  const onDevice = ['', 'device-input:', ...device].join('\n')
  return [`Feature paths configured on ${name}...`, ...arcs, onDevice, ''].join('\n')
}

/** Sessions that were put in have no times, and so none has ended. */
const showSummary: CliCommand = (_args, { model: { nat44, fib } }) => {
  const tables = fib.tables().filter(({ family }) => family === 4)
  const limits = tables.map(({ tableId }) => nat44.sessionLimits.get(tableId))
  const count = Math.max(nat44.enabled ? 1 : 0, limits.findLastIndex((it) => it !== undefined) + 1)
  const of = (...protocols: readonly number[]): string => {
    const sessions = nat44.sessions.filter(({ protocol }) => protocols.includes(protocol))
    return `total: ${sessions.length} (timed out: 0)`
  }
  const known = new Set([TCP, UDP, ICMP])
  const others = nat44.sessions.filter(({ protocol }) => !known.has(protocol))
  return [
    ...Array.from(
      { length: count },
      (_, index) => `max translations per thread: ${limits[index] ?? nat44.config.sessions} fib ${index}`,
    ),
    `total sessions: ${nat44.sessions.length} (timed out: 0)`,
    'tcp sessions:',
    `    ${of(TCP)}`,
    '        established: 0 (timed out: 0)',
    `        transitory: ${of(TCP).slice('total: '.length)}`,
    'udp sessions:',
    `    ${of(UDP)}`,
    'icmp sessions:',
    `    ${of(ICMP)}`,
    'other sessions:',
    `    total: ${others.length} (timed out: 0)`,
    '',
  ].join('\n')
}

const showVrfTables: CliCommand = (_args, { model: { nat44 } }) => {
  let index = 0
  return Array.from(nat44.vrfTables, ({ tableVrfId, routes }) => [
    `table ${tableVrfId}:\n`,
    ...Array.from(routes, (vrfId) => `[${index++}] vrf-id ${vrfId}\n`),
  ])
    .flat()
    .join('')
}

const showDnsCache: CliCommand = (_args, { model: { dns } }) =>
  `The DNS cache is ${dns.enabled ? 'empty' : 'disabled'}...`

/** VPP reads servers of IPv6 from the wrong place, so only those of IPv4 are shown. */
const showDnsServers: CliCommand = (_args, { model: { dns } }) => {
  if (dns.servers.length === 0) throw new CliError('No name servers configured...')
  const servers = dns.servers.filter((address) => !address.includes(':'))
  return ['ip4 name servers:', ...servers, ''].join('\n')
}

const showPppoeSessions: CliCommand = (_args, { model: { fib, interfaces, pppoe } }) => {
  const tables = fib.tables().filter(({ family }) => family === 4)
  const lines = Array.from(pppoe.sessions(), (it) => {
    const at = it.swIfIndex
    const number = interfaces.find(at)?.name.replace('pppoe_session', '') ?? ''
    const table = tables.findIndex(({ tableId }) => tableId === it.tableId)
    const local = interfaces.find(it.encapIfIndex)?.mac ?? ''
    return [
      `[${number}] sw-if-index ${at} client-ip ${it.address} session-id ${it.sessionId} ` +
        `encap-if-index ${it.encapIfIndex} decap-fib-index ${table}`,
      `    local-mac ${local}  client-mac ${it.mac}`,
    ].join('\n')
  })
  return lines.length === 0 ? 'No pppoe sessions configured...' : lines.map((line) => `${line}\n`).join('')
}

/** Commands that show bridges, memifs, access lists, NAT, name resolution and PPPoE. */
export const featureCommands: Readonly<Record<string, CliCommand>> = {
  'show bridge-domain': showBridges,
  'show memif': showMemif,
  'show interface features': showFeatures,
  'show acl-plugin acl': showAcls,
  'show acl-plugin interface': showAclInterfaces,
  'show nat44 static mappings': showMappings,
  'show nat44 summary': showSummary,
  'show nat44 vrf tables': showVrfTables,
  'show dns cache': showDnsCache,
  'show pppoe session': showPppoeSessions,
  'show dns servers': showDnsServers,
}
