import type { Source } from '../desired/source.ts'
import type { Agent } from '../instance/agent.ts'
import type { Instance, InstanceState } from '../instance/instance.ts'
import { withInstance, type Family, type Sample } from './family.ts'

type Values = (instance: Instance, state: InstanceState) => readonly Sample[]

/** A family with samples of each instance. */
interface Definition {
  readonly name: string
  readonly help: string
  readonly type: Family['type']
  readonly values: Values
}

function single(value: number): Sample[] {
  return [{ labels: {}, value }]
}

/** A counter of the connection to VPP's API. */
function apiCounter(name: string, help: string, value: (metrics: Metrics) => number): Definition {
  return {
    name: `vpp_api_${name}_total`,
    help,
    type: 'counter',
    values: ({ connection }) => single(value(connection.metrics)),
  }
}

type Metrics = Instance['connection']['metrics']

/** A figure of applies and resyncs. */
function workCounter(
  name: string,
  help: string,
  value: (work: InstanceState['work']['apply']) => number,
): Definition {
  return {
    name: `vpp_agent_${name}_total`,
    help,
    type: 'counter',
    values: (_instance, { work }) => [
      { labels: { type: 'apply' }, value: value(work.apply) },
      { labels: { type: 'resync' }, value: value(work.resync) },
    ],
  }
}

const DEFINITIONS: readonly Definition[] = [
  {
    name: 'vpp_agent_connected',
    help: 'Whether the agent is connected to the API of VPP: 1 or 0.',
    type: 'gauge',
    values: (_instance, { connection }) => single(connection.status === 'connected' ? 1 : 0),
  },
  {
    name: 'vpp_agent_leader',
    help: 'Whether this agent is the leader for the VPP: 1 or 0.',
    type: 'gauge',
    values: (_instance, { leading }) => single(leading ? 1 : 0),
  },
  {
    name: 'vpp_agent_items',
    help: 'Desired items by state.',
    type: 'gauge',
    values: (_instance, { items }) =>
      Object.entries(items).map(([state, value]) => ({ labels: { state }, value })),
  },
  {
    name: 'vpp_agent_drift_total',
    help: 'Changes in VPP that were not made by the agent.',
    type: 'counter',
    values: (_instance, { drifted }) => single(drifted),
  },
  {
    name: 'vpp_agent_last_look_timestamp_seconds',
    help: 'Unix time of the last full look at VPP.',
    type: 'gauge',
    values: (_instance, { lookedAt }) => (lookedAt === undefined ? [] : single(lookedAt.getTime() / 1000)),
  },
  {
    name: 'vpp_agent_queue',
    help: 'Objects to be compared, or waiting for a retry.',
    type: 'gauge',
    values: (_instance, { queued }) => single(queued),
  },
  {
    name: 'vpp_agent_conflicts',
    help: 'Declarations that are not in force because another origin declares the item differently.',
    type: 'gauge',
    values: ({ declared }) => single(declared.conflictCount),
  },
  {
    name: 'vpp_agent_revision',
    help: 'Number of the last change of the desired items.',
    type: 'gauge',
    values: ({ declared }) => single(declared.state.head.revision),
  },
  {
    name: 'vpp_agent_store_known',
    help: 'Whether the desired items have been read from the store: 1 or 0.',
    type: 'gauge',
    values: ({ declared }) => single(Number(declared.state.known)),
  },
  workCounter('runs', 'Applied change sets, and full comparisons with VPP.', (work) => work.count),
  workCounter('run_seconds', 'Duration of runs.', (work) => work.duration / 1000),
  workCounter('changes_applied', 'Changes that VPP accepted.', (work) => work.applied),
  workCounter('changes_failed', 'Changes that VPP refused.', (work) => work.failed),
  {
    name: 'vpp_agent_last_resync_timestamp_seconds',
    help: 'Unix time of the last full comparison with VPP.',
    type: 'gauge',
    values: (_instance, { lastResync }) =>
      lastResync === undefined ? [] : single(lastResync.at.getTime() / 1000),
  },
  {
    name: 'vpp_agent_last_resync_duration_seconds',
    help: 'Duration of the last full comparison with VPP.',
    type: 'gauge',
    values: (_instance, { lastResync }) =>
      lastResync === undefined ? [] : single(lastResync.duration / 1000),
  },
  apiCounter('requests', 'Requests sent to VPP.', (it) => it.requests),
  apiCounter('replies', 'Successful calls.', (it) => it.replies),
  {
    name: 'vpp_api_failures_total',
    help: 'Failed calls, by error code.',
    type: 'counter',
    values: ({ connection }) =>
      Object.entries(connection.metrics.failures).map(([code, value]) => ({ labels: { code }, value })),
  },
  apiCounter('unmatched_messages', 'Messages that did not belong to a call.', (it) => it.unmatched),
  apiCounter('unknown_messages', 'Messages with an id that VPP did not announce.', (it) => it.unknown),
  apiCounter('events', 'Events delivered.', (it) => it.events),
  apiCounter('events_dropped', 'Events dropped because their reader was slow.', (it) => it.eventsDropped),
  apiCounter('reconnects', 'Reconnections.', (it) => it.reconnects),
  apiCounter('missed_probes', 'Health probes that were not answered in time.', (it) => it.missedProbes),
  {
    name: 'vpp_api_requests_in_flight',
    help: 'Requests that VPP has not answered yet.',
    type: 'gauge',
    values: ({ connection }) => single(connection.metrics.inFlight),
  },
  {
    name: 'vpp_api_requests_queued',
    help: 'Requests waiting to be sent.',
    type: 'gauge',
    values: ({ connection }) => single(connection.metrics.queued),
  },
]

/** What the agent knows of itself and of its connections. */
export function agentFamilies(agent: Agent, version: string): Family[] {
  const states = Array.from(agent.instances.values(), (instance) => ({ instance, state: instance.state() }))
  const families = DEFINITIONS.map(({ name, help, type, values }) => ({
    name,
    help,
    type,
    samples: states.flatMap(({ instance, state }) =>
      values(instance, state).map(({ labels, value }) => ({
        labels: withInstance(instance.name, labels),
        value,
      })),
    ),
  }))
  return [...families, ...sourceFamilies(agent), ...processFamilies(version)]
}

/** What watched folders say and what of it cannot be used. */
function sourceFamilies({ sources }: Agent): Family[] {
  const samples = (value: (source: Source) => number): Sample[] =>
    sources.map((source) => ({
      labels: withInstance(source.instance, { origin: source.origin }),
      value: value(source),
    }))
  return [
    {
      name: 'vpp_agent_source_ok',
      help: 'Whether everything in a source is declared: 1 or 0.',
      type: 'gauge',
      samples: samples(({ status }) => Number(status.state === 'ok')),
    },
    {
      name: 'vpp_agent_source_problems',
      help: 'Problems of a source, and removals that await confirmation.',
      type: 'gauge',
      samples: samples(({ status }) => status.problems.length),
    },
  ]
}

function processFamilies(version: string): Family[] {
  const { user, system } = process.cpuUsage()
  return [
    {
      name: 'vpp_agent_info',
      help: 'Version of the agent.',
      type: 'gauge',
      samples: [{ labels: { version, node: process.version }, value: 1 }],
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the agent.',
      type: 'counter',
      samples: single((user + system) / 1e6),
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory of the agent.',
      type: 'gauge',
      samples: single(process.memoryUsage.rss()),
    },
    {
      name: 'process_start_time_seconds',
      help: 'Unix time of the start of the agent.',
      type: 'gauge',
      samples: single(Date.now() / 1000 - process.uptime()),
    },
  ]
}
