import { createHash } from 'node:crypto'
import type { InterfaceItem } from './interface/schema.ts'

/**
 * What everything that the agent makes is marked with, where VPP keeps a mark: tags of interfaces, bridge domains,
 * access lists and NAT mappings, names of tables, and the source of routes.
 */
export const MARK = 'vpp-ts-agent'

/** The same where VPP keeps a number. */
export const MARK_NUMBER = 0x7670_7473

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

/** User-given name of a table, from its name in VPP; undefined if the agent did not create it, or it has none. */
export function readTableName(name: string): string | undefined {
  return name.startsWith(`${MARK}/`) ? name.slice(MARK.length + 1) : undefined
}

/** Name in VPP of a table of the agent that people gave a name. */
export function tableName(name: string): string {
  return `${MARK}/${name}`
}

/**
 * What the fingerprint of an interface digests, by type: what VPP cannot change of an interface that exists, and does
 * not always tell. Never add a field here, since the fingerprints of all interfaces in all VPPs would change: a field
 * that comes later belongs in `LATER`, and counts only where it was given a value other than its default.
 */
const FIXED: Readonly<Record<InterfaceItem['type'], readonly string[]>> = {
  loopback: ['instance', 'type'],
  tap: ['hostAddress', 'hostName', 'hostNamespace', 'id', 'ringSize', 'type'],
  memif: ['bufferSize', 'id', 'mode', 'queues', 'ringSize', 'role', 'secret', 'socket', 'type'],
  vlan: ['parent', 'type', 'vlan'],
  bond: ['id', 'loadBalance', 'mode', 'numaOnly', 'type'],
  existing: ['type'],
}

/** Fields that came after the first version, with their defaults, which never change; undefined where there is none. */
const LATER: Readonly<Record<string, unknown>> = {
  checksumOffload: false,
  dma: false,
  ethertype: 'dot1q',
  exactMatch: undefined,
  groCoalesce: false,
  gso: false,
  hostAddress2: undefined,
  hostBridge: undefined,
  hostGateway: undefined,
  hostMac: undefined,
  hostMtu: undefined,
  inner: undefined,
  number: undefined,
  packed: false,
  persist: false,
  rxQueues: undefined,
  tun: false,
  txQueues: undefined,
  zeroCopy: true,
}

/** A digest of what an interface was made with. */
export function fingerprintOf(item: InterfaceItem): string {
  const fields: Readonly<Record<string, unknown>> = item
  const fixed = [...FIXED[item.type], ...Object.keys(LATER).filter((key) => fields[key] !== LATER[key])]
  const entries = fixed.sort().flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]]))
  return digest(JSON.stringify(entries)).slice(0, 8)
}

/**
 * MAC address for an interface whose item has none: derived from its agent, store and VPP, so that no two
 * routers have the same one, and from its name, so that an interface whose tag was not set because the agent died
 * meanwhile is known again.
 */
export function derivedMac(item: InterfaceItem, identity: string): string {
  return macOf(`${identity} ${item.name} ${fingerprintOf(item)}`)
}

/** MAC address that an interface is made with. */
export function initialMac(item: InterfaceItem, identity: string): string {
  return declaredMac(item) ?? derivedMac(item, identity)
}

/** MAC address that an item names. */
export function declaredMac(item: InterfaceItem): string | undefined {
  return 'mac' in item ? item.mac : undefined
}

/** True for an interface with its own MAC address: not a sub-interface, and not one that carries only IP. */
export function hasOwnMac(item: InterfaceItem): boolean {
  const isIp = (item.type === 'memif' && item.mode === 'ip') || (item.type === 'tap' && item.tun)
  return item.type !== 'vlan' && !isIp
}

/** True for an address that the agent makes this interface with; earlier versions made it up from the name alone. */
export function isInitialMac(mac: string, item: InterfaceItem, identity: string): boolean {
  return (
    mac === initialMac(item, identity) ||
    (declaredMac(item) === undefined && isDerivedMac(mac, item, identity))
  )
}

/** True for an address that the agent makes up for this interface. */
export function isDerivedMac(mac: string, item: InterfaceItem, identity: string): boolean {
  return mac === derivedMac(item, identity) || mac === macOf(`${item.name} ${fingerprintOf(item)}`)
}

function macOf(text: string): string {
  const bytes = digest(text).slice(0, 10)
  return `06:${(bytes.match(/../g) ?? []).join(':')}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
