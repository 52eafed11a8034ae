import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseItem, type ItemInput } from '../kinds/item.ts'
import { objectId, type Actual } from '../kinds/object.ts'
import { Snapshot } from '../kinds/snapshot.ts'
import { anyItems, isStanding, objectsOfItems, wholeItems } from './testing/any-items.ts'
import { diff, inOrder, stepsOf, type Change } from './diff.ts'
import type { DesiredObjects } from './decompose.ts'

/** A VPP that refuses whatever is out of order: what is there twice, what stands on nothing, what others stand on. */
class StrictVpp {
  readonly snapshot = new Snapshot()

  make({ kind, key, action, desired }: Change): void {
    if (desired === undefined) throw new Error(`${action} ${kind} ${key} makes nothing`)
    const missing = desired.refs.find((ref) => !this.snapshot.has(ref))
    if (missing !== undefined) throw new Error(`${action} ${kind} ${key} before ${missing}`)
    const there = this.snapshot.get(kind, key) !== undefined
    if (there !== (action === 'update')) throw new Error(`${action} ${kind} ${key}: there ${there}`)
    const { value, refs } = desired
    this.snapshot.set({ kind, key, owned: true, value, refs })
  }

  remove({ kind, key, action }: Change): void {
    const id = objectId(kind, key)
    if (!this.snapshot.has(id)) throw new Error(`${action} ${id}, which is not there`)
    const [dependant] = this.snapshot.dependants().get(id) ?? []
    if (dependant !== undefined) throw new Error(`${action} ${id} under ${dependant.kind} ${dependant.key}`)
    this.snapshot.delete(kind, key)
  }

  /** Applies changes, those of a step in an order that `at` chooses. Those that nothing is there for are left. */
  apply(changes: readonly Change[], at: (length: number) => number): void {
    const shuffled = (step: readonly Change[]): Change[] => {
      const rest = [...step]
      return step.flatMap(() => rest.splice(at(rest.length), 1))
    }
    const steps = stepsOf(changes)
    for (const step of steps.removals) for (const change of shuffled(step)) this.remove(change)
    for (const step of steps.changes) {
      const ready = step.filter(({ desired }) => desired?.refs.every((ref) => this.snapshot.has(ref)))
      for (const change of shuffled(ready)) this.make(change)
    }
    for (const step of steps.late) for (const change of shuffled(step)) this.remove(change)
  }

  /** All that it has, as text that compares. */
  get state(): string[] {
    return Array.from(this.snapshot, textOf).sort()
  }
}

function textOf({ kind, key, value }: Pick<Actual, 'kind' | 'key' | 'value'>): string {
  return JSON.stringify({ kind, key, value })
}

function stateOf(objects: DesiredObjects): string[] {
  return Array.from(objects.values(), textOf).sort()
}

const choice = fc.infiniteStream(fc.nat(1000))

function chooser(numbers: fc.Stream<number>): (length: number) => number {
  return (length) => Number(numbers.next().value) % length
}

function objects(...inputs: ItemInput[]): DesiredObjects {
  return objectsOfItems(inputs.map((input) => parseItem(input)))
}

/** A VPP that has what these say. */
function having(wanted: DesiredObjects): StrictVpp {
  const vpp = new StrictVpp()
  vpp.apply(diff(wanted, vpp.snapshot), () => 0)
  return vpp
}

describe('changes', () => {
  it('lead from any state to any other, in any order within a step, and then there are none', () => {
    fc.assert(
      fc.property(wholeItems, wholeItems, choice, (a, b, stream) => {
        const at = chooser(stream)
        const vpp = new StrictVpp()
        for (const items of [a, b]) {
          const wanted = objectsOfItems(items)
          vpp.apply(diff(wanted, vpp.snapshot), at)
          expect(vpp.state).toEqual(stateOf(wanted))
          expect(diff(wanted, vpp.snapshot)).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('come to the same when they stop anywhere and are worked out again', () => {
    fc.assert(
      fc.property(wholeItems, wholeItems, fc.nat(60), (a, b, most) => {
        const vpp = having(objectsOfItems(a))
        const wanted = objectsOfItems(b)
        let left = most
        const steps = stepsOf(diff(wanted, vpp.snapshot))
        for (const step of steps.removals) for (const it of step) if (left-- > 0) vpp.remove(it)
        for (const step of steps.changes) for (const it of step) if (left-- > 0) vpp.make(it)
        vpp.apply(diff(wanted, vpp.snapshot), () => 0)
        expect(vpp.state).toEqual(stateOf(wanted))
      }),
      { numRuns: 500 },
    )
  })

  it('make what can be made of items that stand on nothing, and the rest when that comes', () => {
    fc.assert(
      fc.property(anyItems, choice, (items, stream) => {
        const wanted = objectsOfItems(items)
        const vpp = new StrictVpp()
        vpp.apply(diff(wanted, vpp.snapshot), chooser(stream))
        for (const { kind, key, desired } of diff(wanted, vpp.snapshot)) {
          expect(
            desired?.refs.every((ref) => vpp.snapshot.has(ref)),
            `${kind} ${key}`,
          ).toBe(false)
        }
        for (const object of wanted.values()) {
          if (isStanding(object, wanted)) continue
          expect(vpp.snapshot.get(object.kind, object.key)).toBeUndefined()
        }
      }),
      { numRuns: 500 },
    )
  })

  it("leave alone what is not the agent's", () => {
    fc.assert(
      fc.property(wholeItems, wholeItems, (a, b) => {
        const vpp = having(objectsOfItems(a))
        for (const object of vpp.snapshot) vpp.snapshot.set({ ...object, owned: false })
        const changes = diff(objectsOfItems(b), vpp.snapshot)
        expect(changes.filter(({ action }) => action === 'delete')).toEqual([])
      }),
    )
  })

  it('take down what stands on an interface that is made anew, and make it again', () => {
    const lan = { kind: 'interface', type: 'loopback', name: 'lan' } as const
    const rest: ItemInput[] = [
      { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
      { kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'lan' }] },
      { kind: 'route', prefix: '10.0.0.0/16', drop: true },
    ]
    const vpp = having(objects(lan, ...rest))
    const changes = diff(objects({ ...lan, instance: 7 }, ...rest), vpp.snapshot)
    expect(changes.map(({ action, kind }) => `${action} ${kind}`).sort()).toEqual([
      'replace interface',
      'replace neighbour',
      'replace route',
    ])
    expect(stepsOf(changes).removals.map((step) => step.map(({ kind }) => kind))).toEqual([
      ['route'],
      ['neighbour'],
      ['interface'],
    ])
    expect(inOrder(changes)).toHaveLength(3)
  })
})
