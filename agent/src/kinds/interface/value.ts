import type { InterfaceItem, TagRewrite } from './schema.ts'

/** An interface without what hangs on it. */
export interface InterfaceValue {
  /** `other`: of a type that the agent does not make. */
  readonly type: InterfaceItem['type'] | 'other'
  /** What it was made with, as text to compare by; undefined when that cannot be known. */
  readonly fingerprint: string | undefined
  /** False when the agent died between making and tagging it, so that it is still to be tagged. */
  readonly tagged: boolean
  /** L3, in bytes; undefined: that of the link. */
  readonly mtu: number | undefined
  /** Of the link, in bytes; undefined: as it is. */
  readonly linkMtu: number | undefined
  /** Of desired ones, what the item names; undefined for what has none of its own, as a member of a bond. */
  readonly mac: string | undefined
  /** Name of the interface that a VLAN is part of. */
  readonly parent: string | undefined
  /** Memif socket; undefined for everything else. */
  readonly socket: number | undefined
  /** Of a memif. */
  readonly role: 'master' | 'slave' | undefined
  /** What only one interface can have. */
  readonly claims: readonly string[]
  /** What it is made from, of desired ones. */
  readonly source?: InterfaceItem
  /** What VPP also reports, of actual ones. */
  readonly seen?: SeenInterface
}

/** What VPP reports of an interface that the agent does not set, or sets elsewhere. */
export interface SeenInterface {
  readonly vppName: string
  readonly tag: string
  readonly adminUp: boolean
  readonly linkUp: boolean
  /** Kbit/s; 0 when unknown. */
  readonly linkSpeed: number
  readonly device: string
  readonly isBond: boolean
  /** Its MAC address is one that the agent makes up for it. */
  readonly hasMadeUpMac: boolean
  /** How it was made, of types that the agent makes. */
  readonly told: ToldInterface | undefined
  /** Undefined: none. */
  readonly rewrite: TagRewrite | undefined
}

/** What VPP reports of how an interface was made, as fields of an item. */
export interface ToldInterface {
  readonly fixed: Readonly<Record<string, unknown>>
  /** What may have been asked for, or chosen by VPP or Linux. */
  readonly maybe: Readonly<Record<string, unknown>>
}
