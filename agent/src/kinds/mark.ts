import { createHash } from 'node:crypto'
import type { InterfaceItem } from './interface/schema.ts'

/**
 * What everything that the agent makes is marked with, where VPP keeps a mark: tags of interfaces, bridge domains,
 * access lists and NAT mappings, names of tables, and the source of routes.
 */
export const MARK = 'vpp-ts-agent'

/** Name and fingerprint from the tag of an interface; undefined when the agent did not make it. */
export function readInterfaceTag(tag: string): { name: string; fingerprint: string } | undefined {
  const [mark, fingerprint, ...name] = tag.split('/')
  if (mark !== MARK || fingerprint === undefined || name.length === 0) return undefined
  return { name: name.join('/'), fingerprint }
}

/** Tag of an interface of the agent. */
export function interfaceTag(name: string, fingerprint: string): string {
  return `${MARK}/${fingerprint}/${name}`
}

/** Name from the tag of an access list; undefined when the agent did not make it. */
export function readAclTag(tag: string): string | undefined {
  return tag.startsWith(`${MARK}/`) ? tag.slice(MARK.length + 1) : undefined
}

/** Tag of an access list of the agent. */
export function aclTag(name: string): string {
  return `${MARK}/${name}`
}

/** What VPP cannot change of an interface that exists, and does not always tell: secrets, rings, host names. */
export function fingerprintOf(item: InterfaceItem): string {
  const { kind: _kind, name: _name, enabled: _enabled, mtu: _mtu, ...rest } = item
  const { addresses: _addresses, table: _table, ...made } = rest
  const fixed = Object.entries(made)
    .filter(([key]) => key !== 'mac')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return digest(JSON.stringify(fixed)).slice(0, 8)
}

/**
 * MAC address for an interface whose item names none: made up from the name, so that an interface whose tag was not
 * set because the agent died in between is known again.
 */
export function derivedMac(item: InterfaceItem): string {
  const bytes = digest(`${item.name} ${fingerprintOf(item)}`).slice(0, 10)
  return `06:${(bytes.match(/../g) ?? []).join(':')}`
}

/** MAC address that an interface is made with. */
export function initialMac(item: InterfaceItem): string {
  return ('mac' in item ? item.mac : undefined) ?? derivedMac(item)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
