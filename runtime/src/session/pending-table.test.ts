import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PendingTable } from './pending-table.ts'
import { IdleCall } from './testing/idle-call.ts'

describe('PendingTable', () => {
  it('counts contexts upwards, wraps at 2^32 and leaves 0 out', () => {
    const table = new PendingTable(8, 0xffff_fffe)
    const contexts = Array.from({ length: 4 }, () => table.add(new IdleCall()))
    expect(contexts).toEqual([0xffff_fffe, 0xffff_ffff, 1, 2])
  })

  it('passes over contexts in flight, however often it comes round', () => {
    const table = new PendingTable(4, 1)
    const long = new IdleCall()
    const kept = table.add(long)
    for (let i = 0; i < 1000; i++) {
      const call = new IdleCall()
      expect(table.add(call) & 15).not.toBe(kept & 15)
      table.remove(call)
    }
    expect(table.get(kept)).toBe(long)
    expect(table.size).toBe(1)
  })

  it('never uses the context that it is told to avoid', () => {
    const table = new PendingTable(4, 0x8000_0000)
    table.avoided = 0x8000_0001
    expect([table.add(new IdleCall()), table.add(new IdleCall())]).toEqual([0x8000_0000, 0x8000_0002])
  })

  it('knows a call by the whole context, not by its slot', () => {
    const table = new PendingTable(4, 5)
    const call = new IdleCall()
    table.add(call)
    expect(table.get(5)).toBe(call)
    expect(table.get(5 + 16)).toBeUndefined()
    expect(table.get(5 + 0x1_0000)).toBeUndefined()
  })

  it('removes only what it holds', () => {
    const table = new PendingTable(4)
    const call = new IdleCall()
    table.add(call)
    const other = new IdleCall()
    other.context = call.context
    table.remove(other)
    expect(table.size).toBe(1)
    table.remove(call)
    table.remove(call)
    expect(table.size).toBe(0)
  })

  it('hands out all calls, the oldest first', () => {
    const table = new PendingTable(8, 14)
    const calls = [1, 2, 3, 4].map((started) => new IdleCall(1000, started))
    for (const call of calls) table.add(call)
    expect(table.takeAll()).toEqual(calls)
    expect(table.size).toBe(0)
    expect(table.takeAll()).toEqual([])
  })

  it('agrees with a map, whatever is added and removed', () => {
    const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat(40)), { maxLength: 300 })
    const property = fc.property(steps, fc.integer({ min: 0, max: 0xffff_ffff }), (list, first) => {
      const table = new PendingTable(20, first)
      const model = new Map<number, IdleCall>()
      for (const step of list) {
        if (step === 'add') {
          if (model.size === 20) continue
          const call = new IdleCall()
          const context = table.add(call)
          expect(context).toBeGreaterThan(0)
          expect(model.has(context)).toBe(false)
          model.set(context, call)
        } else {
          const entry = [...model][step % Math.max(1, model.size)]
          if (entry === undefined) continue
          table.remove(entry[1])
          model.delete(entry[0])
        }
        expect(table.size).toBe(model.size)
        for (const [context, call] of model) expect(table.get(context)).toBe(call)
      }
    })
    fc.assert(property, { numRuns: 100 })
  })
})
