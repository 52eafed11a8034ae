export { DEFAULT_STATS_SOCKET, StatsClient, type ConnectionInfo, type StatsClientEvents } from './client.ts'
export type { LossReason } from './connection.ts'
export type {
  CombinedStat,
  CounterLink,
  HistogramBin,
  HistogramStat,
  NamesStat,
  RingStat,
  ScalarStat,
  SimpleStat,
  StatEntry,
  StatIdentity,
  StatType,
  SymlinkStat,
  UnknownStat,
} from './entries.ts'
export { StatsError, type StatsErrorCode } from './errors.ts'
export type { StatListing } from './listing.ts'
export type { StatsOptions } from './options.ts'
export type { Patterns } from './patterns.ts'
export type { PreparedStats } from './prepared.ts'
export type { RingRecords, RingSubscription } from './ring-subscription.ts'
export type { UnsealedPolicy } from './source.ts'
export type { BufferPool } from './views/buffers.ts'
export type { PacketsBytes } from './views/columns.ts'
export type { ErrorOptions, ErrorStats } from './views/errors.ts'
export type { InterfaceCounters, InterfaceOptions, InterfaceStats } from './views/interfaces.ts'
export type { HeapStats } from './views/memory.ts'
export type { NodeCounters, NodeOptions, NodeStats } from './views/nodes.ts'
export type { SystemStats } from './views/system.ts'
export { registerStats, type CollectorOptions } from './prometheus/collector.ts'
export type { SeriesLabels } from './prometheus/definitions.ts'
export { EntriesCollector, type EntriesOptions, type MetricRule } from './prometheus/entries-collector.ts'
export { MetricsServer, type MetricsServerOptions } from './prometheus/server.ts'
export { growth, RateMeter, type Reading } from './rates.ts'
