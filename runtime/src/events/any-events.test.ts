import { describe, expect, it } from 'vitest'
import type { AnyEvent } from '../api/method.ts'
import { monotonicClock } from '../async/clock.ts'
import { ControlPingReply } from '../bootstrap/memclnt.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import type { Incoming } from '../session/registry.ts'
import { AnyEvents } from './any-events.ts'

describe('AnyEvents', () => {
  const observer = () =>
    new Observer(
      '/x',
      monotonicClock,
      new Metrics({ inFlight: () => 0, queued: () => 0, abandoned: () => 0 }),
      undefined,
    )

  it.each([
    ['control_ping_reply', ControlPingReply.descriptor.crc, 7],
    ['control_ping_reply', '00000000', undefined],
    ['show_version_reply', ControlPingReply.descriptor.crc, undefined],
  ])('reads %s_%s as a ping reply only when it is one', async (name, crc, pid) => {
    const all = new AnyEvents()
    const subscription = all.subscribe({}, observer())
    const bytes = Buffer.alloc(18)
    bytes.writeUInt32BE(7, 14)
    const incoming: Incoming = { id: 1, name, crc, contextOffset: 2, listeners: [] }
    expect(all.deliver(incoming, bytes, 0, bytes.length)).toBe(true)
    all.end()
    const events: AnyEvent[] = []
    for await (const event of subscription) events.push(event)
    expect(events.map((event) => event.as(ControlPingReply)?.vpePid)).toEqual([pid])
    expect(all.deliver(incoming, bytes, 0, bytes.length)).toBe(false)
  })
})
