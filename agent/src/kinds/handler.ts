import type { AclClient } from '@vpp-ts/binapi-acl'
import type { FibClient } from '@vpp-ts/binapi-fib'
import type { InterfaceClient } from '@vpp-ts/binapi-interface'
import type { IpClient } from '@vpp-ts/binapi-ip'
import type { IpNeighborClient } from '@vpp-ts/binapi-ip-neighbor'
import type { L2Client } from '@vpp-ts/binapi-l2'
import type { MemifClient } from '@vpp-ts/binapi-memif'
import type { Nat44EdClient } from '@vpp-ts/binapi-nat44-ed'
import type { Tapv2Client } from '@vpp-ts/binapi-tapv2'
import type { InterfaceItem } from './interface/schema.ts'
import type { ItemRef } from './item.ts'
import type { Actual, Desired, Kind } from './object.ts'
import type { Snapshot } from './snapshot.ts'

/** "None" and "all" in fields that hold an index. */
export const NONE = 0xffff_ffff

/** Clients of the API files that objects are made with. */
export interface Clients {
  readonly acl: AclClient
  readonly fib: FibClient
  readonly interface: InterfaceClient
  readonly ip: IpClient
  readonly neighbour: IpNeighborClient
  readonly l2: L2Client
  readonly memif: MemifClient
  readonly nat44: Nat44EdClient
  readonly tap: Tapv2Client
}

/** What is known of what VPP is to have while it is looked at. */
export interface Wanted {
  /** Interfaces that VPP is to have, by name. */
  readonly interfaces: ReadonlyMap<string, InterfaceItem>
  /** Interfaces that it was to have once and may have still. */
  readonly goneInterfaces: readonly InterfaceItem[]
  /** What is to be there under a key. */
  desired<K extends Kind>(kind: K, key: string): Desired<K> | undefined
  /** True for objects without a mark in VPP that are, or were, to be there. */
  owns(ref: ItemRef): boolean
}

/** What handlers of objects work with. */
export interface Vpp {
  readonly clients: Clients
  readonly snapshot: Snapshot
  /** Number that VPP has for the agent as a source of routes. */
  fibSource(): Promise<number>
}

/** How a kind of object is read, made, changed and removed. All methods reject with a VppError when VPP refuses. */
export interface Handler<K extends Kind> {
  /** All objects of the kind that VPP has; `foreign` false may leave out those that the agent leaves alone. */
  look(vpp: Vpp, wanted: Wanted, foreign: boolean): Promise<Actual<K>[]>
  /** How one becomes the other; left out: by `update` when there is one, else by replacing. */
  compare?(desired: Desired<K>, actual: Actual<K>): 'same' | 'update' | 'replace'
  /** @returns VPP's index of it, where it has one */
  create(vpp: Vpp, desired: Desired<K>): Promise<number | undefined>
  update?(vpp: Vpp, desired: Desired<K>, actual: Actual<K>): Promise<void>
  remove(vpp: Vpp, actual: Actual<K>): Promise<void>
}
