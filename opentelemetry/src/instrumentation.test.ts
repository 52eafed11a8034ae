import { tracingChannel } from 'node:diagnostics_channel'
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { DataPointType, InMemoryMetricExporter, MeterProvider } from '@opentelemetry/sdk-metrics'
import { AggregationTemporality, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { VppApiError, VppError, type TracedCall } from '@vpp-ts/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VppInstrumentation } from './index.ts'

const calls = tracingChannel<TracedCall, TracedCall>('vpp-ts:call')
const call = (message: string): TracedCall => ({
  kind: 'call',
  target: '/run/vpp/api.sock',
  message,
  channel: 0,
  request: { key: 'a secret' },
})

describe('VppInstrumentation', () => {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  let durations: InMemoryMetricExporter
  let meterProvider: MeterProvider
  let instrumentation: VppInstrumentation

  beforeEach(() => {
    spans.reset()
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    durations = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: durations, exportIntervalMillis: 3_600_000 })
    meterProvider = new MeterProvider({ readers: [reader] })
    instrumentation = new VppInstrumentation()
    instrumentation.setTracerProvider(tracerProvider)
    instrumentation.setMeterProvider(meterProvider)
  })
  afterEach(async () => {
    instrumentation.disable()
    await meterProvider.shutdown()
    context.disable()
  })

  async function histogram() {
    await meterProvider.forceFlush()
    const [metric] = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics[0]?.metrics ?? [])
    return metric
  }

  it('makes a span and a duration of a call, in the context of its caller', async () => {
    const tracer = tracerProvider.getTracer('test')
    const parent = tracer.startSpan('parent')
    await context.with(trace.setSpan(context.active(), parent), () =>
      calls.tracePromise(() => Promise.resolve('reply'), call('show_version')),
    )
    const [span] = spans.getFinishedSpans()
    expect(span).toMatchObject({
      name: 'show_version',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      parentSpanContext: { spanId: parent.spanContext().spanId },
    })
    const attributes = {
      'rpc.system.name': 'fdio_vpp',
      'rpc.method': 'show_version',
      'server.address': '/run/vpp/api.sock',
    }
    expect(span?.attributes).toEqual(attributes)
    const metric = await histogram()
    expect(metric).toMatchObject({
      descriptor: { name: 'rpc.client.call.duration', unit: 's' },
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [{ attributes, value: { count: 1 } }],
    })
  })

  it.each([
    [
      new VppApiError(-6, 'ip_route_add_del', 1, {}),
      { 'error.type': 'VPP_API_ERROR', 'rpc.response.status_code': 'NO_SUCH_ENTRY' },
    ],
    [new VppError('VPP_REPLY_TIMEOUT', 'late'), { 'error.type': 'VPP_REPLY_TIMEOUT' }],
    [Object.assign(new Error('of another copy'), { code: 'VPP_CLOSED' }), { 'error.type': 'VPP_CLOSED' }],
    [new DOMException('enough', 'AbortError'), { 'error.type': 'AbortError' }],
    ['just text', { 'error.type': '_OTHER' }],
  ])('says how a call failed: %s', async (error, outcome) => {
    const failing = async () => {
      throw error
    }
    await expect(calls.tracePromise(failing, call('ip_route_add_del'))).rejects.toBe(error)
    const [span] = spans.getFinishedSpans()
    expect(span?.attributes).toMatchObject(outcome)
    expect(span?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : 'just text',
    })
    const [point] = (await histogram())?.dataPoints ?? []
    expect(point?.attributes).toMatchObject(outcome)
  })

  it('records nothing of requests and replies', async () => {
    await calls.tracePromise(() => Promise.resolve({ secret: 'b secret' }), call('x'))
    const told = JSON.stringify(
      spans.getFinishedSpans().map(({ attributes, events }) => ({ attributes, events })),
    )
    expect(told).not.toContain('secret')
  })

  it('leaves out what is to be ignored, and everything once it is disabled', async () => {
    instrumentation.setConfig({ ignore: ({ message }) => message === 'control_ping' })
    expect(instrumentation.getConfig().ignore).toBeTypeOf('function')
    await calls.tracePromise(() => Promise.resolve(), call('control_ping'))
    instrumentation.disable()
    instrumentation.disable()
    expect(calls.start.hasSubscribers).toBe(false)
    await calls.tracePromise(() => Promise.resolve(), call('show_version'))
    expect(spans.getFinishedSpans()).toEqual([])
    instrumentation.enable()
    instrumentation.enable()
    await calls.tracePromise(() => Promise.resolve(), call('show_version'))
    expect(spans.getFinishedSpans()).toHaveLength(1)
  })

  it('waits for enable() where it is told to', () => {
    instrumentation.disable()
    const waiting = new VppInstrumentation({ enabled: false })
    expect(calls.start.hasSubscribers).toBe(false)
    waiting.disable()
  })
})
