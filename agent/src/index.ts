export { Agent } from './instance/agent.ts'
export type { Closable } from './instance/agent.ts'
export { AgentConfigError, readAgentConfig } from './config/read-config.ts'
export type { AgentConfig, AgentConfigProblem, HistoryConfig, InstanceConfig } from './config/read-config.ts'
export type { MetricsConfig, RestConfig, StoreConfig } from './config/schema.ts'
export { AgentError } from './model/errors.ts'
export type { AgentErrorCode } from './model/errors.ts'
export { EventLog } from './status/event-log.ts'
export type { InstanceEvent, LoggedEvent } from './status/event-log.ts'
export { DELETION_GUARD } from './desired/change.ts'
export type {
  ChangeRequest,
  ChangeResult,
  Conflict,
  ConflictManner,
  DeletionGuard,
} from './desired/change.ts'
export type { Confirmation } from './desired/confirmation.ts'
export { API_ORIGIN, DeclaredItems } from './desired/declared-items.ts'
export type { DeclaredItem } from './desired/declared-items.ts'
export { declarationOf } from './desired/declaration.ts'
export type { Declaration } from './desired/declaration.ts'
export type { EffectiveItem, FrozenItem, GoneItems } from './desired/effective.ts'
export type { ItemDifference, Revision } from './desired/revisions.ts'
export type { Source, SourceProblem, SourceStatus } from './desired/source.ts'
export type { ApplyResult, Instance, InstanceState, ResyncSummary, WorkDone } from './instance/instance.ts'
export { ITEM_STATES } from './status/item-status.ts'
export type { ItemError, ItemState, ItemStatus } from './status/item-status.ts'
export type { GraphEdge, GraphNode, GraphOptions, ObjectGraph } from './reconcile/object-graph.ts'
export type { Dump, NotDumped } from './reconcile/dump.ts'
export type { Action, ActualObject, ObjectValue, Plan, PlannedChange } from './model/plan.ts'
export type { AdoptOptions, Adopted } from './instance/adopt.ts'
export { adoptAlone, dumpAlone } from './instance/dump-alone.ts'
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
} from './telemetry/live-view.ts'
export type { HistoryClock, HistoryOptions } from './telemetry/history-recorder.ts'
export { Telemetry } from './telemetry/telemetry.ts'
export { MetricsServer } from './telemetry/metrics-server.ts'
export { BUILT_IN } from './kinds/built-in.ts'
export { describe as describeKind } from './kinds/descriptor.ts'
export type {
  Actual,
  AnyItem,
  ClientClass,
  Collection,
  Desired,
  FoundView,
  ItemDescriptor,
  ItemDump,
  LookOptions,
  ObjectDescriptor,
  Part,
  Vpp,
  WantedView,
} from './kinds/descriptor.ts'
export { Kinds } from './kinds/kinds.ts'
export { aclSchema } from './kinds/acl/schema.ts'
export type { AclInput, AclItem, AclRule } from './kinds/acl/schema.ts'
export { bridgeDomainSchema } from './kinds/bridge-domain/schema.ts'
export type { BridgeDomainInput, BridgeDomainItem, BridgeMember } from './kinds/bridge-domain/schema.ts'
export { dhcpClientSchema } from './kinds/dhcp-client/schema.ts'
export type { DhcpClientInput, DhcpClientItem } from './kinds/dhcp-client/schema.ts'
export { interfaceSchema } from './kinds/interface/schema.ts'
export type { InterfaceInput, InterfaceItem } from './kinds/interface/schema.ts'
export {
  ITEM_KINDS,
  ITEM_SCHEMAS,
  OBJECT_KINDS,
  OBJECT_MESSAGES,
  InvalidItemError,
  isItemKind,
  itemSchema,
  keyOf,
  parseItem,
  refOf,
} from './kinds/item.ts'
export type { Item, ItemInput, ItemKind, ItemOf, ItemProblem, ItemRef } from './kinds/item.ts'
export { memifSocketSchema } from './kinds/memif-socket/schema.ts'
export type { MemifSocketInput, MemifSocketItem } from './kinds/memif-socket/schema.ts'
export { nat44StaticSchema } from './kinds/nat44-static/schema.ts'
export type { Nat44StaticInput, Nat44StaticItem } from './kinds/nat44-static/schema.ts'
export { neighbourSchema } from './kinds/neighbour/schema.ts'
export type { NeighbourInput, NeighbourItem } from './kinds/neighbour/schema.ts'
export { routeSchema } from './kinds/route/schema.ts'
export type { RouteInput, RouteItem, RoutePath } from './kinds/route/schema.ts'
export { mssClampSchema } from './kinds/mss-clamp/schema.ts'
export type { MssClampInput, MssClampItem } from './kinds/mss-clamp/schema.ts'
export { urpfSchema } from './kinds/urpf/schema.ts'
export type { UrpfInput, UrpfItem } from './kinds/urpf/schema.ts'
export { proxyArpSchema } from './kinds/proxy-arp/schema.ts'
export type { ProxyArpInput, ProxyArpItem } from './kinds/proxy-arp/schema.ts'
export { proxyNdSchema } from './kinds/proxy-nd/schema.ts'
export type { ProxyNdInput, ProxyNdItem } from './kinds/proxy-nd/schema.ts'
export { macipAclSchema } from './kinds/macip-acl/schema.ts'
export type { MacipAclInput, MacipAclItem } from './kinds/macip-acl/schema.ts'
export { policerSchema } from './kinds/policer/schema.ts'
export type { PolicerInput, PolicerItem } from './kinds/policer/schema.ts'
export { abfSchema } from './kinds/abf/schema.ts'
export type { AbfInput, AbfItem } from './kinds/abf/schema.ts'
export { qosMapSchema } from './kinds/qos-map/schema.ts'
export type { QosMapInput, QosMapItem } from './kinds/qos-map/schema.ts'
export { qosSchema } from './kinds/qos/schema.ts'
export type { QosInput, QosItem } from './kinds/qos/schema.ts'
export { dhcpProxySchema } from './kinds/dhcp-proxy/schema.ts'
export type { DhcpProxyInput, DhcpProxyItem } from './kinds/dhcp-proxy/schema.ts'
export { dhcp6ProxySchema } from './kinds/dhcp6-proxy/schema.ts'
export type { Dhcp6ProxyInput, Dhcp6ProxyItem } from './kinds/dhcp6-proxy/schema.ts'
export { pppoeSchema } from './kinds/pppoe/schema.ts'
export type { PppoeInput, PppoeItem } from './kinds/pppoe/schema.ts'
export { pppoeSessionSchema } from './kinds/pppoe-session/schema.ts'
export type { PppoeSessionInput, PppoeSessionItem } from './kinds/pppoe-session/schema.ts'
export { dnsSchema } from './kinds/dns/schema.ts'
export type { DnsInput, DnsItem } from './kinds/dns/schema.ts'
export { vrfSchema } from './kinds/vrf/schema.ts'
export type { VrfInput, VrfItem } from './kinds/vrf/schema.ts'
export { translateVppcfg } from './vppcfg/translate.ts'
export type { Translation } from './vppcfg/translate.ts'
export type { LeftOut } from './vppcfg/reading.ts'
export { RestServer } from './rest/rest-server.ts'
export { startAgent } from './program/start-agent.ts'
export type { StartOptions } from './program/start-agent.ts'
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
