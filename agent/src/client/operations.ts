import type { BulkAnswer } from '../rest/bulk.ts'
import type { AgentInfo } from '../rest/agent-routes.ts'
import type {
  ComparedView,
  ConfirmationView,
  ItemRevisionView,
  RevisionDetail,
  RolledBackView,
} from '../rest/history-routes.ts'
import type { AdoptedView, DumpView } from '../rest/dump-routes.ts'
import type { GraphView } from '../rest/graph-routes.ts'
import type { InterfaceDetail, InterfaceView } from '../rest/interface-routes.ts'
import type { ItemDetail } from '../rest/item-detail.ts'
import type { FrozenView, SourceView } from '../rest/origin-routes.ts'
import type {
  CaptureBody,
  DiagnosisView,
  ErrorView,
  TraceBody,
  TracedView,
} from '../rest/diagnosis-routes.ts'
import type { KindView } from '../rest/kind-routes.ts'
import type { HistoryStateView, RatesView } from '../rest/rate-routes.ts'
import type { ProposedView } from '../rest/plan-routes.ts'
import type { ReplacedView } from '../rest/state-routes.ts'
import type {
  ActualView,
  ApplyView,
  ConflictView,
  DesiredView,
  EventView,
  PlanView,
  StatusView,
} from '../rest/views.ts'
import type { InstanceInfo, TraceView } from '../rest/vpp-routes.ts'
import type { TopologyView } from '../rest/topology-routes.ts'
import type { ItemInput } from '../kinds/item.ts'
import type { LiveInstance, LiveView } from '../telemetry/live-view.ts'

/** An operation of the agent's REST: where it is, and what it takes and answers. */
export interface Operation<P extends string, Q extends string, B, A> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/v1`, or below an instance; parameters in braces. */
  readonly path: P
  /** Names of its parameters in the query. */
  readonly query: readonly Q[]
  /** True for what is about one VPP. */
  readonly ofInstance: boolean
  /** True for an answer that is a file, and comes as a `Buffer`. */
  readonly isFile?: boolean
  /** For types only. */
  readonly body?: B
  readonly answer?: A
}

/** Any operation. */
export type AnyOperation = Operation<string, string, unknown, unknown>

type Method = AnyOperation['method']

/** An operation of the agent itself. */
function ofAgent<A, B = undefined>() {
  return <const P extends string, const Q extends string = never>(
    method: Method,
    path: P,
    query: readonly Q[] = [],
  ): Operation<P, Q, B, A> => ({ method, path, query, ofInstance: false })
}

/** An operation on one VPP. */
function ofInstance<A, B = undefined>() {
  return <const P extends string, const Q extends string = never>(
    method: Method,
    path: P,
    query: readonly Q[] = [],
  ): Operation<P, Q, B, A> => ({ method, path, query, ofInstance: true })
}

const SPAN = ['from', 'to', 'last', 'step'] as const
const PAGE = ['search', 'limit', 'offset'] as const
const WRITING = ['wait', 'timeout', 'author', 'comment', 'takeOver', 'confirm', 'allOrNothing'] as const

/** Items as callers write them; of kinds from outside, too. */
export type ItemBody = ItemInput | { readonly kind: string; readonly [field: string]: unknown }

/** A change of the items that is only proposed. */
export type ProposedChange =
  | readonly ItemBody[]
  | {
      readonly put?: readonly ItemBody[]
      readonly drop?: readonly { readonly kind: string; readonly key: string }[]
    }

/** Every operation of the agent's REST by the name of the client's method. */
export const OPERATIONS = {
  instances: ofAgent<{ instances: LiveInstance[] }>()('GET', '/instances'),
  info: ofAgent<AgentInfo>()('GET', '/info'),
  configuration: ofAgent<Record<string, unknown>>()('GET', '/configuration'),
  health: ofAgent<{ live: boolean; ready: boolean }>()('GET', '/health'),
  live: ofAgent<LiveView>()('GET', '/live'),
  ready: ofAgent<{ live: boolean; ready: boolean }>()('GET', '/health/ready'),
  alive: ofAgent<{ live: boolean }>()('GET', '/health/live'),

  kinds: ofAgent<{ kinds: KindView[] }>()('GET', '/kinds'),
  schema: ofAgent<Record<string, unknown>>()('GET', '/schema'),

  instance: ofInstance<InstanceInfo>()('GET', ''),
  command: ofInstance<{ output: string }, { command: string }>()('POST', '/vpp/command', ['timeout']),
  trace: ofInstance<TraceView>()('GET', '/trace', ['limit']),

  interfaces: ofInstance<{ total: number; interfaces: InterfaceView[] }>()('GET', '/interfaces', PAGE),
  interface: ofInstance<InterfaceDetail>()('GET', '/interfaces/{key}'),
  setInterfaceState: ofInstance<unknown, { adminUp: boolean }>()('POST', '/interfaces/{key}/state', WRITING),

  items: ofInstance<{ total: number; items: DesiredView[] }>()('GET', '/{collection}', [...PAGE, 'table']),
  item: ofInstance<DesiredView>()('GET', '/{collection}/{key}', ['table']),
  postItems: ofInstance<StatusView | BulkAnswer, object>()('POST', '/{collection}', WRITING),
  putItem: ofInstance<StatusView, object>()('PUT', '/{collection}/{key}', [...WRITING, 'table']),
  deleteItem: ofInstance<StatusView | undefined>()('DELETE', '/{collection}/{key}', [...WRITING, 'table']),

  desired: ofInstance<{ total: number; items: DesiredView[] }>()('GET', '/desired', [
    ...PAGE,
    'kind',
    'state',
    'origin',
  ]),
  putItems: ofInstance<BulkAnswer, readonly ItemBody[]>()('POST', '/desired', WRITING),
  replaceItems: ofInstance<ReplacedView, readonly ItemBody[]>()('PUT', '/desired', [
    ...WRITING,
    'origin',
    'confirmDeletions',
  ]),
  actual: ofInstance<{ total: number; objects: ActualView[] }>()('GET', '/actual', [
    ...PAGE,
    'kind',
    'owned',
  ]),
  dump: ofInstance<DumpView>()('GET', '/dump', ['kind']),
  topology: ofInstance<TopologyView>()('GET', '/topology'),
  graph: ofInstance<GraphView>()('GET', '/graph', ['kind', 'limit']),
  adopt: ofInstance<AdoptedView>()('POST', '/adopt', ['kind', 'origin']),
  plan: ofInstance<PlanView>()('GET', '/plan', ['calls']),
  proposePlan: ofInstance<ProposedView, ProposedChange>()('POST', '/plan', [
    'origin',
    'whole',
    'takeOver',
    'calls',
    'limit',
  ]),
  resync: ofInstance<ApplyView>()('POST', '/resync'),

  revisions: ofInstance<{ last: number; revisions: ItemRevisionView[] }>()('GET', '/revisions', [
    'kind',
    'key',
  ]),
  compare: ofInstance<ComparedView>()('GET', '/compare', ['from', 'to', 'limit']),
  revision: ofInstance<RevisionDetail>()('GET', '/revisions/{number}', ['limit', 'offset']),
  rollBack: ofInstance<RolledBackView>()('POST', '/revisions/{number}/rollback', [
    'author',
    'comment',
    'confirm',
    'wait',
    'timeout',
  ]),
  itemDetail: ofInstance<ItemDetail>()('GET', '/items/{kind}/{key}'),
  proposeRollBack: ofInstance<ProposedView>()('GET', '/revisions/{number}/rollback', ['calls', 'limit']),
  confirmation: ofInstance<{ confirmation: ConfirmationView | null }>()('GET', '/confirmation'),
  confirm: ofInstance<ConfirmationView>()('POST', '/confirmation'),
  undo: ofInstance<{ revision: number }>()('DELETE', '/confirmation'),

  rates: ofInstance<HistoryStateView>()('GET', '/history'),
  totalRates: ofInstance<RatesView>()('GET', '/history/total', SPAN),
  interfaceRates: ofInstance<RatesView>()('GET', '/history/interfaces/{key}', SPAN),
  errorRates: ofInstance<RatesView>()('GET', '/history/errors/{key}', SPAN),
  workerRates: ofInstance<RatesView>()('GET', '/history/workers/{key}', SPAN),

  diagnosis: ofInstance<DiagnosisView>()('GET', '/diagnosis'),
  errorCounters: ofInstance<{ total: number; errors: ErrorView[] }>()('GET', '/diagnosis/errors', PAGE),
  tracePackets: ofInstance<TracedView, TraceBody>()('POST', '/diagnosis/trace'),
  dropTrace: ofInstance<undefined>()('DELETE', '/diagnosis/trace'),
  capture: {
    ...ofInstance<Buffer, CaptureBody>()('POST', '/diagnosis/pcap'),
    isFile: true,
  },

  origins: ofInstance<{ origins: { origin: string; items: number }[] }>()('GET', '/origins'),
  conflicts: ofInstance<{ total: number; conflicts: ConflictView[] }>()('GET', '/conflicts', PAGE),
  frozen: ofInstance<{ total: number; items: FrozenView[] }>()('GET', '/frozen', PAGE),
  sources: ofInstance<{ sources: SourceView[] }>()('GET', '/sources'),
  confirmSource: ofInstance<SourceView>()('POST', '/sources/{origin}/confirm'),
  events: ofInstance<{ last: number; events: EventView[] }>()('GET', '/events', [
    'kind',
    'since',
    'after',
    'limit',
  ]),
} as const
