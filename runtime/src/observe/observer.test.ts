import { afterEach, describe, expect, it } from 'vitest'
import { VppError } from '../errors/vpp-error.ts'
import { diagnostics } from './diagnostics.ts'
import { Metrics } from './metrics.ts'
import { Observer } from './observer.ts'
import { Trace } from './trace.ts'

const FRAME = Buffer.from('00000000000000000000000a0000000000178000000100000005', 'hex')
const CALL = { messageName: 'control_ping', context: 5, started: 100, channel: 2 }
const clock = { now: () => 112 }

function observer(trace?: Trace): Observer {
  return new Observer(
    '/run/vpp/api.sock',
    clock,
    new Metrics({ inFlight: () => 3, queued: () => 4, abandoned: () => 5 }),
    trace,
  )
}

/** Does everything once. */
function everything(it: Observer): void {
  it.sent('control_ping', 5, 2, FRAME, 0)
  it.received('control_ping_reply', 5, 2, FRAME, 16, 26)
  it.replied(CALL)
  it.failed(CALL, new VppError('VPP_REPLY_TIMEOUT', 'late'))
  it.unmatched('control_ping_reply', 9)
  it.unknown(4711)
  it.eventDropped('sw_interface_event')
  it.eventUnreadable('sw_interface_event', new VppError('VPP_DECODE', 'short'))
  it.state({ status: 'closed' })
}

describe('Observer', () => {
  const subscriptions: (() => void)[] = []
  afterEach(() => {
    for (const unsubscribe of subscriptions.splice(0)) unsubscribe()
  })

  it('counts', () => {
    const it = observer()
    everything(it)
    it.failed(CALL, new VppError('VPP_REPLY_TIMEOUT', 'late'))
    it.failed(CALL, new TypeError('odd'))
    expect(it.metrics).toMatchObject({
      requests: 1,
      replies: 1,
      failures: { VPP_REPLY_TIMEOUT: 2, VPP_DECODE: 1, TypeError: 1 },
      unmatched: 1,
      unknown: 1,
      eventsDropped: 1,
      inFlight: 3,
      queued: 4,
    })
  })

  it('traces both directions as bytes without the header of the socket, and durations of answered calls', () => {
    const trace = new Trace(10)
    const it = observer(trace)
    everything(it)
    it.failed(CALL, new VppError('VPP_API_ERROR', 'no'))
    const message = FRAME.subarray(16).toString('hex')
    expect(trace.records().map((record) => [record.direction, record.message, record.channel])).toEqual([
      ['sent', 'control_ping', 2],
      ['received', 'control_ping_reply', 2],
    ])
    expect(trace.records().map((record) => record.bytes.toString('hex'))).toEqual([message, message])
    expect(trace.statistics()).toEqual([
      expect.objectContaining({ message: 'control_ping', count: 2, mean: 12 }),
    ])
  })

  it('copies what it traces: the memory is used again', () => {
    const trace = new Trace(1)
    const bytes = Buffer.from(FRAME)
    observer(trace).received('control_ping_reply', 5, 0, bytes, 16, 26)
    bytes.fill(0)
    expect(trace.records()[0]?.bytes.toString('hex')).toBe(FRAME.subarray(16).toString('hex'))
  })

  it('copies nothing when no record is kept', () => {
    const bytes = { readUInt32BE: () => 10, subarray: () => expect.fail('copied') } as unknown as Buffer
    observer(new Trace(0)).received('control_ping_reply', 5, 0, bytes, 16, 26)
    observer().sent('control_ping', 5, 0, bytes, 0)
  })

  it('publishes everything on its channels', () => {
    const published: Record<string, object> = {}
    for (const [name, channel] of Object.entries(diagnostics)) {
      const listener = (message: unknown) => {
        published[name] = message as object
      }
      channel.subscribe(listener)
      subscriptions.push(() => channel.unsubscribe(listener))
    }
    everything(observer())
    const target = '/run/vpp/api.sock'
    expect(published).toEqual({
      requestSent: { target, message: 'control_ping', context: 5 },
      requestDone: { target, message: 'control_ping', context: 5, duration: 12 },
      requestFailed: {
        target,
        message: 'control_ping',
        context: 5,
        duration: 12,
        error: expect.objectContaining({ code: 'VPP_REPLY_TIMEOUT' }) as Error,
      },
      messageUnmatched: { target, message: 'control_ping_reply', context: 9 },
      messageUnknown: { target, id: 4711 },
      eventLost: {
        target,
        message: 'sw_interface_event',
        reason: expect.objectContaining({ code: 'VPP_DECODE' }) as Error,
      },
      connectionState: { target, state: { status: 'closed' } },
    })
  })
})
