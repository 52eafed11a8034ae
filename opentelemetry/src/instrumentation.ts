import { tracingChannel } from 'node:diagnostics_channel'
import {
  SpanKind,
  SpanStatusCode,
  context,
  metrics,
  trace,
  type Histogram,
  type MeterProvider,
  type Span,
  type TracerProvider,
} from '@opentelemetry/api'
import type { TracedCall } from '@vpp-ts/runtime'
import { attributesOf, outcomeOf } from './attributes.ts'

/** What is observed. */
export interface VppInstrumentationConfig {
  /** False: `enable` has to be called. True unless given. */
  readonly enabled?: boolean | undefined
  /** Calls that get neither span nor duration, such as polling ones. */
  readonly ignore?: ((call: Pick<TracedCall, 'kind' | 'target' | 'message'>) => boolean) | undefined
}

const NAME = '@vpp-ts/opentelemetry'
const VERSION = '0.1.0'
/** Seconds, as the conventions for RPC advise. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

interface UnderWay {
  readonly span: Span
  readonly started: number
}

/**
 * Spans (kind CLIENT, named after the message) and the histogram `rpc.client.call.duration` for calls, dumps,
 * subscriptions and requests of channels of every connection in the process, after OpenTelemetry's conventions for RPC.
 * Spans have the caller's span as parent, also for calls that wait in a queue. Of requests and replies nothing but the
 * message name is recorded.
 *
 * It has the members that `registerInstrumentations` asks for.
 */
export class VppInstrumentation {
  readonly instrumentationName = NAME
  readonly instrumentationVersion = VERSION
  #config: VppInstrumentationConfig
  #tracerProvider: TracerProvider | undefined
  #meterProvider: MeterProvider | undefined
  #durations: Histogram | undefined
  #enabled = false
  readonly #calls = new WeakMap<TracedCall, UnderWay>()
  readonly #channel = tracingChannel<TracedCall, TracedCall>('vpp-ts:call')
  readonly #subscribers = {
    start: (call: TracedCall) => {
      this.#start(call)
    },
    // A call that throws at once has ended with `end`; others continue until `asyncEnd`.
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (call: TracedCall) => {
      this.#end(call)
    },
    error: () => {},
  }

  constructor(config: VppInstrumentationConfig = {}) {
    this.#config = config
    if (config.enabled !== false) this.enable()
  }

  /** Begins to observe; calls that are under way already are not observed. */
  enable(): void {
    if (this.#enabled) return
    this.#enabled = true
    this.#channel.subscribe(this.#subscribers)
  }

  /** Observes no further calls. */
  disable(): void {
    if (!this.#enabled) return
    this.#enabled = false
    this.#channel.unsubscribe(this.#subscribers)
  }

  /** Provider of spans instead of the global one. */
  setTracerProvider(provider: TracerProvider): void {
    this.#tracerProvider = provider
  }

  /** Provider of the histogram instead of the global one. */
  setMeterProvider(provider: MeterProvider): void {
    this.#meterProvider = provider
    this.#durations = undefined
  }

  /** What is observed from now on; `enabled` matters to the constructor only. */
  setConfig(config: VppInstrumentationConfig): void {
    this.#config = config
  }

  getConfig(): VppInstrumentationConfig {
    return this.#config
  }

  #start(call: TracedCall): void {
    if (this.#config.ignore?.(call) === true) return
    const tracer = (this.#tracerProvider ?? trace).getTracer(NAME, VERSION)
    const attributes = attributesOf(call)
    const span = tracer.startSpan(call.message, { kind: SpanKind.CLIENT, attributes }, context.active())
    this.#calls.set(call, { span, started: performance.now() })
  }

  #end(call: TracedCall): void {
    const underWay = this.#calls.get(call)
    if (underWay === undefined) return
    this.#calls.delete(call)
    const { span, started } = underWay
    const outcome = outcomeOf(call.error)
    span.setAttributes(outcome)
    if (call.error !== undefined) {
      const message = call.error instanceof Error ? call.error.message : String(call.error)
      span.setStatus({ code: SpanStatusCode.ERROR, message })
    }
    span.end()
    this.#histogram().record((performance.now() - started) / 1000, { ...attributesOf(call), ...outcome })
  }

  #histogram(): Histogram {
    this.#durations ??= (this.#meterProvider ?? metrics)
      .getMeter(NAME, VERSION)
      .createHistogram('rpc.client.call.duration', {
        description: 'Duration of calls to VPP.',
        unit: 's',
        advice: { explicitBucketBoundaries: BOUNDARIES },
      })
    return this.#durations
  }
}
