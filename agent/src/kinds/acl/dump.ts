import { brief } from '../brief.ts'
import type { FoundView } from '../descriptor.ts'
import type { AclBindingValue } from './binding.ts'
import type { AclRuleValue, AclValue } from './object.ts'
import { PROTOCOLS, familyOfProtocol, type AclInput } from './schema.ts'

type RuleInput = AclInput['rules'][number]

const ALL_PORTS = { first: 0, last: 65_535 }
const DEFAULTS = {
  protocol: 'any',
  sourcePorts: ALL_PORTS,
  destinationPorts: ALL_PORTS,
  tcpFlags: { mask: 0, value: 0 },
} as const

function protocolOf(number: number): RuleInput['protocol'] {
  const names = Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[]
  return names.find((name) => PROTOCOLS[name] === number) ?? number
}

function isAny(prefix: string): boolean {
  return prefix === '0.0.0.0/0' || prefix === '::/0'
}

/** A rule of VPP with the addresses that say its family. */
function ruleOf(value: AclRuleValue, addresses: Pick<RuleInput, 'source' | 'destination'>): RuleInput {
  const { action, protocol, sourcePorts, destinationPorts, tcpFlags } = value
  const rest = { protocol: protocolOf(protocol), sourcePorts, destinationPorts, tcpFlags }
  return { action, ...brief(addresses), ...brief<Omit<RuleInput, 'action'>>(rest, DEFAULTS) }
}

/** The rules of an item that VPP has made these of: two for any address of both families are one. */
function* rulesIn(values: readonly AclRuleValue[]): Iterable<RuleInput> {
  for (let at = 0; at < values.length; at++) {
    const value = values[at]
    if (value === undefined) return
    const { source, destination, protocol } = value
    const next = values[at + 1]
    if (!isAny(source) || !isAny(destination)) {
      yield ruleOf(value, {
        source: isAny(source) ? undefined : source,
        destination: isAny(destination) ? undefined : destination,
      })
    } else if (familyOfProtocol(protocol) === (source === '::/0' ? 6 : 4)) {
      yield ruleOf(value, {})
    } else if (source === '0.0.0.0/0' && next !== undefined && isTwin(value, next)) {
      yield ruleOf(value, {})
      at++
    } else yield ruleOf(value, { source })
  }
}

function isTwin(one: AclRuleValue, other: AclRuleValue): boolean {
  if (familyOfProtocol(one.protocol) !== undefined) return false
  return JSON.stringify({ ...one, source: '::/0', destination: '::/0' }) === JSON.stringify(other)
}

/**
 * Access lists that can be said: the agent asks the lists of an interface in the order of their names, so that those of
 * an interface which has them in another order stay as they are.
 */
export function* dumpAcls(vpp: FoundView): Iterable<AclInput> {
  const bindings = Array.from(vpp.of<AclBindingValue>('acl-binding'), ({ value }) => value)
  const unordered = new Map<string, string>()
  for (const { interface: on, ingress, egress } of bindings) {
    for (const names of [ingress, egress]) {
      const isOrdered = names.every((name, at) => at === 0 || (names[at - 1] ?? '') < name)
      if (!isOrdered) for (const name of names) unordered.set(name, on)
    }
  }
  for (const { key, value } of vpp.of<AclValue>('acl')) {
    const on = unordered.get(key)
    if (on !== undefined) {
      const reason = `the lists of interface ${JSON.stringify(on)} are not in the order of their names, in which the agent would ask them; give them other tags`
      vpp.leaveOut({ kind: 'acl', key }, reason)
      continue
    }
    const namesOn = (direction: 'ingress' | 'egress'): string[] =>
      bindings
        .filter((it) => it[direction].includes(key))
        .map((it) => it.interface)
        .sort()
    const where = { ingress: namesOn('ingress'), egress: namesOn('egress') }
    yield {
      kind: 'acl',
      name: key,
      rules: [...rulesIn(value.rules)],
      ...brief(where, { ingress: [], egress: [] }),
    }
  }
}
