import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { VppError } from '@vpp-ts/runtime'
import type { Closable } from '../instance/agent.ts'
import { withInstance, type Family, type Labels, type Sample } from './family.ts'

const DONE = 'vpp-ts:request:done'
const FAILED = 'vpp-ts:request:failed'

/** Upper bounds of the buckets, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Messages of one VPP that have series of their own, and what the others are counted under. */
const MOST_MESSAGES = 100
const OTHER = 'other'

/** What the runtime publishes of a call that has ended; durations in milliseconds. */
interface Ended {
  readonly target: string
  readonly message: string
  readonly duration: number
  readonly error?: unknown
}

/** A VPP of the agent. */
interface Instance {
  readonly name: string
  readonly connection: { readonly target: string }
}

interface Histogram {
  readonly message: string
  readonly outcome: string
  /** Calls by bucket, the last without an upper bound. Not cumulative. */
  readonly counts: number[]
  /** In seconds. */
  sum: number
}

/** Durations of the calls to one VPP. */
class TargetDurations {
  readonly #histograms = new Map<string, Map<string, Histogram>>()

  add(name: string, outcome: string, milliseconds: number): void {
    const message = this.#histograms.has(name) || this.#histograms.size < MOST_MESSAGES ? name : OTHER
    let outcomes = this.#histograms.get(message)
    if (outcomes === undefined) this.#histograms.set(message, (outcomes = new Map()))
    let histogram = outcomes.get(outcome)
    if (histogram === undefined) {
      histogram = { message, outcome, counts: Array.from({ length: BOUNDS.length + 1 }, () => 0), sum: 0 }
      outcomes.set(outcome, histogram)
    }
    const seconds = milliseconds / 1000
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound)
    const at = bucket === -1 ? BOUNDS.length : bucket
    histogram.counts[at] = (histogram.counts[at] ?? 0) + 1
    histogram.sum += seconds
  }

  *samples(instance: string): Generator<Sample> {
    for (const outcomes of this.#histograms.values()) {
      for (const histogram of outcomes.values()) yield* samplesOf(histogram, instance)
    }
  }
}

/**
 * How long the calls to the VPPs of an agent took, by message and outcome. It listens to what is published of calls that have
 * ended, which leaves the calls on their fast path, and not to the tracing channel, which does not.
 */
export class CallDurations implements Closable {
  readonly #instances: readonly Instance[]
  readonly #targets: ReadonlyMap<string, TargetDurations>

  /** Counts from now on, until it is closed. */
  constructor(instances: Iterable<Instance>) {
    this.#instances = [...instances]
    this.#targets = new Map(
      this.#instances.map(({ connection }) => [connection.target, new TargetDurations()]),
    )
    subscribe(DONE, this.#done)
    subscribe(FAILED, this.#failed)
  }

  family(): Family {
    return {
      name: 'vpp_api_call_duration_seconds',
      help: 'Time from a call to its reply, by message and outcome: ok, or the error code.',
      type: 'histogram',
      samples: this.#instances.flatMap(({ name, connection }) => [
        ...(this.#targets.get(connection.target)?.samples(name) ?? []),
      ]),
    }
  }

  async close(): Promise<void> {
    unsubscribe(DONE, this.#done)
    unsubscribe(FAILED, this.#failed)
    await Promise.resolve()
  }

  readonly #done = (message: unknown): void => {
    const { target, message: name, duration } = message as Ended
    this.#targets.get(target)?.add(name, 'ok', duration)
  }

  readonly #failed = (message: unknown): void => {
    const { target, message: name, duration, error } = message as Ended
    this.#targets.get(target)?.add(name, error instanceof VppError ? error.code : OTHER, duration)
  }
}

function* samplesOf({ message, outcome, counts, sum }: Histogram, instance: string): Generator<Sample> {
  const sample = (suffix: string, value: number, labels: Labels = {}): Sample => ({
    suffix,
    labels: withInstance(instance, { message, outcome, ...labels }),
    value,
  })
  let count = 0
  for (const [at, inBucket] of counts.entries()) {
    count += inBucket
    yield sample('_bucket', count, { le: BOUNDS[at] ?? '+Inf' })
  }
  yield sample('_sum', sum)
  yield sample('_count', count)
}
