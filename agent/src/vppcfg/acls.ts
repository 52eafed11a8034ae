import type { AclInput } from '../kinds/acl/schema.ts'
import { canonicalPrefix, familyOf } from '../model/ip.ts'
import { wrong, type Section } from './reading.ts'

type Rule = AclInput['rules'][number]
type Range = NonNullable<Rule['sourcePorts']>

const PROTOCOLS: Readonly<Record<string, number>> = {
  any: 0,
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
}
/** Ports that are often called by their names. */
const PORTS: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  pop3: 110,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  radius: 1812,
}

/** A number, `any`, `10-20`, `10-`, `-20`, or a name. */
function rangeOf(path: string, text: string | undefined, last: number, names = PORTS): Range | undefined {
  if (text === undefined || text === 'any') return undefined
  const named = names[text]
  if (named !== undefined) return { first: named, last: named }
  const [, first = '', dash, end = ''] = /^(\d*)(-?)(\d*)$/.exec(text) ?? []
  if (dash === undefined || first + end === '') {
    throw wrong(path, `unknown name ${JSON.stringify(text)}; write the number`)
  }
  const from = first === '' ? 0 : Number(first)
  if (dash === '') return { first: from, last: from }
  return { first: from, last: end === '' ? last : Number(end) }
}

/** Prefix lists by name. */
export type PrefixLists = ReadonlyMap<string, readonly string[]>

/** Networks that an address, a prefix, a prefix list or `any` stands for; undefined: any. */
function networksOf(path: string, text: string | undefined, lists: PrefixLists): (string | undefined)[] {
  if (text === undefined || text === 'any') return [undefined]
  const members = lists.get(text)
  if (members !== undefined) return [...members]
  return [networkOf(path, text)]
}

/** A network with its length. */
export function networkOf(path: string, text: string): string {
  const prefix = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`
  const canonical = canonicalPrefix(prefix)
  if (canonical === undefined)
    throw wrong(path, `expected an address, a prefix or a prefix list; received ${text}`)
  return canonical
}

const ANY = { 4: '0.0.0.0/0', 6: '::/0' } as const
const FAMILIES: Readonly<Record<string, readonly (4 | 6)[]>> = { ipv4: [4], ipv6: [6], any: [4, 6] }

/** Rules that one term stands for. @throws AgentError for a term without any: left out, it would change the others' meaning */
function rulesOf(term: Section, lists: PrefixLists): Rule[] {
  term.leaveOut('description', 'rules of items have none')
  const action = term.text('action')
  const name = term.text('protocol') ?? 'any'
  const protocol = PROTOCOLS[name] ?? Number(name)
  if (!Number.isInteger(protocol)) throw wrong(term.at('protocol'), `unknown name ${name}; write the number`)
  const isIcmp = protocol === PROTOCOLS['icmp'] || protocol === PROTOCOLS['ipv6-icmp']
  const [source, destination] = isIcmp ? ['icmp-type', 'icmp-code'] : ['source-port', 'destination-port']
  const last = isIcmp ? 255 : 65_535
  const names = isIcmp ? {} : PORTS
  const sourcePorts = rangeOf(term.at(source), term.text(source), last, names)
  const destinationPorts = rangeOf(term.at(destination), term.text(destination), last, names)
  const family = term.text('family') ?? 'any'
  const from = networksOf(term.at('source'), term.text('source'), lists)
  const to = networksOf(term.at('destination'), term.text('destination'), lists)
  term.end()
  const implied = protocol === PROTOCOLS['icmp'] ? [4] : [6]
  const families = (FAMILIES[family] ?? []).filter((it) => !isIcmp || implied.includes(it))
  const rules = families.flatMap((of) => {
    const within = (list: readonly (string | undefined)[]): string[] =>
      list.map((it) => it ?? ANY[of]).filter((it) => familyOf(it) === of)
    return within(from).flatMap((one) =>
      within(to).map((other): Rule => ({
        action: action === 'permit+reflect' ? 'reflect' : (action as Rule['action']),
        protocol,
        source: one,
        destination: other,
        ...(sourcePorts === undefined ? {} : { sourcePorts }),
        ...(destinationPorts === undefined ? {} : { destinationPorts }),
      })),
    )
  })
  if (rules.length === 0) throw wrong(term.path, 'expected source and destination of one family')
  return rules
}

/** Members of prefix lists. */
export function prefixListsOf(section: Section): PrefixLists {
  const lists = new Map<string, readonly string[]>()
  for (const [name, list] of section.sections()) {
    list.leaveOut('description', 'prefix lists are spelled out in the rules that name them')
    lists.set(
      name,
      list.texts('members').map((it) => networkOf(list.at('members'), it)),
    )
    list.end()
  }
  return lists
}

/** Access lists. vppcfg checks them and puts them on no interface. */
export function* aclsOf(
  section: Section,
  lists: PrefixLists,
  nested: (path: string, value: unknown) => Section,
): Iterable<AclInput> {
  for (const [name, acl] of section.sections()) {
    acl.leaveOut('description', 'access lists of items have none')
    const terms = acl.list('terms').map((it, at) => nested(`${acl.path}.terms.${at}`, it))
    acl.end()
    yield { kind: 'acl', name, rules: terms.flatMap((term) => rulesOf(term, lists)) }
  }
}
