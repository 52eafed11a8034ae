export { Agent } from './agent.ts'
export type { Closable } from './agent.ts'
export { AgentConfigError, readAgentConfig } from './config/read-config.ts'
export type { AgentConfig, AgentConfigProblem, InstanceConfig } from './config/read-config.ts'
export type { MetricsConfig, RestConfig, StoreConfig } from './config/schema.ts'
export { AgentError } from './errors.ts'
export type { AgentErrorCode } from './errors.ts'
export { EventLog } from './instance/event-log.ts'
export type { InstanceEvent, LoggedEvent } from './instance/event-log.ts'
export { API_ORIGIN } from './instance/instance.ts'
export type { ApplyResult, Instance, InstanceState, ResyncSummary, WorkDone } from './instance/instance.ts'
export type { ItemError, ItemStatus } from './instance/item-status.ts'
export { OBJECT_KINDS } from './instance/plan.ts'
export type { ActualObject, ObjectKind, ObjectValue, Plan, PlannedChange } from './instance/plan.ts'
export { VppInstance } from './instance/vpp-instance.ts'
export type { VppInstanceOptions } from './instance/vpp-instance.ts'
export type {
  LiveCounters,
  LiveDetail,
  LiveError,
  LiveInstance,
  LiveInterface,
  LiveItems,
  LiveNode,
  LiveResync,
  LiveSystem,
  LiveView,
} from './live/live-view.ts'
export { Telemetry } from './live/telemetry.ts'
export { MetricsServer } from './metrics/metrics-server.ts'
export { aclSchema } from './model/acl.ts'
export type { AclInput, AclItem, AclRule } from './model/acl.ts'
export { bridgeDomainSchema } from './model/bridge-domain.ts'
export type { BridgeDomainInput, BridgeDomainItem, BridgeMember } from './model/bridge-domain.ts'
export { interfaceSchema } from './model/interface.ts'
export type { InterfaceInput, InterfaceItem } from './model/interface.ts'
export {
  ITEM_KINDS,
  ITEM_SCHEMAS,
  InvalidItemError,
  isItemKind,
  itemSchema,
  keyOf,
  parseItem,
  refOf,
} from './model/item.ts'
export type { Item, ItemInput, ItemKind, ItemOf, ItemProblem, ItemRef } from './model/item.ts'
export { memifSocketSchema } from './model/memif-socket.ts'
export type { MemifSocketInput, MemifSocketItem } from './model/memif-socket.ts'
export { nat44StaticSchema } from './model/nat44-static.ts'
export type { Nat44StaticInput, Nat44StaticItem } from './model/nat44-static.ts'
export { neighbourSchema } from './model/neighbour.ts'
export type { NeighbourInput, NeighbourItem } from './model/neighbour.ts'
export { routeSchema } from './model/route.ts'
export type { RouteInput, RouteItem, RoutePath } from './model/route.ts'
export { RestServer } from './rest/rest-server.ts'
export { startAgent } from './start-agent.ts'
export { EtcdStore } from './store/etcd-store.ts'
export type { EtcdOptions } from './store/etcd-store.ts'
export { LmdbStore } from './store/lmdb-store.ts'
export type {
  CampaignOptions,
  Leadership,
  Store,
  StoreChange,
  StoreCondition,
  StoreEntry,
  StoreListing,
  StoreOperation,
  WatchOptions,
} from './store/store.ts'
