import { describe, expect, it } from 'vitest'
import { EventLog, type InstanceEvent } from './event-log.ts'

const LINK: InstanceEvent = {
  type: 'link',
  interface: 'lan',
  swIfIndex: 1,
  adminUp: true,
  linkUp: true,
  deleted: false,
}

function item(key: string): InstanceEvent {
  return { type: 'item', item: { kind: 'route', key }, state: 'applied', message: undefined }
}

describe('log of events', () => {
  it('keeps the last of each kind, in the order in which they came', () => {
    const log = new EventLog(3)
    log.add(LINK)
    for (let i = 0; i < 20; i++) log.add(item(String(i)))
    log.add(LINK)
    const kept = log.after()
    expect(kept.map(({ id }) => id)).toEqual(kept.map(({ id }) => id).toSorted((a, b) => a - b))
    expect(kept.filter(({ event }) => event.type === 'link').map(({ id }) => id)).toEqual([1, 22])
    const items = kept.filter(({ event }) => event.type === 'item')
    expect(items.length).toBeGreaterThanOrEqual(3)
    expect(items.length).toBeLessThanOrEqual(6)
    expect(items.at(-1)?.id).toBe(21)
  })

  it('gives what came after an id, also one that is not kept any more', () => {
    const log = new EventLog(2)
    expect([log.last, log.after(7)]).toEqual([0, []])
    for (let i = 0; i < 10; i++) log.add(item(String(i)))
    expect(log.after(log.last - 1).map(({ id }) => id)).toEqual([10])
    expect(log.after(9).map(({ id }) => id)).toEqual([10])
    expect(log.after(10)).toEqual([])
    expect(log.after(1).at(-1)?.id).toBe(10)
  })

  it('tells listeners until they have gone', () => {
    const log = new EventLog()
    const heard: number[] = []
    const leave = log.listen(({ id }) => heard.push(id))
    log.add(LINK)
    leave()
    log.add(LINK)
    expect(heard).toEqual([1])
  })
})
