import type { ConnectionState, VppConnection } from '@vpp-ts/runtime'
import type { AdoptOptions, Adopted } from './adopt.ts'
import type { DeclaredItems } from '../desired/declared-items.ts'
import type { Proposal } from '../desired/proposal.ts'
import type { Dump } from '../reconcile/dump.ts'
import type { GraphOptions, ObjectGraph } from '../reconcile/object-graph.ts'
import type { Item, ItemInput, ItemRef } from '../kinds/item.ts'
import type { EventLog } from '../status/event-log.ts'
import type { ItemStatus } from '../status/item-status.ts'
import type { ActualObject, Plan } from '../model/plan.ts'

/** What an agent knows of one VPP at a glance. */
export interface InstanceState {
  readonly connection: ConnectionState
  /** True while this agent, and no other, programs the VPP. */
  readonly leading: boolean
  /** The last comparison with all that VPP has; undefined before the first. */
  readonly lastResync: ResyncSummary | undefined
  /** Items by state. */
  readonly items: Readonly<Record<ItemStatus['state'], number>>
  /** What was done so far by this process, of changes alone and of comparisons with all that VPP has. */
  readonly work: Readonly<Record<'apply' | 'resync', WorkDone>>
  /** Changes found in VPP that the agent did not make, since it was started. */
  readonly drifted: number
  /** When VPP was last looked at as a whole; undefined before the first time. */
  readonly lookedAt: Date | undefined
  /** Objects that are to be compared, or that wait for their next try. */
  readonly queued: number
}

/** What was done so far. */
export interface WorkDone {
  readonly count: number
  /** Milliseconds that it took. */
  readonly duration: number
  /** Changes that VPP accepted. */
  readonly applied: number
  /** Changes that VPP refused. */
  readonly failed: number
}

/** How a comparison with all that VPP has ended. */
export interface ResyncSummary {
  /** When it ended. */
  readonly at: Date
  /** Milliseconds that it took. */
  readonly duration: number
  /** Changes that VPP accepted. */
  readonly applied: number
  /** Changes that VPP refused. */
  readonly failed: number
  /** Changes that wait for something that is missing. */
  readonly waiting: number
}

/** What an item waits for. */
export interface ItemWait {
  /** An object that is missing, as `interface "lan"`. */
  readonly waitsFor: string | undefined
  /** When it is tried again; undefined when that is not known, or nothing has to be. */
  readonly nextTry: Date | undefined
}

/** What a plan is about. */
export interface PlanOptions {
  /** The items as they would be; left out: as they are. */
  readonly proposal?: Proposal | undefined
  /** True to have the requests to VPP with each change. */
  readonly calls?: boolean | undefined
}

/** How an apply ended. */
export interface ApplyResult extends Omit<ResyncSummary, 'at'> {
  /** Every item that is not as it should be. */
  readonly problems: readonly ItemStatus[]
}

/**
 * One VPP that the agent manages. Its desired state is in the store; its actual state is what VPP reports. The leader
 * applies changes of the store as they are made.
 */
export interface Instance {
  readonly name: string
  /** For calls of one's own: CLI, traces, events. */
  readonly connection: VppConnection
  /** Path of the socket of the stats segment. */
  readonly statsSocketPath: string
  /** What happened: connection, links, items. */
  readonly events: EventLog
  /** What VPP should have: who declares it, conflicts, history, and changes with all their options. */
  readonly declared: DeclaredItems

  state(): InstanceState
  /** VPP's interfaces by index: the agent's name of those it made, VPP's of others. As of the last look. */
  interfaceNames(): ReadonlyMap<number, string>
  /** The desired items, in the order of kinds and keys. @throws AgentError `AGENT_STORE` */
  desired(): Promise<readonly Item[]>
  /** One item. @throws AgentError `AGENT_STORE` */
  get(ref: ItemRef): Promise<Item | undefined>
  /**
   * Adds items to the desired state, or replaces those with the same key. When it has returned they are stored
   * durably; `settled` tells when VPP has them.
   * @param origin who wants them; default `API_ORIGIN`
   * @throws AgentError `AGENT_STORE`; `AGENT_CONFLICT` for items that other origins declare otherwise
   */
  put(items: readonly (Item | ItemInput)[], origin?: string): Promise<void>
  /**
   * Drops an origin's declarations of items.
   * @returns those items that there were
   * @throws AgentError `AGENT_STORE`; `AGENT_CONFLICT` for items that other origins declare
   */
  delete(refs: readonly ItemRef[], origin?: string): Promise<readonly ItemRef[]>
  /**
   * Makes `items` all that this origin wants: puts them, and drops others that it declared before.
   * @throws AgentError `AGENT_STORE`, `AGENT_CONFLICT`, `AGENT_DELETION_GUARD`
   */
  replace(items: readonly (Item | ItemInput)[], origin: string): Promise<void>
  /** Who wants items. @throws AgentError `AGENT_STORE` */
  origins(): Promise<readonly string[]>
  /**
   * Objects of a kind, such as `address`, as of the last look, with what was changed since; none while VPP is away.
   * Asks VPP nothing.
   */
  seen(kind: string): Iterable<ActualObject>
  /** VPP's state, as far as items can declare it. @throws VppError when it cannot be asked */
  actual(): Promise<readonly ActualObject[]>
  /** Desired objects and their dependencies. Sends nothing to VPP. */
  graph(options: GraphOptions): Promise<ObjectGraph>
  /** VPP's state as items, whoever created it. @param only kinds of items; default: all. @throws VppError */
  dump(only?: ReadonlySet<string>): Promise<Dump>
  /**
   * Declares what VPP has and is not declared yet, and records that it is the agent's. Nothing in VPP is changed, and
   * an apply then has nothing to do.
   * @param origin who declares it; default `API_ORIGIN`
   * @throws AgentError `AGENT_NOT_LEADER`, `AGENT_STORE`; VppError
   */
  adopt(options?: AdoptOptions): Promise<Adopted>
  /** What an apply would change now, after a fresh look at VPP. @throws VppError when it cannot be asked */
  plan(options?: PlanOptions): Promise<Plan>
  /**
   * Brings VPP up to date with what changed since the last apply.
   * @throws AgentError `AGENT_NOT_LEADER`; VppError when the connection is lost
   */
  apply(): Promise<ApplyResult>
  /**
   * Compares VPP's whole state with the desired state and changes what differs, until a look shows no difference that
   * could be fixed.
   * @throws AgentError `AGENT_NOT_LEADER`; VppError when the connection is lost
   */
  resync(): Promise<ApplyResult>
  /**
   * Waits until what was put or deleted so far has been tried on VPP.
   * @param refs only these items; left out: all
   * @throws the reason of the signal
   */
  settled(signal?: AbortSignal, refs?: Iterable<ItemRef>): Promise<void>
  /** How every item stands, those included that are still to be removed from VPP. */
  statuses(): readonly ItemStatus[]
  /** How one item stands. */
  status(ref: ItemRef): ItemStatus | undefined
  /** What an item that is not as it should be waits for, and when it is tried again. */
  waitOf(ref: ItemRef): ItemWait
  close(): Promise<void>
}
